#include "portico/redis/error.hpp"

#include <algorithm>
#include <utility>

namespace portico::redis {
namespace {

constexpr std::size_t kMaxSaid = 256;

struct Prefix {
    std::string_view word;
    Error::Kind kind;
};

constexpr Prefix kPrefixes[] = {
    {"WRONGTYPE", Error::Kind::wrong_type},
    {"NOSCRIPT", Error::Kind::no_script},
    {"READONLY", Error::Kind::read_only},
    {"NOAUTH", Error::Kind::not_permitted},
    {"WRONGPASS", Error::Kind::not_permitted},
    {"NOPERM", Error::Kind::not_permitted},
    {"LOADING", Error::Kind::loading},
    {"MASTERDOWN", Error::Kind::loading},
    {"BUSY", Error::Kind::busy},
    {"OOM", Error::Kind::out_of_memory},
    {"EXECABORT", Error::Kind::aborted},
    {"MOVED", Error::Kind::cluster},
    {"ASK", Error::Kind::cluster},
    {"CLUSTERDOWN", Error::Kind::cluster},
};

Error::Kind kind_of(std::string_view said) {
    const auto word = said.substr(0, said.find(' '));
    const auto* const found = std::ranges::find(kPrefixes, word, &Prefix::word);
    return found == std::end(kPrefixes) ? Error::Kind::other : found->kind;
}

std::string message_of(std::string_view command, std::string_view said) {
    // "ERR unknown command 'X', with args beginning with: 'secret'"
    said = said.substr(0, said.find(", with args beginning"));
    std::string message(command);
    if (!message.empty()) message += ": ";
    return message.append(said.substr(0, kMaxSaid));
}

}  // namespace

Error::Error(std::string_view command, std::string_view said)
    : Error(kind_of(said), message_of(command, said)) {}

Error::Error(Kind kind, std::string message) : kind_(kind), message_(std::move(message)) {}

Unavailable::Unavailable(std::string message) : Overloaded("redis"), message_(std::move(message)) {}

}  // namespace portico::redis
