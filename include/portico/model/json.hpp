#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace portico::model {

/// Why a text is not JSON, in the words of Python's json module, which FastAPI passes on.
struct JsonError {
    std::size_t offset;   ///< In characters (code points) from the start, as Python counts.
    std::string message;  ///< "Expecting ',' delimiter"
};

/// Any JSON value. Objects keep the order of their members.
///
/// As a member or parameter it takes whatever was sent; OpenAPI documents are made of it. 16 bytes;
/// copying copies everything. Integers keep 64 bits; a larger one becomes a double.
///
///     Json item = Json::object({{"name", "pen"}, {"price", 1.5}});
///     item["tags"].push_back("new");      // null becomes an array or object when used as one
///     item.dump();                        // {"name":"pen","price":1.5,"tags":["new"]}
class Json {
public:
    enum class Kind : std::uint8_t {
        null,
        boolean,
        integer,
        unsigned_integer,  ///< Above the range of `integer`.
        real,
        string,
        array,
        object,
    };
    using Member = std::pair<std::string, Json>;
    using Array = std::vector<Json>;
    using Object = std::vector<Member>;

    Json() noexcept = default;
    // NOLINTBEGIN(google-explicit-constructor): a value is written where JSON is wanted.
    Json(std::nullptr_t) noexcept {}
    template <std::same_as<bool> T>
    Json(T value) noexcept : kind_(Kind::boolean) {
        value_.boolean = value;
    }
    template <std::integral T>
        requires(!std::same_as<T, bool>)
    Json(T value) noexcept {
        set_integer(static_cast<std::uint64_t>(value), value < T{});
    }
    Json(double value) noexcept : kind_(Kind::real) { value_.real = value; }
    Json(std::string value);
    Json(std::string_view value) : Json(std::string(value)) {}
    Json(const char* value) : Json(std::string(value)) {}
    // NOLINTEND(google-explicit-constructor)
    Json(const Json& other);
    Json(Json&& other) noexcept : kind_(other.kind_), exact_(other.exact_), value_(other.value_) {
        other.kind_ = Kind::null;
        other.exact_ = false;
    }
    Json& operator=(const Json& other);
    Json& operator=(Json&& other) noexcept;
    ~Json() {
        if (kind_ >= Kind::string || exact_) release();
    }

    [[nodiscard]] static Json array(std::initializer_list<Json> items = {});
    [[nodiscard]] static Json object(std::initializer_list<Member> members = {});
    /// A number that is written again as `text`, digit by digit, and is otherwise the double next
    /// to it. A text that is no JSON number is null.
    [[nodiscard]] static Json exact_number(std::string_view text);

    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    [[nodiscard]] bool is_null() const noexcept { return kind_ == Kind::null; }
    [[nodiscard]] bool is_bool() const noexcept { return kind_ == Kind::boolean; }
    [[nodiscard]] bool is_number() const noexcept {
        return kind_ >= Kind::integer && kind_ <= Kind::real;
    }
    [[nodiscard]] bool is_string() const noexcept { return kind_ == Kind::string; }
    [[nodiscard]] bool is_array() const noexcept { return kind_ == Kind::array; }
    [[nodiscard]] bool is_object() const noexcept { return kind_ == Kind::object; }

    /// The value, or the default value of another kind: false, 0, "".
    [[nodiscard]] bool as_bool() const noexcept { return is_bool() && value_.boolean; }
    /// A number out of range is the nearest that there is.
    [[nodiscard]] std::int64_t as_int() const noexcept;
    [[nodiscard]] std::uint64_t as_uint() const noexcept;
    [[nodiscard]] double as_double() const noexcept;
    [[nodiscard]] std::string_view as_string() const noexcept;
    /// The digits of an `exact_number`; empty for all else.
    [[nodiscard]] std::string_view exact_text() const noexcept;

    /// The items of an array, the members of an object; empty for other kinds.
    [[nodiscard]] const Array& items() const noexcept;
    [[nodiscard]] const Object& members() const noexcept;
    /// The same to change; null becomes an empty one, any other kind is replaced by one.
    [[nodiscard]] Array& items();
    [[nodiscard]] Object& members();

    /// The first member of that name, or null.
    [[nodiscard]] const Json* find(std::string_view key) const noexcept;
    [[nodiscard]] Json* find(std::string_view key) noexcept;
    [[nodiscard]] bool contains(std::string_view key) const noexcept {
        return find(key) != nullptr;
    }
    /// The member, null when there is none.
    const Json& operator[](std::string_view key) const noexcept;
    const Json& operator[](const char* key) const noexcept {
        return (*this)[std::string_view(key)];
    }
    /// The item, null when there is none.
    const Json& operator[](std::size_t index) const noexcept;
    const Json& operator[](int index) const noexcept {
        return (*this)[static_cast<std::size_t>(index)];
    }
    // Or else `json[0]` of one that can be changed might mean a null `const char*`.
    const Json& operator[](std::size_t index) noexcept {
        return static_cast<const Json&>(*this)[index];
    }
    const Json& operator[](int index) noexcept { return static_cast<const Json&>(*this)[index]; }
    /// The member, appended when there is none.
    Json& operator[](std::string_view key);
    Json& operator[](const char* key) { return (*this)[std::string_view(key)]; }

    void push_back(Json item);
    /// False when there is no such member.
    bool erase(std::string_view key);
    /// Items, members; 0 for other kinds.
    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }

    /// Numbers are equal by value, objects whatever their order.
    [[nodiscard]] bool operator==(const Json& other) const noexcept;

    /// With `indent` spaces a level; compact without. NaN and infinities are null.
    [[nodiscard]] std::string dump(int indent = -1) const;
    void dump_to(std::string& out, int indent = -1) const;

    /// One JSON text (RFC 8259), depth 100 at most; of members of one name the last counts.
    [[nodiscard]] static std::expected<Json, JsonError> parse(std::string_view text);

private:
    void set_integer(std::uint64_t bits, bool negative) noexcept;
    void release() noexcept;

    struct Exact {
        double value;
        std::string text;
    };

    Kind kind_ = Kind::null;
    bool exact_ = false;  ///< Of kind `real`: `value_.exact`.
    union {
        bool boolean;
        std::int64_t integer;
        std::uint64_t unsigned_integer;
        double real;
        Exact* exact;
        std::string* string;
        Array* array;
        Object* object;
    } value_{};
};

}  // namespace portico::model
