#pragma once

#include <string_view>

namespace portico::http {

/// A decoded name and value of a query, a form or a cookie header.
struct NameValue {
    std::string_view name;
    std::string_view value;
};

}  // namespace portico::http
