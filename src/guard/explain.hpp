#pragma once

#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "portico/guard/config.hpp"
#include "portico/http/exchange.hpp"
#include "portico/http/ip_address.hpp"

namespace portico::guard {

/// A request that nobody has sent.
struct ImaginedRequest {
    std::string method = "GET";
    std::string target;  ///< Spaces in it are encoded.
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};
    http::IpAddress client;
};

/// What the guard would do with a request, and why.
struct Explanation {
    std::string text;  ///< Lines.
    bool refused = false;
};

/// The error is a sentence: the request is none that the server would read.
[[nodiscard]] std::expected<Explanation, std::string> explain(const Config& config,
                                                              http::Handler* routes,
                                                              ImaginedRequest request);

}  // namespace portico::guard
