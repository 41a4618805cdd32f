#include <algorithm>
#include <utility>

#include "guard/detection/canonical.hpp"
#include "guard/detection/tables.hpp"

namespace portico::guard {
namespace {

constexpr int kMaxLayers = 4;
constexpr std::size_t kMaxFieldSize = 64;
constexpr int kSign = 2;  // what the score of a value must be to add to another's
constexpr int kMaxOthers = 2;
/// A value of nothing but letters and digits that is shorter than that says nothing by itself.
constexpr std::size_t kMinLooked = 16;
/// A name does: __proto__, shell.php.
constexpr PlaceSet kNamed =
    place_bit(Place::query_name) | place_bit(Place::body_name) | place_bit(Place::file_name);

}  // namespace

Scan::Scan(const Detector& detector, const ScanOptions& options) noexcept
    : tables_(*detector.tables_), options_(options), left_(detector.tables_->max_steps) {}

bool Scan::is_attack() const noexcept {
    return score() >= tables_.threshold;
}

int Scan::score() const noexcept {
    return worst_ + (worst_ >= kSign ? std::min(others_, kMaxOthers) : 0);
}

bool Scan::was_not_scanned(NotScanned reason) const noexcept {
    return ((not_scanned_ >> static_cast<unsigned>(reason)) & 1U) != 0;
}

void Scan::not_scanned(NotScanned reason) noexcept {
    not_scanned_ = static_cast<std::uint8_t>(not_scanned_ | (1U << static_cast<unsigned>(reason)));
}

std::uint64_t Scan::steps() const noexcept {
    return tables_.max_steps - left_;
}

bool Scan::take(std::uint64_t steps) noexcept {
    const bool enough = steps < left_;
    left_ = enough ? left_ - steps : 0;
    if (!enough) not_scanned(NotScanned::work);
    return enough;
}

bool Scan::is_unscanned(std::string_view name) const noexcept {
    return std::ranges::find(options_.unscanned_fields, name) != options_.unscanned_fields.end();
}

void Scan::value(Place place, std::string_view name, std::string_view text) {
    if (is_attack() || !take(text.size() / 4 + 1)) return;
    const detail::Traits traits = detail::traits(text);
    if (traits.plain() && text.size() < kMinLooked && (kNamed & place_bit(place)) == 0) return;
    if (place == Place::known_header &&
        !traits.has(detail::Traits::kDollar | detail::Traits::kEscape)) {
        return;
    }
    if (place != Place::header || text.size() < detail::CleanValues::kShortest ||
        text.size() > detail::CleanValues::kLongest) {
        search(place, name, text, traits);
        return;
    }
    const core::Fingerprint print = tables_.clean_headers->of(text);
    if (tables_.clean_headers->contains(print)) return;
    const auto before = std::exchange(not_scanned_, std::uint8_t{0});
    if (!search(place, name, text, traits) && not_scanned_ == 0) tables_.clean_headers->add(print);
    not_scanned_ |= before;
}

/// Whether something was found in it.
bool Scan::search(Place place, std::string_view name, std::string_view text,
                  const detail::Traits& traits) {
    place_ = place;
    name_ = name;
    form(text);
    if (traits.has(detail::Traits::kEscape | detail::Traits::kHigh)) {
        layers(text);
    } else if ((traits.bits & ~detail::Traits::kBase64) == 0) {
        base64(text);
    }
    const bool found = value_score_ != 0;
    end_value();
    return found;
}

/// Scans what is under each layer of encoding.
void Scan::layers(std::string_view text) {
    for (int layer = 0; layer <= kMaxLayers; ++layer) {
        if (value_score_ >= tables_.threshold || !take(text.size())) return;
        std::string& out = layer_[static_cast<std::size_t>(layer % 2)];
        if (!detail::decode_layer(text, out)) return;
        if (layer == kMaxLayers) return not_scanned(NotScanned::nested);
        text = out;
        form(text);
    }
}

void Scan::base64(std::string_view text) {
    if (!detail::decode_base64_text(text, layer_[0])) return;
    if (!take(text.size())) return;
    form(layer_[0]);
}

void Scan::form(std::string_view text) {
    detail::Confirmer confirmer(text);
    detail::Budget budget(left_);
    const bool complete =
        tables_.matcher.search(text, tables_.automata[static_cast<std::size_t>(place_)], budget,
                               [&](std::uint32_t id, std::size_t at) {
                                   const auto& [where, confirmation] = tables_.entries[id];
                                   if ((where & place_bit(place_)) == 0 || seen_[id]) return;
                                   if (!confirmer.confirms(confirmation, at, budget)) return;
                                   seen_.set(id);
                                   found(tables_.rules[id]);
                               });
    left_ = budget.left();
    if (!complete || left_ == 0) not_scanned(NotScanned::work);
}

void Scan::found(const Rule& rule) {
    value_score_ += rule.score;
    if (hits_.size() == kMaxHits) return;
    hits_.push_back({rule.id, rule.category, rule.severity, rule.score, place_,
                     std::string(name_.substr(0, kMaxFieldSize))});
}

void Scan::end_value() noexcept {
    if (value_score_ == 0) return;
    const int lesser = std::min(worst_, value_score_);
    worst_ = std::max(worst_, value_score_);
    if (lesser >= kSign) ++others_;
    value_score_ = 0;
    seen_.reset();
}

}  // namespace portico::guard
