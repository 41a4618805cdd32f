#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace portico::auth {

/// The members of one JSON object, found by a scan that is stricter than JSON (RFC 8259) itself:
/// no member twice in any object, at most 8 levels, at most 128 members in the objects that are
/// open at once. Bytes in texts are UTF-8. Nothing is allocated unless a name has an escape in it.
class JsonMembers {
public:
    enum class Fault : std::uint8_t { none, malformed, duplicate, too_large };

    struct Member {
        std::string_view name;
        std::string_view value;  ///< As it stands in the text: `"a\n"`, `12`, `[1, 2]`.
    };

    static constexpr std::size_t kDepth = 8;
    static constexpr std::size_t kMembers = 128;

    JsonMembers() noexcept {}  // NOLINT(modernize-use-equals-default): the union has no default
    JsonMembers(const JsonMembers&) = delete;
    JsonMembers& operator=(const JsonMembers&) = delete;

    /// The views are of `text` and of this object.
    [[nodiscard]] Fault scan(std::string_view text);

    /// Of the outermost object, in order; none unless the scan was without fault.
    [[nodiscard]] std::span<const Member> list() const noexcept {
        return {members_.data(), count_};
    }
    [[nodiscard]] const Member* find(std::string_view name) const noexcept { return find(0, name); }

private:
    class Scanner;

    [[nodiscard]] const Member* find(std::size_t first, std::string_view name) const noexcept;

    // In a union, so that the 5 KiB, of which a token needs little, are not filled first.
    union {
        std::array<Member, kMembers> members_;
    };
    union {
        std::array<std::uint64_t, kMembers> starts_;  // of each name, to tell most apart at once
    };
    std::size_t count_ = 0;
    std::forward_list<std::string> unescaped_;
};

/// The text of a JSON string, quotes included in `value`; nothing for any other value.
[[nodiscard]] std::optional<std::string> json_text(std::string_view value);

/// The texts of an array that holds nothing but strings; nothing for any other value.
[[nodiscard]] std::optional<std::vector<std::string>> json_texts(std::string_view value);

}  // namespace portico::auth
