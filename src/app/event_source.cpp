#include "portico/app/event_source.hpp"

#include <stdexcept>
#include <string_view>

namespace portico::app {

namespace {

/// A line for each of the text's, however they end: CR, LF or CRLF (WHATWG HTML §9.2.5).
void append_lines(std::string_view field, std::string_view text, std::string& out) {
    for (;;) {
        const std::size_t end = text.find_first_of("\r\n");
        out.append(field).append(text.substr(0, end)) += '\n';
        if (end == std::string_view::npos) return;
        text.remove_prefix(text.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
    }
}

void append_line(std::string_view field, std::string_view text, std::string& out) {
    if (text.find_first_of("\r\n") != std::string_view::npos) {
        throw std::invalid_argument("server-sent event: event and id are one line each");
    }
    out.append(field).append(text) += '\n';
}

}  // namespace

void ServerSentEvent::append_to(std::string& out) const {
    if (data && raw_data) {
        throw std::invalid_argument("server-sent event: expected data or raw_data, not both");
    }
    if (id && id->find('\0') != std::string::npos) {
        throw std::invalid_argument("server-sent event: a NUL can't be in an id");
    }
    if (retry && *retry < 0) {
        throw std::invalid_argument("server-sent event: expected a retry of 0 or more");
    }
    if (comment) append_lines(": ", *comment, out);
    if (event) append_line("event: ", *event, out);
    if (data) append_lines("data: ", data->json(), out);
    if (raw_data) append_lines("data: ", *raw_data, out);
    if (id) append_line("id: ", *id, out);
    if (retry) append_line("retry: ", std::to_string(*retry), out);
    out += '\n';
}

}  // namespace portico::app
