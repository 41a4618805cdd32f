#include "portico/http/response.hpp"

#include <stdexcept>
#include <utility>

#include "portico/http/url.hpp"

namespace portico::http {

core::Task<void> BodyStream::close() {
    co_return;
}

Response::Response(int status_code, std::string body_text, std::string_view content_type)
    : status(status_code), body(std::move(body_text)) {
    set_content_type(content_type);
}

Response::Response(int status_code, std::unique_ptr<BodyStream> stream,
                   std::string_view content_type)
    : status(status_code), body(std::move(stream)) {
    set_content_type(content_type);
}

std::string& Response::text() {
    if (auto* held = std::get_if<std::string>(&body)) return *held;
    return body.emplace<std::string>();
}

std::string_view Response::bytes() const noexcept {
    if (const auto* held = std::get_if<std::string>(&body)) return *held;
    if (const auto* held = std::get_if<StaticBody>(&body)) return held->bytes;
    return {};
}

bool Response::is_stream() const noexcept {
    return std::holds_alternative<std::unique_ptr<BodyStream>>(body);
}

std::optional<std::uint64_t> Response::length() const {
    if (const auto* stream = std::get_if<std::unique_ptr<BodyStream>>(&body)) {
        return *stream ? (*stream)->length() : 0;
    }
    return bytes().size();
}

void Response::set_cookie(const Cookie& cookie) {
    headers.add("Set-Cookie", cookie.to_string());
}

void Response::delete_cookie(const Cookie& cookie) {
    set_cookie(expired(cookie));
}

void Response::reset() noexcept {
    status = 200;
    headers.clear();
    text().clear();
}

Response redirect(std::string_view location, int status) {
    if (status < 300 || status > 399) {
        throw std::invalid_argument("redirect: expected a status in 300–399, got " +
                                    std::to_string(status));
    }
    Response response(status);
    response.headers.set("Location", percent_encode(location, UrlPart::reference));
    return response;
}

}  // namespace portico::http
