// expect: no matching function for call to 'as'
#include <string>

#include "portico/db/expression.hpp"

auto name(const std::string& text) {
    return portico::db::as(text, portico::db::count());
}
