// expect: is not a constant expression
#include "portico/db/columns.hpp"

auto text(const char (&sql)[4]) {
    return portico::db::server_default(sql);
}
