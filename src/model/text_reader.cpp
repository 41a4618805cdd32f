#include <algorithm>
#include <utility>

#include "model/reader.hpp"
#include "portico/model/echo.hpp"
#include "portico/model/member_options.hpp"
#include "portico/model/read.hpp"
#include "portico/model/secret.hpp"

namespace portico::model {
namespace {

using detail::details_of;

class TextReader {
public:
    explicit TextReader(Faults& faults) : faults_(faults) {}

    void values(std::span<const std::string_view> texts, Slot slot, void* out, const Location& at) {
        if (!texts.empty() && slot.annotations != nullptr) {
            if (slot.annotations->wrap != nullptr) [[unlikely]]
                return wrapped(texts, slot, out, at);
            if (slot.annotations->before != nullptr) [[unlikely]]
                return rewritten(texts, slot, out, at);
        }
        switch (slot.type->kind) {
            case Kind::array:
                return list(texts, slot, out, at);
            case Kind::tuple:
                return tuple(texts, slot, out, at);
            case Kind::optional: {
                const auto& details = details_of<detail::OptionalDetails>(*slot.type);
                if (texts.empty()) return details.reset(out);
                Slot item = details.item;
                if (item.annotations == nullptr) item.annotations = slot.annotations;
                return values(texts, item, details.emplace(out), at);
            }
            default:
                if (texts.empty()) return faults_.add(at, "missing", "Field required", "null");
                return value(texts.back(), slot, out, at);
        }
    }

private:
    /// What validators see: a string, of a list an array of them.
    static Json json_of(std::span<const std::string_view> texts, Slot slot) {
        if (!takes_list(*slot.type)) return texts.back();
        Json list = Json::array();
        for (const std::string_view text : texts) list.push_back(text);
        return list;
    }
    static std::string echo_of(std::span<const std::string_view> texts, Slot slot) {
        return takes_list(*slot.type) ? echo_list(slot, texts) : echo_text(slot, texts.back());
    }

    /// What a validator has made of them.
    void again(const Json& input, Slot slot, void* out, const Location& at) {
        const Json::Array& items = input.items();
        std::vector<std::string_view> changed;
        if (input.is_string()) changed.push_back(input.as_string());
        for (const Json& each : items) changed.push_back(each.as_string());
        if (input.is_string() ||
            (input.is_array() && std::ranges::all_of(items, &Json::is_string))) {
            return values(changed, slot, out, at);
        }
        // No text any more: a number, null, an object.
        static_cast<void>(read_json(input.dump(), slot, out, at, faults_));
    }

    /// Hands the text to a validator before it is read.
    void rewritten(std::span<const std::string_view> texts, Slot slot, void* out,
                   const Location& at) {
        Json input = json_of(texts, slot);
        if (const auto sentence = slot.annotations->before(input)) {
            return add(at, value_error(*sentence), echo_of(texts, slot));
        }
        Annotations annotations = *slot.annotations;
        annotations.before = nullptr;
        again(input, {slot.type, &annotations}, out, at);
    }

    class Wrapped final : public WrappedRead {
    public:
        Wrapped(const Json& input, Slot slot, void* out, const Location& at)
            : input_(input), slot_(slot), out_(out), at_(at) {}

        bool operator()() override {
            faults.clear();
            TextReader(faults).again(input_, slot_, out_, at_);
            return faults.empty();
        }
        void forget() noexcept override { faults.clear(); }

        Faults faults;

    private:
        const Json& input_;
        Slot slot_;
        void* out_;
        const Location& at_;
    };

    /// Lets a validator read it, or do without.
    void wrapped(std::span<const std::string_view> texts, Slot slot, void* out,
                 const Location& at) {
        Json input = json_of(texts, slot);
        Annotations inside = *slot.annotations;
        inside.wrap = nullptr;
        Wrapped read(input, {slot.type, &inside}, out, at);
        if (const auto sentence = slot.annotations->wrap(input, out, read)) {
            return add(at, value_error(*sentence), echo_of(texts, slot));
        }
        for (const Fault& each : read.faults.list()) faults_.add(each);
    }

    static bool takes_list(const Type& type) {
        if (type.kind != Kind::optional) return type.kind == Kind::array;
        return takes_list(*details_of<detail::OptionalDetails>(type).item.type);
    }

    void list(std::span<const std::string_view> texts, Slot slot, void* out, const Location& at) {
        const auto& details = details_of<detail::ArrayDetails>(*slot.type);
        const bool is_set = details.shape == detail::ArrayDetails::Shape::set;
        const char* what = is_set ? "Set" : "List";
        const Annotations* limits = slot.annotations;
        const std::size_t before = faults_.size();
        details.clear(out);
        if (limits != nullptr && !is_set && texts.size() > limits->max_length) {
            return add(at, too_many(what, limits->max_length, texts.size()),
                       echo_list(slot, texts));
        }
        for (std::size_t i = 0; i < texts.size() && !faults_.full(); ++i) {
            const Location here(i, &at);
            Temporary item(*details.item.type);
            values(texts.subspan(i, 1), details.item, item.get(), here);
            if (faults_.size() == before) details.insert(out, item.get());
        }
        if (limits == nullptr || faults_.size() != before) return;
        const std::size_t size = details.size(out);
        if (size > limits->max_length) {
            add(at, too_many(what, limits->max_length, 0), echo_list(slot, texts));
        } else if (size < limits->min_length) {
            add(at, too_few(what, limits->min_length, size), echo_list(slot, texts));
        } else if (limits->check != nullptr && !run_check(slot, out, problem_)) {
            add(at, problem_, echo_list(slot, texts));
        }
    }

    void tuple(std::span<const std::string_view> texts, Slot slot, void* out, const Location& at) {
        const auto& details = details_of<detail::TupleDetails>(*slot.type);
        const char* what = details.is_array ? "List" : "Tuple";
        const std::size_t before = faults_.size();
        if (texts.empty()) return faults_.add(at, "missing", "Field required", "null");
        if (texts.size() > details.count) {
            return add(at, too_many(what, details.count, texts.size()), echo_list(slot, texts));
        }
        if (texts.size() < details.count && details.is_array) {
            return add(at, too_few(what, details.count, texts.size()), echo_list(slot, texts));
        }
        for (std::size_t i = 0; i < details.count && !faults_.full(); ++i) {
            const Location here(i, &at);
            if (i >= texts.size()) {
                add(here, {"missing", "Field required"}, echo_list(slot, texts));
            } else {
                values(texts.subspan(i, 1), details.items[details.is_array ? 0 : i],
                       details.at(out, i), here);
            }
        }
        if (slot.annotations != nullptr && slot.annotations->check != nullptr &&
            faults_.size() == before && !run_check(slot, out, problem_)) {
            add(at, problem_, echo_list(slot, texts));
        }
    }

    void value(std::string_view text, Slot slot, void* out, const Location& at) {
        switch (slot.type->kind) {
            case Kind::variant:
                return variant(text, slot, out, at);
            case Kind::any:
                *static_cast<Json*>(out) = Json(text);
                return;
            case Kind::raw:
                *static_cast<RawJson*>(out) = RawJson(Json(text));
                return;
            case Kind::map:
                return add(at, {"dict_type", "Input should be a valid dictionary"},
                           echo_text(slot, text));
            case Kind::object:
            case Kind::partial:
                return add(at,
                           {"model_attributes_type",
                            "Input should be a valid dictionary or object to extract fields from"},
                           echo_text(slot, text));
            default:
                break;
        }
        bool right = find_invalid_utf8(text) == text.npos;
        if (!right) {
            problem_ = {"string_unicode",
                        "Input should be a valid string, unable to parse raw data as a unicode "
                        "string"};
        } else {
            bool inexact = false;
            const Scalar input{.kind = Scalar::Kind::string, .bare = true, .text = text};
            // A parameter is always a text: `strict` can't ask for more.
            Slot lax = slot;
            Annotations relaxed;
            if (slot.annotations != nullptr && slot.annotations->strict) {
                relaxed = *slot.annotations;
                relaxed.strict = false;
                lax.annotations = &relaxed;
            }
            right = read_scalar(lax, input, out, false, inexact, problem_);
        }
        if (right && slot.annotations != nullptr && slot.annotations->check != nullptr) {
            right = run_check(slot, out, problem_);
        }
        if (!right) add(at, problem_, echo_text(slot, text));
    }

    void variant(std::string_view text, Slot slot, void* out, const Location& at) {
        const auto& details = details_of<detail::VariantDetails>(*slot.type);
        // A text is a string when it may be one; else the first alternative that takes it.
        for (const bool strings : {true, false}) {
            for (std::size_t i = 0; i < details.alternatives.size(); ++i) {
                const Slot& each = details.alternatives[i];
                if ((each.type->kind == Kind::string) != strings) continue;
                Temporary attempt(*each.type);
                Faults faults;
                TextReader(faults).values({&text, 1}, each, attempt.get(), at);
                if (faults.empty()) return details.assign(out, i, attempt.get());
            }
        }
        const bool was_hidden = std::exchange(hidden_, hidden_ || has_secret(*slot.type));
        for (const Slot& each : details.alternatives) {
            const std::string name = alternative_name(each);
            const Location here(name, &at);
            Temporary attempt(*each.type);
            values({&text, 1}, each, attempt.get(), here);
        }
        hidden_ = was_hidden;
    }

    void add(const Location& at, const Problem& problem, std::string input) {
        if (hidden_) input = "\"" + std::string(SecretString::kMask) + "\"";
        faults_.add(at, problem.type, problem.msg, input, problem.ctx);
    }

    static std::string echo_list(Slot slot, std::span<const std::string_view> texts) {
        std::string json = "[";
        for (const std::string_view text : texts) {
            if (json.size() > 2 * Faults::kInputBytes) break;
            if (json.size() > 1) json += ',';
            json += echo_text({}, text.substr(0, Faults::kInputBytes));
        }
        return echo_json(slot, json + "]");
    }

    Faults& faults_;
    Problem problem_;
    bool hidden_ = false;
};

}  // namespace

bool read_extra(std::string_view name, std::span<const std::string_view> texts, const Type& model,
                void* object, const Location& at, Faults& faults) {
    const detail::ModelTable& table = detail::table_of(model);
    const auto& details = details_of<detail::MapDetails>(*table.extras.type);
    const std::size_t before = faults.size();
    if (faults.full()) return false;
    Temporary key(*details.key.type);
    TextReader(faults).values({&name, 1}, details.key, key.get(), Location("[key]", &at));
    if (faults.size() != before) return false;
    void* const value =
        details.insert(static_cast<std::byte*>(object) + table.extras_offset, key.get());
    if (details.value.type->kind == Kind::any && texts.size() > 1) {
        Json list = Json::array();
        for (const std::string_view text : texts) list.push_back(text);
        *static_cast<Json*>(value) = std::move(list);
    } else {
        TextReader(faults).values(texts, details.value, value, at);
    }
    return faults.size() == before;
}

bool read_text(std::span<const std::string_view> texts, Slot slot, void* out, const Location& at,
               Faults& faults) {
    const std::size_t before = faults.size();
    if (faults.full()) return false;
    TextReader(faults).values(texts, slot, out, at);
    return faults.size() == before;
}

}  // namespace portico::model
