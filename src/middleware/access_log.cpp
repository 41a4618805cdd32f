#include "portico/middleware/access_log.hpp"

#include <array>
#include <chrono>
#include <string>
#include <vector>

namespace portico::middleware {
namespace {

struct Started {
    core::Clock::SteadyTime at;
};

double milliseconds_since(const Started& started, const http::Request& request) noexcept {
    const auto took = request.clock().steady_now() - started.at;
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    return static_cast<double>(micros) / 1000;
}

}  // namespace

http::Decision AccessLogMiddleware::on_request(http::Exchange& exchange) {
    if (log_.enabled(logging::Level::info)) {
        exchange.request.state().set(Started{exchange.request.clock().steady_now()});
    }
    return http::Decision::proceed();
}

void AccessLogMiddleware::on_response(http::Exchange& exchange) {
    if (!log_.enabled(logging::Level::info)) return;
    http::Request& request = exchange.request;
    const http::Response& response = exchange.response;

    thread_local std::string message;
    if (request.method_name().empty()) {
        message = "unreadable request";  // the parser refused it before its first line was read
    } else {
        message.assign(request.method_name());
        message += ' ';
        message += request.raw_path();
    }
    std::array<char, http::IpAddress::kMaxText> client;

    thread_local std::vector<logging::Field> fields;
    fields.clear();
    fields.emplace_back("status", response.status);
    if (const auto length = response.length()) fields.emplace_back("bytes", *length);
    if (const auto* started = request.state().get<Started>()) {
        fields.emplace_back("ms", milliseconds_since(*started, request));
    }
    fields.emplace_back("client", request.client().format(client));
    if (const auto* route = request.route()) fields.emplace_back("route", route->path_template);
    log_.with(request.id()).log(logging::Level::info, message, fields);
}

}  // namespace portico::middleware
