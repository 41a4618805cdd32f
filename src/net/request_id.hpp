#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace portico::net {

/// An `X-Request-ID` of a caller that is taken over: 1–128 characters of [A-Za-z0-9._-], so that it
/// can forge neither a header nor a log line.
[[nodiscard]] bool is_request_id(std::string_view text) noexcept;

/// Makes random UUIDs (RFC 9562 §5.4) for one loop: xoshiro256++, seeded by the kernel. They name
/// requests; they are not secrets.
class RequestIds {
public:
    static constexpr std::size_t kLength = 36;

    RequestIds() noexcept;
    /// Writes `kLength` characters.
    void write(char* to) noexcept;

private:
    [[nodiscard]] std::uint64_t next() noexcept;

    std::array<std::uint64_t, 4> state_;
};

}  // namespace portico::net
