// expect: call to consteval function 'portico::db::Sql::Sql<64UL>' is not a constant expression
#include "portico/db/session.hpp"

void run(portico::db::Session& session, const char (&text)[64]) {
    (void)session.execute(text);
}
