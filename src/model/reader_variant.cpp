#include <optional>
#include <utility>

#include "model/reader.hpp"
#include "portico/model/echo.hpp"

/// Variants, in Pydantic's "smart" mode: the alternative that fits best, not the first that can be
/// made to fit. 1 is the int of variant<double, int>, "1" the string of variant<int, std::string>.
namespace portico::model {
namespace {

using detail::details_of;

// Alternatives within alternatives multiply. What is read again is bounded by this many times the
// input; beyond, the input is refused.
constexpr std::size_t kMostRereads = 64;
constexpr std::size_t kFreeRereads = 64UL * 1024;

bool is_composite(Kind kind) {
    return kind == Kind::object || kind == Kind::partial || kind == Kind::array ||
           kind == Kind::tuple || kind == Kind::map || kind == Kind::variant;
}

bool has_constraints(const Annotations* a) {
    return a != nullptr &&
           (a->gt || a->ge || a->lt || a->le || a->multiple_of || a->min_length > 0 ||
            a->max_length != Annotations::kUnbounded || a->pattern != nullptr);
}

}  // namespace

std::string alternative_name(Slot slot) {
    const Type& type = *slot.type;
    switch (type.kind) {
        case Kind::integer:
        case Kind::number:
        case Kind::string:
            return (has_constraints(slot.annotations) ? "constrained-" : "") +
                   std::string(type.name);
        case Kind::optional:
            return "nullable[" + alternative_name(details_of<detail::OptionalDetails>(type).item) +
                   "]";
        case Kind::array:
            return std::string(type.name) + "[" +
                   alternative_name(details_of<detail::ArrayDetails>(type).item) + "]";
        case Kind::map:
            return "dict[" + alternative_name(details_of<detail::MapDetails>(type).key) + "," +
                   alternative_name(details_of<detail::MapDetails>(type).value) + "]";
        case Kind::tuple: {
            std::string name = std::string(type.name) + "[";
            for (const Slot& each : details_of<detail::TupleDetails>(type).items) {
                if (!name.ends_with('[')) name += ',';
                name += alternative_name(each);
            }
            return name + "]";
        }
        case Kind::variant: {
            std::string name = "union[";
            for (const Slot& each : details_of<detail::VariantDetails>(type).alternatives) {
                if (!name.ends_with('[')) name += ',';
                name += alternative_name(each);
            }
            return name + "]";
        }
        default:
            return std::string(type.name);
    }
}

/// Reads one alternative for the verdict alone. False: it does not fit.
bool Reader::alternative(Slot slot, void* out, const Location& at, unsigned depth, bool is_strict,
                         Ranking& ranking) {
    Faults faults;
    Faults* const outer = std::exchange(faults_, &faults);
    const bool was_strict = std::exchange(strict_, is_strict || strict_);
    const bool was_probing = std::exchange(probing_, true);
    const bool had_given_up = std::exchange(gave_up_, false);
    const bool was_inexact = std::exchange(inexact_, false);
    const std::size_t members_before = members_read_;
    const char* from = in_.at();
    const bool fits = value(slot, out, at, depth) && faults.empty();
    bytes_tried_ += in_.since(from).size();
    ranking = {strict_ ? (inexact_ ? 1 : 2) : 0, members_read_ - members_before};
    members_read_ = members_before;
    inexact_ = was_inexact;
    gave_up_ = had_given_up;
    probing_ = was_probing;
    strict_ = was_strict;
    faults_ = outer;
    return fits;
}

bool Reader::variant(Slot slot, void* out, const Location& at, unsigned depth) {
    if (slot.annotations != nullptr && slot.annotations->discriminator != nullptr) {
        return tagged(slot, out, at, depth);
    }
    const auto& details = details_of<detail::VariantDetails>(*slot.type);
    const char* from = in_.at();
    // Syntax first: nothing below can fail for it.
    if (!in_.skip_value(depth)) return false;
    const char* end = in_.at();

    std::optional<std::size_t> best;
    Ranking best_ranking;
    bool best_strict = true;
    for (const bool is_strict : {true, false}) {
        if (best || (strict_ && !is_strict)) break;
        for (std::size_t i = 0; i < details.alternatives.size(); ++i) {
            if (bytes_tried_ > kMostRereads * size_ + kFreeRereads) {
                in_.go_to(end);
                fault(slot, at,
                      value_error("too many combinations of alternatives would have to be tried"),
                      from);
                return true;
            }
            Temporary attempt(*details.alternatives[i].type);
            Ranking ranking;
            in_.go_to(from);
            if (!alternative(details.alternatives[i], attempt.get(), at, depth, is_strict,
                             ranking)) {
                continue;
            }
            const bool scalar = !is_composite(details.alternatives[i].type->kind);
            if (scalar && is_strict && ranking.exactness == 2) {
                details.assign(out, i, attempt.get());
                in_.go_to(end);
                return true;
            }
            if (!best || ranking > best_ranking) {
                best = i;
                best_ranking = ranking;
                best_strict = is_strict;
            }
        }
    }
    if (best) {
        Temporary chosen(*details.alternatives[*best].type);
        in_.go_to(from);
        if (!alternative(details.alternatives[*best], chosen.get(), at, depth, best_strict,
                         best_ranking)) {
            return in_.fail("Expecting value");
        }
        members_read_ += best_ranking.members;
        inexact_ = inexact_ || best_ranking.exactness < 2;
        details.assign(out, *best, chosen.get());
        in_.go_to(end);
        return true;
    }
    if (probing_) {
        in_.go_to(end);
        fault(slot, at, {"union", {}}, from);
        return true;
    }
    // None fits: what each of them says against it.
    const bool was_hidden = std::exchange(hidden_, hidden_ || has_secret(*slot.type));
    for (const Slot& each : details.alternatives) {
        const std::string name = alternative_name(each);
        const Location here(name, &at);
        Temporary attempt(*each.type);
        in_.go_to(from);
        if (!value(each, attempt.get(), here, depth)) return false;
        bytes_tried_ += in_.since(from).size();
        in_.go_to(end);
    }
    hidden_ = was_hidden;
    return true;
}

}  // namespace portico::model
