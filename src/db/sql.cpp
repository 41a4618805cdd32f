#include "portico/db/sql.hpp"

#include <algorithm>
#include <vector>

namespace portico::db {

void write_sql(std::string_view text, const void*, Dialect dialect, std::string& out) {
    std::vector<std::string_view> names;
    std::size_t copied = 0;
    Sql::scan(text, [&](std::size_t begin, std::size_t size) {
        const std::string_view name = text.substr(begin, size);
        auto found = std::ranges::find(names, name);
        if (found == names.end()) found = names.insert(names.end(), name);
        out.append(text.substr(copied, begin - 1 - copied));
        out.push_back(dialect == Dialect::sqlite ? '?' : '$');
        out.append(std::to_string(found - names.begin() + 1));
        copied = begin + size;
    });
    out.append(text.substr(copied));
}

}  // namespace portico::db
