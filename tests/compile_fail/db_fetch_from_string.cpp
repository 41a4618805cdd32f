// expect: no matching member function for call to 'fetch'
#include <string>

#include "portico/db/session.hpp"

void list(portico::db::Session& session, const std::string& table) {
    (void)session.fetch<int>("SELECT count(*) FROM " + table);
}
