// The head of a request, cut in pieces, must give the same verdict as in one, and whatever is
// accepted must keep the promises that the server relies on. Its body goes through the chunked
// decoder the same way.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "net/chunked_decoder.hpp"
#include "net/http1_parser.hpp"

namespace {

using portico::net::ChunkedDecoder;
using portico::net::Http1Parser;

void require(bool holds) {
    if (!holds) std::abort();
}

struct Verdict {
    Http1Parser::Status status;
    int error = 0;
    std::size_t size = 0;
    std::string fields;
};

Verdict parse(std::string_view text, std::size_t step) {
    const portico::net::HeadLimits limits{.target = 256, .head = 1024, .fields = 10};
    Http1Parser parser{limits};
    portico::http::HeaderView fields;
    Verdict verdict{Http1Parser::Status::need_more};
    for (std::size_t size = std::min(step, text.size());;
         size = std::min(size + step, text.size())) {
        // A copy for each step: the text may move, and what lies behind it must not be read.
        const std::vector<char> copy(text.begin(),
                                     text.begin() + static_cast<std::ptrdiff_t>(size));
        verdict.status = parser.parse({copy.data(), copy.size()}, fields);
        if (verdict.status == Http1Parser::Status::refused) {
            verdict.error = parser.error().status;
            require(verdict.error >= 400 && verdict.error < 600);
            return verdict;
        }
        if (verdict.status == Http1Parser::Status::complete) {
            const auto& head = parser.head();
            require(portico::http::is_token(head.method));
            require(!head.target.empty());
            require(head.minor_version == 0 || !head.host.empty());
            require(!(head.chunked && head.content_length));
            for (const auto field : fields) {
                require(portico::http::is_token(field.name));
                require(portico::http::is_field_value(field.value));
                verdict.fields.append(field.name).append(":").append(field.value).append("\n");
            }
            verdict.size = parser.head_size();
            require(verdict.size <= size && fields.size() <= limits.fields);
            return verdict;
        }
        if (size == text.size()) return verdict;
    }
}

struct Decoded {
    std::string body;
    std::size_t consumed = 0;
    bool finished = false;
    bool malformed = false;
};

Decoded decode(std::string_view text, std::size_t step) {
    ChunkedDecoder decoder;
    Decoded result;
    while (result.consumed < text.size() && !decoder.finished() && !decoder.malformed()) {
        const auto piece = text.substr(result.consumed, step);
        std::vector<char> copy(piece.begin(), piece.end());
        const auto done = decoder.decode(copy.data(), copy.size());
        require(done.consumed <= copy.size() && done.produced <= done.consumed);
        require(done.consumed == copy.size() || decoder.finished() || decoder.malformed());
        result.body.append(copy.data(), done.produced);
        result.consumed += done.consumed;
    }
    result.finished = decoder.finished();
    result.malformed = decoder.malformed();
    return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size < 2) return 0;
    const std::size_t step = bytes[0] % 64 + 1U;
    const std::string_view text{reinterpret_cast<const char*>(bytes) + 1, size - 1};

    const Verdict whole = parse(text, text.size());
    const Verdict pieces = parse(text, step);
    // Which bound an endless line breaks first may depend on how much of it is seen at once.
    require(whole.status == pieces.status || whole.status == Http1Parser::Status::refused ||
            pieces.status == Http1Parser::Status::refused);
    if (whole.status == Http1Parser::Status::complete) {
        require(pieces.status == Http1Parser::Status::complete);
        require(whole.size == pieces.size && whole.fields == pieces.fields);
    }

    const std::string_view body =
        whole.status == Http1Parser::Status::complete ? text.substr(whole.size) : text;
    const Decoded at_once = decode(body, body.size() + 1);
    const Decoded cut = decode(body, step);
    require(at_once.body == cut.body && at_once.consumed == cut.consumed);
    require(at_once.finished == cut.finished && at_once.malformed == cut.malformed);
    return 0;
}
