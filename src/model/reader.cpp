#include "model/reader.hpp"

#include <algorithm>

#include "portico/model/echo.hpp"
#include "portico/model/read.hpp"
#include "portico/model/secret.hpp"
#include "portico/model/write.hpp"

namespace portico::model {
namespace {

using detail::details_of;

bool syntax_error(const JsonError& error, const Location& root, Faults& faults) {
    const Location place(error.offset, &root);
    std::string ctx = R"({"error":)";
    write_json_string(error.message, ctx);
    faults.add(place, "json_invalid", "JSON decode error", "{}", ctx + "}");
    return false;
}

bool check_utf8(std::string_view json, const Location& root, Faults& faults) {
    const auto error = utf8_error(json);
    return !error || syntax_error(*error, root, faults);
}

}  // namespace

bool Reader::document(Slot slot, void* out, const Location& root) {
    in_.skip_space();
    return value(slot, out, root, 0) && in_.finish();
}

void Reader::fault(Slot slot, const Location& at, const Problem& problem, const char* from) {
    fault_of(slot, at, problem, in_.since(from));
}

void Reader::fault_of(Slot slot, const Location& at, const Problem& problem,
                      std::string_view json) {
    if (probing_) {
        // The verdict is enough: nobody sees these words.
        faults_->add(at, problem.type, {}, {});
        gave_up_ = true;
        return;
    }
    faults_->add(at, problem.type, problem.msg, echo(slot, json), problem.ctx);
}

std::string Reader::echo(Slot slot, std::string_view json) const {
    if (hidden_) return "\"" + std::string(SecretString::kMask) + "\"";
    return echo_json(slot, json);
}

bool Reader::refuse(Slot slot, const Location& at, unsigned depth, std::string_view type,
                    std::string_view msg) {
    const char* from = in_.at();
    if (!in_.skip_value(depth)) return false;
    fault(slot, at, {std::string(type), std::string(msg)}, from);
    return true;
}

bool Reader::value(Slot slot, void* out, const Location& at, unsigned depth) {
    if (enough()) [[unlikely]]
        return in_.skip_value(depth);
    if (slot.annotations != nullptr) {
        if (slot.annotations->wrap != nullptr) [[unlikely]]
            return wrapped(slot, out, at, depth);
        if (slot.annotations->before != nullptr) [[unlikely]]
            return rewritten(slot, out, at, depth, slot.annotations->before, false);
    }
    switch (slot.type->kind) {
        case Kind::optional:
            return optional(slot, out, at, depth);
        case Kind::array:
            return array(slot, out, at, depth);
        case Kind::tuple:
            return tuple(slot, out, at, depth);
        case Kind::map:
            return map(slot, out, at, depth);
        case Kind::object:
        case Kind::partial:
            return object(slot, out, at, depth);
        case Kind::variant:
            return variant(slot, out, at, depth);
        case Kind::any:
            return any(slot, *static_cast<Json*>(out), at, depth);
        case Kind::raw:
            return raw(slot, *static_cast<RawJson*>(out), at, depth);
        default:
            return scalar(slot, out, at, depth);
    }
}

bool Reader::scalar(Slot slot, void* out, const Location& at, unsigned depth) {
    const char* from = in_.at();
    Scalar input;
    switch (in_.peek()) {
        case '"': {
            Scanner::String string;
            if (!in_.string(string)) return false;
            input.kind = Scalar::Kind::string;
            input.text = string.text;
            input.plain = !string.escaped;
            input.lone_surrogate = string.lone_surrogate;
            if (slot.type->kind == Kind::string && input.plain && slot.annotations == nullptr) {
                static_cast<std::string*>(out)->assign(input.text);
                return true;
            }
            break;
        }
        case 't':
        case 'f':
            input.kind = Scalar::Kind::boolean;
            input.truth = in_.peek() == 't';
            if (!in_.literal(input.truth ? "true" : "false")) return false;
            break;
        case 'n':
            if (!in_.literal("null")) return false;
            break;
        case '{':
        case '[':
            input.kind = Scalar::Kind::container;
            if (!in_.skip_value(depth)) return false;
            break;
        default: {
            if (!in_.number(input.number)) return false;
            input.kind = Scalar::Kind::number;
            input.text = in_.since(from);
        }
    }
    bool right = read_scalar(slot, input, out, strict_, inexact_, problem_);
    if (right && slot.annotations != nullptr && slot.annotations->check != nullptr) {
        right = run_check(slot, out, problem_);
    }
    if (!right) [[unlikely]]
        fault(slot, at, problem_, from);
    return true;
}

bool Reader::optional(Slot slot, void* out, const Location& at, unsigned depth) {
    const auto& details = details_of<detail::OptionalDetails>(*slot.type);
    if (in_.peek() == 'n') {
        details.reset(out);
        return in_.literal("null");
    }
    // The annotations of the optional are those of its value.
    Slot item = details.item;
    if (item.annotations == nullptr) item.annotations = slot.annotations;
    return value(item, details.emplace(out), at, depth);
}

bool Reader::array(Slot slot, void* out, const Location& at, unsigned depth) {
    const auto& details = details_of<detail::ArrayDetails>(*slot.type);
    const bool is_set = details.shape == detail::ArrayDetails::Shape::set;
    if (in_.peek() != '[') {
        return is_set ? refuse(slot, at, depth, "set_type", "Input should be a valid set")
                      : refuse(slot, at, depth, "list_type", "Input should be a valid list");
    }
    const char* from = in_.at();
    const std::size_t first_fault = faults_->size();
    const Annotations* limits = slot.annotations;
    const std::size_t most = limits != nullptr ? limits->max_length : Annotations::kUnbounded;
    std::size_t count = 0;
    details.clear(out);
    if (!items(slot, out, at, depth, count, most)) return false;
    if (is_set ? details.size(out) > most : count > most) {
        static_cast<void>(faults_->take_from(first_fault));
        fault(slot, at, too_many(is_set ? "Set" : "List", most, is_set ? 0 : count), from);
    } else if (limits != nullptr && faults_->size() == first_fault && !enough()) {
        const std::size_t size = details.size(out);
        if (size < limits->min_length) {
            fault(slot, at, too_few(is_set ? "Set" : "List", limits->min_length, size), from);
        } else if (limits->check != nullptr && !run_check(slot, out, problem_)) {
            fault(slot, at, problem_, from);
        }
    }
    return true;
}

bool Reader::items(Slot slot, void* out, const Location& at, unsigned depth, std::size_t& count,
                   std::size_t most) {
    const auto& details = details_of<detail::ArrayDetails>(*slot.type);
    if (!in_.open(depth)) return false;
    for (bool done = false;;) {
        if (!in_.next_item(count == 0, done)) return false;
        if (done) return true;
        const Location here(count++, &at);
        // One more than may be there is proof enough, and no more memory.
        const bool too_many_items =
            details.append != nullptr ? count > most : details.size(out) > most;
        if (too_many_items || enough()) {
            if (!in_.skip_value(depth + 1)) return false;
        } else if (details.append != nullptr) {
            if (!value(details.item, details.append(out), here, depth + 1)) return false;
        } else {
            Temporary item(*details.item.type);
            if (!value(details.item, item.get(), here, depth + 1)) return false;
            details.insert(out, item.get());
        }
        in_.skip_space();
        if (in_.take(']')) return true;
        if (!in_.take(',')) return in_.fail("Expecting ',' delimiter");
    }
}

/// The value of a key, into the map.
bool Reader::entry(const detail::MapDetails& details, void* map, const Scanner::String& key,
                   const Location& at, unsigned depth) {
    const Scalar its_key{.kind = Scalar::Kind::string,
                         .plain = !key.escaped,
                         .lone_surrogate = key.lone_surrogate,
                         .bare = true,
                         .text = key.text};
    const std::string kept(key.text);
    const Location here(kept, &at);
    Temporary key_object(*details.key.type);
    bool inexact = false;
    const bool fits = read_scalar(details.key, its_key, key_object.get(), false, inexact, problem_);
    if (!fits) {
        const Location its_place("[key]", &here);
        std::string json;
        write_json_string(kept, json);
        fault_of(details.key, its_place, problem_, json);
    }
    if (enough()) return in_.skip_value(depth + 1);
    if (!fits) {
        Temporary nowhere(*details.value.type);
        return value(details.value, nowhere.get(), here, depth + 1);
    }
    return value(details.value, details.insert(map, key_object.get()), here, depth + 1);
}

bool Reader::map(Slot slot, void* out, const Location& at, unsigned depth) {
    const auto& details = details_of<detail::MapDetails>(*slot.type);
    if (in_.peek() != '{') {
        return refuse(slot, at, depth, "dict_type", "Input should be a valid dictionary");
    }
    const char* from = in_.at();
    const std::size_t first_fault = faults_->size();
    const Annotations* limits = slot.annotations;
    details.clear(out);
    if (!in_.open(depth)) return false;
    for (bool first = true, done = false;; first = false) {
        Scanner::String key;
        if (!in_.next_key(first, done, key)) return false;
        if (done) break;
        if (!entry(details, out, key, at, depth)) return false;
        in_.skip_space();
        if (in_.take('}')) break;
        if (!in_.take(',')) return in_.fail("Expecting ',' delimiter");
    }
    if (limits == nullptr || faults_->size() != first_fault || enough()) return true;
    const std::size_t size = details.size(out);
    if (size > limits->max_length) {
        fault(slot, at, too_many("Dictionary", limits->max_length, 0), from);
    } else if (size < limits->min_length) {
        fault(slot, at, too_few("Dictionary", limits->min_length, size), from);
    } else if (limits->check != nullptr && !run_check(slot, out, problem_)) {
        fault(slot, at, problem_, from);
    }
    return true;
}

bool read_json(std::string_view json, Slot slot, void* out, const Location& root, Faults& faults) {
    const std::size_t before = faults.size();
    if (faults.full() || !check_utf8(json, root, faults)) return false;
    Reader reader(json, faults);
    if (!reader.document(slot, out, root)) {
        static_cast<void>(faults.take_from(before));
        return syntax_error(reader.error(), root, faults);
    }
    return faults.size() == before;
}

bool split_json(std::string_view json, std::vector<JsonMember>& members, const Location& root,
                Faults& faults) {
    if (faults.full() || !check_utf8(json, root, faults)) return false;
    Scanner in(json);
    in.skip_space();
    bool right = true;
    if (in.peek() != '{') {
        right = in.skip_value(0);
    } else {
        bool done = false;
        for (bool first = true; (right = in.open_once(first)); first = false) {
            Scanner::String key;
            right = in.next_key(first, done, key);
            if (!right || done) break;
            std::string name(key.text);
            const char* const from = in.at();
            right = in.skip_value(1);
            if (!right) break;
            members.push_back({std::move(name), in.since(from)});
            in.skip_space();
            if (in.take('}')) break;
            if (!in.take(',')) {
                right = in.fail("Expecting ',' delimiter");
                break;
            }
        }
    }
    return (right && in.finish()) || syntax_error(in.error(), root, faults);
}

}  // namespace portico::model
