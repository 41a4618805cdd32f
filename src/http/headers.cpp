#include "portico/http/headers.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <stdexcept>

#include "http/bytes.hpp"

namespace portico::http {

namespace {

// RFC 9110 §5.5: field-vchar is VCHAR or obs-text; between them, SP and HTAB.
constexpr ByteSet kFieldBytes = ByteSet("\t").with_range(0x20, 0x7e).with_range(0x80, 0xff);

// Never so small that the string would keep its text inside itself, where a move would change its
// address.
constexpr std::size_t kFirstBlock = 512;

constexpr std::uint64_t repeat(std::uint8_t byte) {
    return 0x0101010101010101U * byte;
}

/// True when eight bytes differ in the case of ASCII letters alone.
constexpr bool equal_words(std::uint64_t a, std::uint64_t b) noexcept {
    const std::uint64_t lower = a | repeat(0x20);
    const std::uint64_t seven = lower & repeat(0x7f);
    const std::uint64_t from_a = seven + repeat(0x80 - 'a');
    const std::uint64_t past_z = seven + repeat(0x7f - 'z');
    const std::uint64_t letters = (from_a ^ past_z) & ~lower & repeat(0x80);
    return ((a ^ b) & ~(letters >> 2)) == 0;
}

std::uint64_t load(const char* from) noexcept {
    std::uint64_t word;
    std::memcpy(&word, from, sizeof word);
    return word;
}

/// Fewer than eight bytes as a word: two loads that overlap, so that the length is no loop.
std::uint64_t load_short(const char* from, std::size_t size) noexcept {
    if (size >= 4) {
        std::uint32_t first;
        std::uint32_t last;
        std::memcpy(&first, from, 4);
        std::memcpy(&last, from + size - 4, 4);
        return std::uint64_t{first} << 32 | last;
    }
    if (size == 0) return 0;
    const auto byte = [&](std::size_t at) -> std::uint64_t {
        return static_cast<unsigned char>(from[at]);
    };
    return byte(0) << 16 | byte(size / 2) << 8 | byte(size - 1);
}

/// Of equal lengths.
bool equal_letters(const char* a, const char* b, std::size_t size) noexcept {
    if (size < 8) return equal_words(load_short(a, size), load_short(b, size));
    for (std::size_t at = 0; at + 8 < size; at += 8) {
        if (!equal_words(load(a + at), load(b + at))) return false;
    }
    return equal_words(load(a + size - 8), load(b + size - 8));
}

/// True when eight bytes have no control character, HTAB included, and no DEL.
constexpr bool plain_word(std::uint64_t word) noexcept {
    const std::uint64_t below_space = (word - repeat(0x20)) & ~word;
    const std::uint64_t no_del = word ^ repeat(0x7f);
    const std::uint64_t del = (no_del - repeat(1)) & ~no_del;
    return ((below_space | del) & repeat(0x80)) == 0;
}

bool has_field_bytes(std::string_view text) noexcept {
    while (text.size() >= 8 && plain_word(load(text.data()))) text.remove_prefix(8);
    return kFieldBytes.has_all(text);
}

[[noreturn]] void refuse_name(std::string_view name) {
    if (name.empty()) throw std::invalid_argument("a header name is empty");
    std::string shown;
    for (const char c : name.substr(0, 64)) shown += c >= ' ' && c <= '~' ? c : '?';
    throw std::invalid_argument("header name \"" + shown + "\": expected letters, digits and " +
                                "!#$%&'*+-.^_`|~ (RFC 9110 §5.6.2)");
}

std::string_view check(std::string_view name, std::string_view value) {
    if (!is_token(name)) refuse_name(name);
    if (!has_field_bytes(value)) {
        throw std::invalid_argument("header \"" + std::string(name.substr(0, 64)) +
                                    "\": its value has a control character");
    }
    return trim(value);
}

bool has_member(std::string_view list, std::string_view member) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(','), list.size());
        const std::string_view item = trim(list.substr(0, end));
        if (item == "*" || equal_names(item, member)) return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

}  // namespace

bool equal_names(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && equal_letters(a.data(), b.data(), a.size());
}

bool is_token(std::string_view text) noexcept {
    return !text.empty() && kTokenBytes.has_all(text);
}

bool is_field_value(std::string_view text) noexcept {
    return has_field_bytes(text) && trim(text).size() == text.size();
}

std::optional<std::string_view> HeaderView::get(std::string_view name) const noexcept {
    for (const Range& range : fields_) {
        if (range.name_length != name.size()) continue;
        if (!equal_letters(text_ + range.name, name.data(), name.size())) continue;
        return std::string_view(text_ + range.value, range.value_length);
    }
    return {};
}

std::size_t HeaderView::count(std::string_view name) const noexcept {
    std::size_t found = 0;
    for (const Field field : *this) found += equal_names(field.name, name) ? 1 : 0;
    return found;
}

std::vector<std::string_view> HeaderView::get_all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const Field field : *this) {
        if (equal_names(field.name, name)) values.push_back(field.value);
    }
    return values;
}

Headers::Headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    for (const auto& [name, value] : fields) add(name, value);
}

Headers::Headers(const Headers& other) : HeaderView(other) {
    storage_.reserve(std::max(kFirstBlock, other.storage_.size()));
    storage_ = other.storage_;
    text_ = storage_.data();
}

Headers::Headers(Headers&& other) noexcept : HeaderView() {
    *this = std::move(other);
}

Headers& Headers::operator=(const Headers& other) {
    if (this == &other) return *this;
    fields_ = other.fields_;
    storage_.reserve(std::max(kFirstBlock, other.storage_.size()));
    storage_ = other.storage_;
    text_ = storage_.data();
    return *this;
}

Headers& Headers::operator=(Headers&& other) noexcept {
    if (this == &other) return *this;
    fields_ = std::move(other.fields_);
    storage_ = std::move(other.storage_);
    text_ = storage_.data();
    other.clear();
    return *this;
}

std::string Headers::make_room(std::size_t bytes) {
    if (storage_.capacity() >= kFirstBlock && bytes <= storage_.capacity() - storage_.size()) {
        return {};
    }
    std::size_t live = bytes;
    for (const Range& range : fields_) live += range.name_length + range.value_length;
    std::string fresh;
    fresh.reserve(std::max(kFirstBlock, 2 * live));
    for (Range& range : fields_) {
        const std::string_view name(text_ + range.name, range.name_length);
        const std::string_view value(text_ + range.value, range.value_length);
        range.name = static_cast<std::uint32_t>(fresh.size());
        fresh.append(name);
        range.value = static_cast<std::uint32_t>(fresh.size());
        fresh.append(value);
    }
    storage_.swap(fresh);
    text_ = storage_.data();
    return fresh;
}

std::uint32_t Headers::append(std::string_view text) {
    const std::size_t at = storage_.size();
    storage_.append(text);
    return static_cast<std::uint32_t>(at);
}

void Headers::append_field(std::string_view name, std::string_view value) {
    [[maybe_unused]] const std::string kept = make_room(name.size() + value.size());
    const std::uint32_t name_at = append(name);
    const std::uint32_t value_at = append(value);
    fields_.push_back({name_at, static_cast<std::uint32_t>(name.size()), value_at,
                       static_cast<std::uint32_t>(value.size())});
}

void Headers::add(std::string_view name, std::string_view value) {
    value = check(name, value);
    append_field(name, value);
}

void Headers::set(std::string_view name, std::string_view value) {
    value = check(name, value);
    const auto same = [&](const Range& range) {
        return equal_names({text_ + range.name, range.name_length}, name);
    };
    const auto first = std::ranges::find_if(fields_, same);
    if (first == fields_.end()) {
        append_field(name, value);
        return;
    }
    std::string kept;
    if (value.size() > first->value_length) {
        kept = make_room(value.size());
        first->value = append(value);
    } else if (!value.empty()) {
        std::memmove(storage_.data() + first->value, value.data(), value.size());
    }
    first->value_length = static_cast<std::uint32_t>(value.size());
    fields_.erase(std::remove_if(first + 1, fields_.end(), same), fields_.end());
}

void Headers::set_default(std::string_view name, std::string_view value) {
    if (!contains(name)) add(name, value);
}

void Headers::set_defaults(const Headers& fields) {
    if (this == &fields) return;
    [[maybe_unused]] const std::string kept = make_room(fields.storage_.size());
    const std::uint32_t start = append(fields.storage_);
    const std::size_t before = fields_.size();
    for (const Range& range : fields.fields_) {
        const auto same = [&](const Range& there) {
            return there.name_length == range.name_length &&
                   equal_letters(text_ + there.name, fields.text_ + range.name, range.name_length);
        };
        const auto end = fields_.begin() + static_cast<std::ptrdiff_t>(before);
        if (std::find_if(fields_.begin(), end, same) != end) continue;
        fields_.push_back(
            {start + range.name, range.name_length, start + range.value, range.value_length});
    }
}

void Headers::merge(std::string_view name, std::string_view member) {
    member = check(name, member);
    std::size_t bytes = member.size();
    for (const Field field : *this) {
        if (!equal_names(field.name, name)) continue;
        if (has_member(field.value, member)) return;
        bytes += field.value.size() + 2;
    }
    const auto same = [&](const Range& range) {
        return equal_names({text_ + range.name, range.name_length}, name);
    };
    if (std::ranges::none_of(fields_, same)) {
        append_field(name, member);
        return;
    }
    [[maybe_unused]] const std::string kept = make_room(bytes);
    const std::size_t start = storage_.size();
    for (const Range& range : fields_) {
        if (!same(range) || range.value_length == 0) continue;
        static_cast<void>(append({text_ + range.value, range.value_length}));
        static_cast<void>(append(", "));
    }
    static_cast<void>(append(member));
    const auto first = std::ranges::find_if(fields_, same);
    first->value = static_cast<std::uint32_t>(start);
    first->value_length = static_cast<std::uint32_t>(storage_.size() - start);
    fields_.erase(std::remove_if(first + 1, fields_.end(), same), fields_.end());
}

void Headers::remove(std::string_view name) noexcept {
    std::erase_if(fields_, [&](const Range& range) {
        return equal_names({text_ + range.name, range.name_length}, name);
    });
}

void Headers::clear() noexcept {
    fields_.clear();
    storage_.clear();
    text_ = storage_.data();
}

}  // namespace portico::http
