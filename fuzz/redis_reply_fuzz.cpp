// Replies are the same however their bytes are cut, and never more than the limits allow.

#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include "redis/reply_parser.hpp"

namespace {

using namespace portico::redis;

constexpr ReplyLimits kLimits{.max_bulk = 256, .max_bytes = 1024, .max_elements = 128};

struct Parsed {
    std::vector<Reply> replies;
    bool failed = false;
};

void require(bool holds) {
    if (!holds) std::abort();
}

Parsed parse(std::string_view bytes, std::size_t step) {
    ReplyParser parser(kLimits);
    Parsed parsed;
    while (!bytes.empty() && !parsed.failed) {
        parser.feed(bytes.substr(0, step));
        bytes.remove_prefix(std::min(step, bytes.size()));
        Reply reply;
        auto result = ReplyParser::Result::reply;
        while ((result = parser.next(reply)) == ReplyParser::Result::reply) {
            parsed.replies.push_back(std::move(reply));
        }
        parsed.failed = result == ReplyParser::Result::failed;
    }
    return parsed;
}

void measure(const Reply& reply, std::size_t& bytes, std::size_t& elements) {
    bytes += reply.text().size();
    elements += reply.elements().size();
    for (const Reply& element : reply.elements()) measure(element, bytes, elements);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const Parsed whole = parse(bytes, bytes.size());
    for (const Reply& reply : whole.replies) {
        std::size_t total = 0;
        std::size_t elements = 0;
        measure(reply, total, elements);
        require(total <= kLimits.max_bytes && elements <= kLimits.max_elements);
    }
    const Parsed cut = parse(bytes, data[0] % 16U + 1U);
    if (!whole.failed && !cut.failed) require(whole.replies == cut.replies);
    return 0;
}
