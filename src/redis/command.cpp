#include "redis/command.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace portico::redis {
namespace {

void write_length(std::string& out, char type, std::size_t length) {
    std::array<char, 24> text;
    text[0] = type;
    char* end = std::to_chars(text.data() + 1, text.data() + text.size(), length).ptr;
    *end++ = '\r';
    *end++ = '\n';
    out.append(text.data(), end);
}

struct Refused {
    std::string_view name;
    std::string_view instead;
};

constexpr std::string_view kUrl = "say it in the client's URL";
constexpr std::string_view kTransaction = "use Client::transaction";
constexpr std::string_view kScript = "use a Script";
constexpr std::string_view kSubscriber = "use a Subscriber";
constexpr std::string_view kBlocks = "it blocks, and would hold up the commands of others";
constexpr std::string_view kBreaks = "it would break the connection that others use";

// In the order of the alphabet.
constexpr Refused kRefused[] = {
    {"AUTH", kUrl},
    {"BLMOVE", kBlocks},
    {"BLMPOP", kBlocks},
    {"BLPOP", kBlocks},
    {"BRPOP", kBlocks},
    {"BRPOPLPUSH", kBlocks},
    {"BZMPOP", kBlocks},
    {"BZPOPMAX", kBlocks},
    {"BZPOPMIN", kBlocks},
    {"DISCARD", kTransaction},
    {"EXEC", kTransaction},
    {"HELLO", kUrl},
    {"MONITOR", kBreaks},
    {"MULTI", kTransaction},
    {"PSUBSCRIBE", kSubscriber},
    {"PSYNC", kBreaks},
    {"PUNSUBSCRIBE", kSubscriber},
    {"QUIT", kBreaks},
    {"RESET", kBreaks},
    {"SELECT", kUrl},
    {"SSUBSCRIBE", kSubscriber},
    {"SUBSCRIBE", kSubscriber},
    {"SUNSUBSCRIBE", kSubscriber},
    {"SYNC", kBreaks},
    {"UNSUBSCRIBE", kSubscriber},
    {"UNWATCH", kScript},
    {"WAIT", kBlocks},
    {"WAITAOF", kBlocks},
    {"WATCH", kScript},
};

char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}

bool less(std::string_view one, std::string_view other) {
    return std::ranges::lexicographical_compare(one, other, {}, upper, upper);
}

bool equal(std::string_view one, std::string_view other) {
    return std::ranges::equal(one, other, {}, upper, upper);
}

}  // namespace

void write_head(std::string& out, std::size_t words) {
    write_length(out, '*', words);
}

void write_word(std::string& out, std::string_view word) {
    write_length(out, '$', word.size());
    out.append(word).append("\r\n");
}

void write_command(std::string& out, std::span<const Argument> words) {
    write_head(out, words.size());
    for (const Argument& word : words) write_word(out, word.text());
}

void require_shareable(std::span<const Argument> words) {
    if (words.empty()) throw std::logic_error("redis: a command without a name");
    const std::string_view name = words.front().text();
    const auto* const found = std::ranges::lower_bound(kRefused, name, less, &Refused::name);
    std::string_view instead;
    if (found != std::end(kRefused) && equal(name, found->name)) instead = found->instead;
    if (equal(name, "CLIENT") && words.size() > 1 && equal(words[1].text(), "REPLY")) {
        instead = kBreaks;
    }
    if (instead.empty()) return;
    throw std::logic_error("redis: " + std::string(name) +
                           " is not for a connection that others share: " + std::string(instead));
}

}  // namespace portico::redis
