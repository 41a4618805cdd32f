#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace portico::redis {

/// What Redis has answered (RESP2). A value; copies are deep.
///
///     Reply reply = co_await client.command("HMGET", "user:7", "name", "email");
///     for (const Reply& field : reply.elements()) …
class Reply {
public:
    enum class Kind : std::uint8_t {
        nil,      ///< There is no such value.
        integer,  ///< A signed number of 64 bits.
        status,   ///< A short word: "OK".
        bulk,     ///< Any bytes.
        array,    ///< Replies, of any kinds.
        error,    ///< What Redis says is wrong. Only inside of arrays and in a pipeline's replies.
    };

    Reply() = default;
    explicit Reply(std::int64_t integer) : kind_(Kind::integer), integer_(integer) {}
    Reply(Kind kind, std::string text) : kind_(kind), text_(std::move(text)) {}
    explicit Reply(std::vector<Reply> elements)
        : kind_(Kind::array), elements_(std::move(elements)) {}

    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    [[nodiscard]] bool is_nil() const noexcept { return kind_ == Kind::nil; }
    [[nodiscard]] bool is_error() const noexcept { return kind_ == Kind::error; }

    /// The text of a status, bulk or error; empty for the others.
    [[nodiscard]] std::string_view text() const noexcept { return text_; }
    /// Of an array; empty for the others.
    [[nodiscard]] const std::vector<Reply>& elements() const noexcept { return elements_; }
    [[nodiscard]] std::vector<Reply>& elements() noexcept { return elements_; }

    /// The value as `T`: `std::int64_t` (an integer, or a bulk that is one), `double`, `bool` (an
    /// integer that is not 0, a status; nil is false), `std::string` (a status or bulk),
    /// `std::optional` of these (nil is nothing), a `std::vector` of strings or of optional
    /// strings. Throws `Error` for an error, and for an answer of another kind.
    template <class T>
    [[nodiscard]] T as(std::string_view command = {}) &&;

    friend bool operator==(const Reply&, const Reply&) = default;

private:
    friend class ReplyParser;

    Kind kind_ = Kind::nil;
    std::int64_t integer_ = 0;
    std::string text_;
    std::vector<Reply> elements_;
};

template <>
void Reply::as<void>(std::string_view command) &&;
template <>
Reply Reply::as<Reply>(std::string_view command) &&;
template <>
bool Reply::as<bool>(std::string_view command) &&;
template <>
std::int64_t Reply::as<std::int64_t>(std::string_view command) &&;
template <>
double Reply::as<double>(std::string_view command) &&;
template <>
std::string Reply::as<std::string>(std::string_view command) &&;
template <>
std::optional<std::int64_t> Reply::as<std::optional<std::int64_t>>(std::string_view command) &&;
template <>
std::optional<std::string> Reply::as<std::optional<std::string>>(std::string_view command) &&;
template <>
std::vector<std::string> Reply::as<std::vector<std::string>>(std::string_view command) &&;
template <>
std::vector<std::optional<std::string>> Reply::as<std::vector<std::optional<std::string>>>(
    std::string_view command) &&;

}  // namespace portico::redis
