#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace portico::http {

/// True for equal field names: ASCII letters compare without case (RFC 9110 §5.1).
[[nodiscard]] bool equal_names(std::string_view a, std::string_view b) noexcept;

/// True for a token (RFC 9110 §5.6.2): what a field name must be.
[[nodiscard]] bool is_token(std::string_view text) noexcept;
/// True for a text that may stand in a field value: no CR, LF, NUL or other control but HTAB, no
/// space at either end (RFC 9110 §5.5).
[[nodiscard]] bool is_field_value(std::string_view text) noexcept;

/// The fields of a message, in order, as ranges of one block of text.
///
/// Reading is the same for requests and responses; only `Headers` can be changed. Views are valid
/// until the next change or the end of the message.
class HeaderView {
public:
    struct Field {
        std::string_view name;
        std::string_view value;
    };

    class Iterator {
    public:
        Iterator(const HeaderView* view, std::size_t index) noexcept : view_(view), index_(index) {}
        Field operator*() const noexcept { return (*view_)[index_]; }
        Iterator& operator++() noexcept {
            ++index_;
            return *this;
        }
        bool operator==(const Iterator&) const noexcept = default;

    private:
        const HeaderView* view_;
        std::size_t index_;
    };

    /// The first field of that name.
    [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const noexcept;
    /// The value of the first field of that name, or an empty text.
    [[nodiscard]] std::string_view value_or_empty(std::string_view name) const noexcept {
        return get(name).value_or(std::string_view{});
    }
    [[nodiscard]] bool contains(std::string_view name) const noexcept {
        return get(name).has_value();
    }
    [[nodiscard]] std::size_t count(std::string_view name) const noexcept;
    /// Every value of that name, in order.
    [[nodiscard]] std::vector<std::string_view> get_all(std::string_view name) const;

    [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }
    [[nodiscard]] bool empty() const noexcept { return fields_.empty(); }
    [[nodiscard]] Field operator[](std::size_t index) const noexcept {
        const Range& range = fields_[index];
        return {{text_ + range.name, range.name_length}, {text_ + range.value, range.value_length}};
    }
    [[nodiscard]] Iterator begin() const noexcept { return {this, 0}; }
    [[nodiscard]] Iterator end() const noexcept { return {this, fields_.size()}; }

    /// For parsers: the block of text that the fields lie in, and one field of it by offsets.
    void set_text(const char* text) noexcept { text_ = text; }
    void append_range(std::size_t name, std::size_t name_length, std::size_t value,
                      std::size_t value_length) {
        fields_.push_back(
            {static_cast<std::uint32_t>(name), static_cast<std::uint32_t>(name_length),
             static_cast<std::uint32_t>(value), static_cast<std::uint32_t>(value_length)});
    }
    void clear() noexcept { fields_.clear(); }

protected:
    struct Range {
        std::uint32_t name;
        std::uint32_t name_length;
        std::uint32_t value;
        std::uint32_t value_length;
    };

    const char* text_ = "";
    std::vector<Range> fields_;
};

/// Fields that can be changed: a response's, or a test's request's.
///
/// A name that is no token, or a value with CR, LF, NUL or another control character, throws
/// `std::invalid_argument`: a header can't be injected through a value. Spaces and tabs at the ends
/// of a value are dropped. Keeps its memory on `clear`, so a reused message allocates nothing.
///
///     response.headers.set("Cache-Control", "no-store");
///     response.headers.add("Set-Cookie", cookie.to_string());
class Headers : public HeaderView {
public:
    Headers() = default;
    Headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields);
    Headers(const Headers& other);
    Headers(Headers&& other) noexcept;
    Headers& operator=(const Headers& other);
    Headers& operator=(Headers&& other) noexcept;
    ~Headers() = default;

    /// One more field, whether or not the name is there.
    void add(std::string_view name, std::string_view value);
    /// The only field of that name from now on.
    void set(std::string_view name, std::string_view value);
    /// As `set`, when the name is not there yet.
    void set_default(std::string_view name, std::string_view value);
    /// As `set_default` for each of `fields`: one copy of what was checked when it was made, for
    /// fields that every response has.
    void set_defaults(const Headers& fields);
    /// As `set`, but joins with a comma to what is there, without repeating a member: for `Vary`.
    void merge(std::string_view name, std::string_view member);
    void remove(std::string_view name) noexcept;
    void clear() noexcept;

private:
    /// Room for `bytes` more. What it returns is the block that the fields lay in, when they had to
    /// move: it keeps alive what the caller's texts may be views of.
    [[nodiscard]] std::string make_room(std::size_t bytes);
    [[nodiscard]] std::uint32_t append(std::string_view text);
    void append_field(std::string_view name, std::string_view value);

    std::string storage_;
};

}  // namespace portico::http
