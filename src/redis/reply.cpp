#include "portico/redis/reply.hpp"

#include <charconv>

#include "portico/redis/error.hpp"

namespace portico::redis {
namespace {

[[noreturn]] void refuse(const Reply& reply, std::string_view command, std::string_view expected) {
    if (reply.is_error()) throw Error(command, reply.text());
    constexpr std::string_view kNames[] = {"nil",    "an integer", "a status",
                                           "a text", "an array",   "an error"};
    std::string message(command);
    if (!message.empty()) message += ": ";
    message.append("expected ").append(expected).append(" from Redis, got ");
    message += kNames[static_cast<std::size_t>(reply.kind())];
    throw Error(Error::Kind::unexpected_reply, std::move(message));
}

bool is_text(const Reply& reply) {
    return reply.kind() == Reply::Kind::bulk || reply.kind() == Reply::Kind::status;
}

template <class T>
bool read(std::string_view text, T& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

template <>
void Reply::as<void>(std::string_view command) && {
    if (is_error()) refuse(*this, command, "an answer");
}

template <>
Reply Reply::as<Reply>(std::string_view command) && {
    if (is_error()) refuse(*this, command, "an answer");
    return std::move(*this);
}

template <>
bool Reply::as<bool>(std::string_view command) && {
    if (kind_ == Kind::nil) return false;
    if (kind_ == Kind::integer) return integer_ != 0;
    if (kind_ == Kind::status) return true;
    refuse(*this, command, "an integer or a status");
}

template <>
std::int64_t Reply::as<std::int64_t>(std::string_view command) && {
    if (kind_ == Kind::integer) return integer_;
    std::int64_t number = 0;
    if (kind_ == Kind::bulk && read(text_, number)) return number;
    refuse(*this, command, "an integer");
}

template <>
double Reply::as<double>(std::string_view command) && {
    if (kind_ == Kind::integer) return static_cast<double>(integer_);
    double number = 0;
    if (kind_ == Kind::bulk && read(text_, number)) return number;
    refuse(*this, command, "a number");
}

template <>
std::string Reply::as<std::string>(std::string_view command) && {
    if (!is_text(*this)) refuse(*this, command, "a text");
    return std::move(text_);
}

template <>
std::optional<std::int64_t> Reply::as<std::optional<std::int64_t>>(std::string_view command) && {
    if (is_nil()) return std::nullopt;
    return std::move(*this).as<std::int64_t>(command);
}

template <>
std::optional<std::string> Reply::as<std::optional<std::string>>(std::string_view command) && {
    if (is_nil()) return std::nullopt;
    return std::move(*this).as<std::string>(command);
}

namespace {

template <class T>
std::vector<T> list_of(Reply& reply, std::string_view command) {
    if (reply.kind() != Reply::Kind::array) refuse(reply, command, "an array");
    std::vector<T> list;
    list.reserve(reply.elements().size());
    for (Reply& element : reply.elements()) list.push_back(std::move(element).as<T>(command));
    return list;
}

}  // namespace

template <>
std::vector<std::string> Reply::as<std::vector<std::string>>(std::string_view command) && {
    return list_of<std::string>(*this, command);
}

template <>
std::vector<std::optional<std::string>> Reply::as<std::vector<std::optional<std::string>>>(
    std::string_view command) && {
    return list_of<std::optional<std::string>>(*this, command);
}

}  // namespace portico::redis
