// expect: no matching member function for call to 'execute'
#include "portico/db/session.hpp"

void drop(portico::db::Session& session, const std::string& table) {
    (void)session.execute("DROP TABLE " + table);
}
