#pragma once

#include <array>
#include <string>
#include <string_view>

namespace portico::redis {

/// A Lua script, which Redis runs by itself: nothing else runs meanwhile. Sent by its SHA-1; in
/// full only when Redis does not have it (any more), by itself. Make one for the program and keep
/// it.
///
///     const redis::Script add{"return redis.call('INCRBY', KEYS[1], ARGV[1])"};
///     auto sum = (co_await client.eval(add, {"hits"}, {5})).as<std::int64_t>();
class Script {
public:
    explicit Script(std::string source);

    [[nodiscard]] std::string_view source() const noexcept { return source_; }
    /// In lower-case hexadecimal, as EVALSHA takes it.
    [[nodiscard]] std::string_view sha1() const noexcept { return {sha1_.data(), sha1_.size()}; }

private:
    std::string source_;
    std::array<char, 40> sha1_{};
};

}  // namespace portico::redis
