#pragma once

#include <string>

#include "portico/http/headers.hpp"

namespace bench {

/// What a browser sends with a request of an API.
inline portico::http::Headers browser_fields() {
    return {
        {"Host", "api.example.com"},
        {"User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0"},
        {"Accept", "application/json, text/plain, */*"},
        {"Accept-Language", "en-US,en;q=0.5"},
        {"Accept-Encoding", "gzip, deflate, br"},
        {"Authorization", "Bearer " + std::string(300, 'e')},
        {"Connection", "keep-alive"},
    };
}

}  // namespace bench
