#include "net/chunked_decoder.hpp"

#include <algorithm>
#include <cstring>

#include "net/char_scan.hpp"

namespace portico::net {
namespace {

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

ChunkedDecoder::Step ChunkedDecoder::decode(char* text, std::size_t size) noexcept {
    Step step;
    while (step.consumed < size && !finished() && !malformed()) {
        if (state_ == State::data) {
            const auto left = static_cast<std::uint64_t>(size - step.consumed);
            const auto piece = static_cast<std::size_t>(std::min(left, chunk_));
            if (step.produced != step.consumed) {
                std::memmove(text + step.produced, text + step.consumed, piece);
            }
            step.produced += piece;
            step.consumed += piece;
            chunk_ -= piece;
            if (chunk_ == 0) state_ = State::data_cr;
            continue;
        }
        state_ = next(text[step.consumed++]);
    }
    return step;
}

ChunkedDecoder::State ChunkedDecoder::next(char c) noexcept {
    switch (state_) {
        // RFC 9112 §7.1: "chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF";
        // "chunk-size = 1*HEXDIG"
        case State::size_start: {
            const int digit = hex_value(c);
            if (digit < 0) return State::malformed;
            chunk_ = static_cast<std::uint64_t>(digit);
            return State::size;
        }
        case State::size: {
            if (const int digit = hex_value(c); digit >= 0) {
                // RFC 9112 §7.1: "recipients MUST anticipate potentially large hexadecimal numerals
                // and prevent parsing errors due to integer conversion overflows".
                if (chunk_ >> 59 != 0) return State::malformed;
                // Leading zeros must not be without end either.
                if (++overhead_ > kMaxOverhead) return State::malformed;
                chunk_ = chunk_ * 16 + static_cast<std::uint64_t>(digit);
                return State::size;
            }
            [[fallthrough]];
        }
        // RFC 9112 §7.1.1: "chunk-ext = *( BWS ";" BWS chunk-ext-name [ ... ] )"
        case State::blank:
            if (c == '\r') return state_ == State::size ? State::size_end : State::malformed;
            if (c == ';') return State::extension;
            if ((c != ' ' && c != '\t') || ++overhead_ > kMaxOverhead) return State::malformed;
            return State::blank;
        // RFC 9112 §7.1.1: "A server ought to limit the total length of chunk extensions received
        // in a request to an amount reasonable for the services provided".
        case State::extension:
            if (c == '\r') return State::size_end;
            if (!is_value_char(c) || ++overhead_ > kMaxOverhead) return State::malformed;
            return State::extension;
        case State::size_end:
            if (c != '\n') return State::malformed;
            return chunk_ == 0 ? State::trailer_start : State::data;
        case State::data_cr:
            return c == '\r' ? State::data_lf : State::malformed;
        case State::data_lf:
            return c == '\n' ? State::size_start : State::malformed;
        // RFC 9112 §7.1.2: "trailer-section = *( field-line CRLF )"; "a recipient MAY ... discard".
        case State::trailer_start:
            if (c == '\r') return State::end_lf;
            if (!is_token_char(c) || ++overhead_ > kMaxOverhead) return State::malformed;
            return State::trailer_name;
        case State::trailer_name:
            if (++overhead_ > kMaxOverhead) return State::malformed;
            if (c == ':') return State::trailer_value;
            return is_token_char(c) ? State::trailer_name : State::malformed;
        case State::trailer_value:
            if (c == '\r') return State::trailer_lf;
            if (!is_value_char(c) || ++overhead_ > kMaxOverhead) return State::malformed;
            return State::trailer_value;
        case State::trailer_lf:
            return c == '\n' ? State::trailer_start : State::malformed;
        case State::end_lf:
            return c == '\n' ? State::finished : State::malformed;
        case State::data:
        case State::finished:
        case State::malformed:
            break;
    }
    return State::malformed;
}

}  // namespace portico::net
