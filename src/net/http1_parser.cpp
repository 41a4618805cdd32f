#include "net/http1_parser.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "net/char_scan.hpp"

namespace portico::net {
namespace {

constexpr std::size_t kMethodLength = 32;

/// OWS = *( SP / HTAB )
std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

/// reg-name = *( unreserved / pct-encoded / sub-delims ) (RFC 3986 §3.2.2)
constexpr auto kRegNameChars = [] {
    auto table = kTokenChars;
    for (const char c : {'#', '^', '`', '|'}) table[static_cast<std::size_t>(c)] = false;
    for (const char c : {'(', ')', ',', ';', '='}) table[static_cast<std::size_t>(c)] = true;
    return table;
}();

const char* find(const char* from, const char* end, char wanted) noexcept {
    const void* found =
        from == end ? nullptr : std::memchr(from, wanted, static_cast<std::size_t>(end - from));
    return found == nullptr ? end : static_cast<const char*>(found);
}

/// The members of a comma-separated list (RFC 9110 §5.6.1); empty members are skipped.
template <class F>
void for_each_member(std::string_view list, F each) {
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        const auto member = trim(list.substr(0, comma));
        if (!member.empty()) each(member);
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
}

}  // namespace

RequestHead Http1Parser::so_far(std::string_view text) const noexcept {
    return {.method = method_.of(text.data()), .request_id = request_id_.of(text.data())};
}

void Http1Parser::reset() noexcept {
    *this = Http1Parser{limits_};
}

Http1Parser::Status Http1Parser::refuse(int status, std::string_view phrase) noexcept {
    error_ = {status, phrase};
    return Status::refused;
}

Http1Parser::Status Http1Parser::need_more(std::string_view text) noexcept {
    const std::size_t size = text.size();
    line_incomplete_ = true;
    scanned_ = size - (text.ends_with('\r') ? 1 : 0);
    if (state_ == Line::request && size - line_ > limits_.target + kMethodLength + 16) {
        return refuse(414, {});
    }
    if (size >= limits_.head) return refuse(431, {});
    return Status::need_more;
}

Http1Parser::Status Http1Parser::parse(std::string_view text, http::HeaderView& fields) {
    const char* const base = text.data();
    const char* const end = base + text.size();
    for (;;) {
        if (line_incomplete_) {
            // A CR that comes last waits for what follows it.
            const char* from = base + scanned_;
            const auto* cr = find(from, end, '\r');
            if ((cr == end || cr + 1 == end) && find(from, end, '\n') == end)
                return need_more(text);
            line_incomplete_ = false;
        }
        if (line_ > limits_.head) return refuse(431, {});
        if (base + line_ == end) return need_more(text);

        // RFC 9112 §2.2: "a recipient MAY recognize a single LF as a line terminator": we do not.
        // Others disagree about where such a line ends, which is how requests are smuggled.
        if (base[line_] == '\r') {
            if (base + line_ + 1 == end) return need_more(text);
            if (base[line_ + 1] != '\n') return refuse(400, "Bare CR in the request head");
            line_ += 2;
            if (state_ == Line::field) {
                fields.set_text(base);
                return finish(base);
            }
            // RFC 9112 §2.2: "a server that is expecting to receive and parse a request-line
            // SHOULD ignore at least one empty line (CRLF) received prior to the request-line."
            if (skipped_empty_line_) return refuse(400, "Empty lines before the request");
            skipped_empty_line_ = true;
            continue;
        }

        const Status status = state_ == Line::request ? parse_request_line(base, end)
                                                      : parse_field(base, end, fields);
        if (status != Status::complete) return status;
    }
}

Http1Parser::Status Http1Parser::parse_request_line(const char* base, const char* end) {
    const auto size = static_cast<std::size_t>(end - base);
    // RFC 9112 §3: "request-line = method SP request-target SP HTTP-version"
    const char* at = base + line_;
    const char* start = at;
    at = skip_token(at, end);
    // RFC 9112 §3: "A server that receives a method longer than any that it implements SHOULD
    // respond with a 501 (Not Implemented) status code."
    if (static_cast<std::size_t>(at - start) > kMethodLength) {
        return refuse(501, "Unknown request method");
    }
    if (at == end) return need_more({base, size});
    if (at == start || *at != ' ') return refuse(400, "Malformed request line");
    method_ = {static_cast<std::uint32_t>(start - base), static_cast<std::uint32_t>(at - start)};

    start = ++at;
    at = skip_target(at, end);
    // RFC 9112 §3: "A server that receives a request-target longer than any URI it wishes to parse
    // MUST respond with a 414 (URI Too Long) status code."
    if (static_cast<std::size_t>(at - start) > limits_.target) {
        return refuse(414, {});
    }
    if (at == end) return need_more({base, size});
    // RFC 9112 §3.2: "No whitespace is allowed in the request-target."
    if (at == start || *at != ' ') return refuse(400, "Malformed request target");
    target_ = {static_cast<std::uint32_t>(start - base), static_cast<std::uint32_t>(at - start)};

    // RFC 9112 §2.3: "HTTP-version = HTTP-name "/" DIGIT "." DIGIT"; "HTTP-version is
    // case-sensitive."
    start = ++at;
    if (end - at < 10) {
        const auto newline = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
        if (newline == nullptr) return need_more({base, size});
        return refuse(400, "Malformed HTTP version");
    }
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (std::memcmp(at, "HTTP/", 5) != 0 || !is_digit(at[5]) || at[6] != '.' || !is_digit(at[7]) ||
        at[8] != '\r' || at[9] != '\n') {
        return refuse(400, "Malformed HTTP version");
    }
    if (at[5] != '1' || at[7] > '1') return refuse(505, "Only HTTP/1.0 and HTTP/1.1 are spoken");
    head_.minor_version = at[7] - '0';

    line_ = static_cast<std::size_t>(at - base) + 10;
    state_ = Line::field;
    return check_target(base);
}

Http1Parser::Status Http1Parser::check_target(const char* base) {
    const auto method = method_.of(base);
    auto target = target_.of(base);
    if (method == "CONNECT") {
        // RFC 9112 §3.2.3: "request-target = authority-form" for CONNECT alone. We tunnel nothing.
        if (!is_authority(target)) return refuse(400, "Malformed request target");
        return refuse(501, "CONNECT is not implemented");
    }
    if (target.front() == '/') return Status::complete;
    if (target == "*") {
        // RFC 9112 §3.2.4: "The "asterisk-form" of request-target is only used for a server-wide
        // OPTIONS request."
        if (method != "OPTIONS") return refuse(400, "Malformed request target");
        return Status::complete;
    }
    // RFC 9112 §3.2.2: "a server MUST accept the absolute-form in requests even though most
    // HTTP/1.1 clients will only send the absolute-form to a proxy."
    std::size_t scheme = 0;
    if (target.size() > 7 && is_name(target.data(), "http") && target.substr(4, 3) == "://") {
        scheme = 7;
    } else if (target.size() > 8 && is_name(target.data(), "https") &&
               target.substr(5, 3) == "://") {
        scheme = 8;
    } else {
        return refuse(400, "Malformed request target");
    }
    const auto path = std::min(target.find_first_of("/?", scheme), target.size());
    const auto authority = target.substr(scheme, path - scheme);
    if (!is_authority(authority)) return refuse(400, "Malformed request target");
    has_absolute_target_ = true;
    host_ = {static_cast<std::uint32_t>(target_.begin + scheme),
             static_cast<std::uint32_t>(authority.size())};
    target_ = {static_cast<std::uint32_t>(target_.begin + path),
               static_cast<std::uint32_t>(target.size() - path)};
    return Status::complete;
}

Http1Parser::Status Http1Parser::parse_field(const char* base, const char* end,
                                             http::HeaderView& fields) {
    const auto size = static_cast<std::size_t>(end - base);
    const char* const start = base + line_;
    // RFC 9112 §5.2: "A server that receives an obs-fold in a request message ... MUST either
    // reject the message by sending a 400 (Bad Request) ... or replace". RFC 9112 §2.2: "A
    // recipient that receives whitespace between the start-line and the first header field MUST
    // either reject the message as invalid or consume".
    if (*start == ' ' || *start == '\t') return refuse(400, "Folded header field");

    const char* at = skip_token(start, end);
    if (at == end) return need_more({base, size});
    // RFC 9112 §5.1: "No whitespace is allowed between the field name and colon. ... A server MUST
    // reject, with a response status code of 400 (Bad Request), any received request message that
    // contains whitespace between a header field name and colon."
    if (at == start || *at != ':') return refuse(400, "Malformed header field name");
    const std::string_view name{start, static_cast<std::size_t>(at - start)};

    ++at;
    while (at != end && (*at == ' ' || *at == '\t')) ++at;
    const char* const value = at;
    at = skip_value(at, end);
    if (at == end) return need_more({base, size});
    // RFC 9110 §5.5: "Field values containing CR, LF, or NUL characters are invalid and dangerous".
    // Other controls are refused with them.
    if (*at != '\r') return refuse(400, "Control character in a header field");
    if (at + 1 == end) return need_more({base, size});
    // RFC 9112 §2.2: "A sender MUST NOT generate a bare CR ... A recipient of such a bare CR MUST
    // consider that element to be invalid".
    if (at[1] != '\n') return refuse(400, "Bare CR in the request head");
    const char* last = at;
    while (last != value && (last[-1] == ' ' || last[-1] == '\t')) --last;

    if (++fields_ > limits_.fields) return refuse(431, {});
    const Range range{static_cast<std::uint32_t>(value - base),
                      static_cast<std::uint32_t>(last - value)};
    fields.append_range(line_, name.size(), range.begin, range.size);
    line_ = static_cast<std::size_t>(at - base) + 2;
    return note_field(name, base, range);
}

Http1Parser::Status Http1Parser::note_field(std::string_view name, const char* base, Range value) {
    switch (name.size()) {
        case 4:
            if (!is_name(name.data(), "host")) break;
            // RFC 9112 §3.2: "A server MUST respond with a 400 (Bad Request) status code to any
            // HTTP/1.1 request message that lacks a Host header field and to any request message
            // that contains more than one Host header field line or a Host header field with an
            // invalid field value."
            if (has_host_) return refuse(400, "More than one Host header field");
            has_host_ = true;
            if (!is_authority(value.of(base))) return refuse(400, "Invalid Host header field");
            // RFC 9112 §3.2.2: "When an origin server receives a request with an absolute-form of
            // request-target, the origin server MUST ignore the received Host header field (if
            // any) and instead use the host information of the request-target."
            if (!has_absolute_target_) host_ = value;
            break;
        case 6:
            if (is_name(name.data(), "expect")) return note_expect(value.of(base));
            break;
        case 10:
            if (is_name(name.data(), "connection")) note_connection(value.of(base));
            break;
        case 12:
            if (is_name(name.data(), "x-request-id")) request_id_ = value;
            break;
        case 14:
            if (is_name(name.data(), "content-length")) return note_content_length(value.of(base));
            break;
        case 17:
            if (is_name(name.data(), "transfer-encoding")) {
                return note_transfer_encoding(value.of(base));
            }
            break;
        default:
            break;
    }
    return Status::complete;
}

Http1Parser::Status Http1Parser::note_content_length(std::string_view value) {
    // RFC 9112 §6.3: "If a message is received without Transfer-Encoding and with an invalid
    // Content-Length header field, then the message framing is invalid and the recipient MUST treat
    // it as an unrecoverable error". A list of equal numbers may be taken as one; we do not.
    if (head_.content_length) return refuse(400, "More than one Content-Length header field");
    if (value.empty()) return refuse(400, "Invalid Content-Length header field");
    // RFC 9110 §8.6: "Content-Length = 1*DIGIT"; "a recipient MUST anticipate potentially large
    // decimal numerals and prevent parsing errors due to integer conversion overflows".
    std::uint64_t length = 0;
    for (const char c : value) {
        if (c < '0' || c > '9') return refuse(400, "Invalid Content-Length header field");
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (length > (std::numeric_limits<std::uint64_t>::max() - digit) / 10) {
            return refuse(413, {});
        }
        length = length * 10 + digit;
    }
    head_.content_length = length;
    return Status::complete;
}

Http1Parser::Status Http1Parser::note_transfer_encoding(std::string_view value) {
    if (has_transfer_encoding_) return refuse(400, "More than one Transfer-Encoding header field");
    has_transfer_encoding_ = true;
    std::size_t members = 0;
    std::size_t chunked = 0;
    bool chunked_last = false;
    for_each_member(value, [&](std::string_view coding) {
        ++members;
        chunked_last = coding.size() == 7 && is_name(coding.data(), "chunked");
        if (chunked_last) ++chunked;
    });
    // RFC 9112 §6.1: "A sender MUST NOT apply the chunked transfer coding more than once to a
    // message body"; §6.3: "If a Transfer-Encoding header field is present in a request and the
    // chunked transfer coding is not the final encoding, the message body length cannot be
    // determined reliably; the server MUST respond with the 400 (Bad Request) status code and then
    // close the connection."
    if (members == 0 || chunked > 1 || (chunked == 1 && !chunked_last)) {
        return refuse(400, "Invalid Transfer-Encoding header field");
    }
    // RFC 9112 §6.1: "A server that receives a request message with a transfer coding it does not
    // understand SHOULD respond with 501 (Not Implemented)."
    if (members > 1 || chunked == 0) return refuse(501, "Unknown transfer coding");
    head_.chunked = true;
    return Status::complete;
}

Http1Parser::Status Http1Parser::note_expect(std::string_view value) {
    // RFC 9110 §10.1.1: "A server that receives an Expect field value containing a member other
    // than 100-continue MAY respond with a 417 (Expectation Failed) status code".
    bool unknown = false;
    for_each_member(value, [&](std::string_view member) {
        if (member.size() == 12 && member.substr(0, 4) == "100-" &&
            is_name(member.data() + 4, "continue")) {
            head_.expect_continue = true;
        } else {
            unknown = true;
        }
    });
    if (unknown) return refuse(417, {});
    return Status::complete;
}

void Http1Parser::note_connection(std::string_view value) noexcept {
    for_each_member(value, [&](std::string_view option) {
        if (option.size() == 5 && is_name(option.data(), "close")) says_close_ = true;
        if (option.size() == 7 && is_name(option.data(), "upgrade")) head_.upgrade = true;
        if (option.size() == 10 && is_name(option.data(), "keep-alive")) says_keep_alive_ = true;
    });
}

Http1Parser::Status Http1Parser::finish(const char* base) {
    if (line_ > limits_.head) return refuse(431, {});
    const bool is_http_1_0 = head_.minor_version == 0;
    if (!is_http_1_0 && !has_host_) return refuse(400, "Missing Host header field");
    if (head_.chunked) {
        // RFC 9112 §6.1: "A server or client that receives an HTTP/1.0 message containing a
        // Transfer-Encoding header field MUST treat the message as if the framing is faulty".
        if (is_http_1_0) return refuse(400, "Transfer-Encoding in HTTP/1.0");
        // RFC 9112 §6.1: "A server MAY reject a request that contains both Content-Length and
        // Transfer-Encoding": such a request "might indicate an attempt to perform request
        // smuggling".
        if (head_.content_length) {
            return refuse(400, "Both Content-Length and Transfer-Encoding");
        }
    }
    // RFC 9110 §10.1.1: "A server that receives a 100-continue expectation in an HTTP/1.0 request
    // MUST ignore that expectation."
    // §7.8: "A server MUST ignore an Upgrade header field that is received in an HTTP/1.0 request."
    if (is_http_1_0) head_.expect_continue = head_.upgrade = false;
    // RFC 9112 §9.3: "If the close connection option is present, the connection will not persist";
    // 1.1 persists, 1.0 when it says keep-alive.
    head_.keep_alive = !says_close_ && (!is_http_1_0 || says_keep_alive_);

    head_.method = method_.of(base);
    head_.target = target_.size == 0 ? std::string_view{"/"} : target_.of(base);
    head_.host = host_.of(base);
    head_.request_id = request_id_.of(base);
    return Status::complete;
}

bool is_authority(std::string_view text) noexcept {
    // RFC 3986 §3.2: "authority = [ userinfo "@" ] host [ ":" port ]"; RFC 9110 §4.2.4: "Before
    // making use of an "http" or "https" URI reference received from an untrusted source, a
    // recipient SHOULD parse for userinfo and treat its presence as an error".
    std::size_t host = 0;
    if (!text.empty() && text.front() == '[') {
        const auto close = text.find(']');
        if (close == std::string_view::npos || close < 3) return false;
        for (const char c : text.substr(1, close - 1)) {
            const bool hex = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
            if (!hex && c != ':' && c != '.') return false;
        }
        host = close + 1;
    } else {
        // RFC 9110 §4.2.1: "A sender MUST NOT generate an "http" URI with an empty host
        // identifier."
        while (host < text.size() && text[host] != ':') {
            const char c = text[host];
            if (!kRegNameChars[static_cast<unsigned char>(c)]) return false;
            if (c == '%') {
                const auto is_hex = [&](std::size_t i) {
                    const char h = i < text.size() ? text[i] : '\0';
                    return (h >= '0' && h <= '9') || ((h | 0x20) >= 'a' && (h | 0x20) <= 'f');
                };
                if (!is_hex(host + 1) || !is_hex(host + 2)) return false;
            }
            ++host;
        }
        if (host == 0) return false;
    }
    if (host == text.size()) return true;
    if (text[host] != ':' || text.size() - host > 6) return false;
    // port = *DIGIT
    unsigned port = 0;
    for (const char c : text.substr(host + 1)) {
        if (c < '0' || c > '9') return false;
        port = port * 10 + static_cast<unsigned>(c - '0');
    }
    return port <= 65535;
}

}  // namespace portico::net
