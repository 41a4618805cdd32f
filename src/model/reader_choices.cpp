#include <algorithm>
#include <charconv>
#include <string>

#include "model/reader.hpp"

/// Members that may be sent under several names, or within other members.
namespace portico::model {
namespace {

/// Takes one reference token off a JSON Pointer (RFC 6901 §3: "~1" is "/", "~0" is "~").
std::string take_token(std::string_view& pointer) {
    pointer.remove_prefix(1);  // "/"
    const std::string_view raw = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(raw.size());
    std::string token;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] == '~' && i + 1 < raw.size()) {
            token += raw[++i] == '1' ? '/' : '~';
        } else {
            token += raw[i];
        }
    }
    return token;
}

/// RFC 6901 §4: digits without a leading zero.
std::optional<std::size_t> index_of(std::string_view token) {
    std::size_t index = 0;
    const auto* const end = token.data() + token.size();
    const auto [at, error] = std::from_chars(token.data(), end, index);
    if (error != std::errc() || at != end || (token.size() > 1 && token.front() == '0')) return {};
    return index;
}

}  // namespace

bool begins_path(const detail::ModelTable& table, std::string_view key) {
    return table.has_paths && std::ranges::any_of(table.choices, [&](const auto& choice) {
               std::string_view path = choice.name;
               return path.starts_with('/') && take_token(path) == key;
           });
}

/// What a member was sent as before, under a name that counts less, is an unknown member.
bool Reader::pass_over(Reading& reading, std::size_t field) {
    const auto sent = std::ranges::find(reading.sent, field, &Reading::Sent::field);
    const char* const here = in_.at();
    in_.go_to(sent->from);
    const bool right = sent->name.starts_with('/') || unknown_member(reading, {.text = sent->name});
    in_.go_to(here);
    return right;
}

/// Behind the object: what is read from within it.
bool Reader::paths(Reading& reading) {
    const char* const end = in_.at();
    for (const auto& choice : reading.table.choices) {
        if (!choice.name.starts_with('/')) continue;
        const auto sent = std::ranges::find(reading.sent, choice.field, &Reading::Sent::field);
        if (sent != reading.sent.end() && sent->rank < choice.rank) continue;
        in_.go_to(reading.opening);
        if (!follow(reading, choice, choice.name, reading.at, reading.depth)) return false;
    }
    in_.go_to(end);
    return true;
}

/// Reads the member from where `rest` leads to from the value at the cursor, if that is anywhere.
bool Reader::follow(Reading& reading, const detail::ModelTable::Choice& path, std::string_view rest,
                    const Location& at, unsigned depth) {
    if (rest.empty()) {
        const Field& field = reading.table.fields[path.field];
        return member_value(reading, field, path.rank, path.name, at, depth);
    }
    const std::string token = take_token(rest);
    const bool is_object = in_.peek() == '{';
    const auto index = is_object ? std::nullopt : index_of(token);
    if (!is_object && (in_.peek() != '[' || !index)) return true;
    const char* found = nullptr;  // of members of one name the last
    if (!in_.open(depth)) return false;
    std::size_t next = 0;
    for (bool first = true, done = false;; first = false) {
        Scanner::String key;
        if (!(is_object ? in_.next_key(first, done, key) : in_.next_item(first, done))) {
            return false;
        }
        if (done) break;
        if (is_object ? key.text == token : next++ == *index) found = in_.at();
        if (!in_.skip_value(depth + 1)) return false;
        in_.skip_space();
        if (in_.take(is_object ? '}' : ']')) break;
        if (!in_.take(',')) return in_.fail("Expecting ',' delimiter");
    }
    if (found == nullptr) return true;
    in_.go_to(found);
    const Location here = is_object ? Location(token, &at) : Location(*index, &at);
    return follow(reading, path, rest, here, depth + 1);
}

}  // namespace portico::model
