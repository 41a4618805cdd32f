#include "guard/scan_visit.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "guard/honeypot.hpp"
#include "portico/http/multipart.hpp"
#include "portico/http/refused.hpp"

namespace portico::guard {
namespace {

constexpr std::string_view kAnswer = "Suspicious activity detected";
/// What is looked at twice, so that nothing hides where two pieces meet.
constexpr std::size_t kOverlap = 256;

void report(GuardParts& parts, const Visit& visit, const Scan& scan, std::string_view action,
            int status) {
    if (!parts.services.on_event) return;
    std::array<std::string_view, 16> rules;
    std::size_t count = 0;
    for (const Hit& hit : scan.hits()) {
        if (count < rules.size()) rules[count++] = hit.rule;
    }
    std::string where;
    if (!scan.hits().empty()) {
        const Hit& first = scan.hits().front();
        where = name_of(first.place);
        if (!first.field.empty()) where += "." + first.field;
    }
    parts.services.on_event({.request = visit.request,
                             .check = "detection",
                             .action = action,
                             .status = status,
                             .score = scan.score(),
                             .rules = {rules.data(), count},
                             .where = where});
}

}  // namespace

std::optional<Block> judge(GuardParts& parts, const Visit& visit, const Scan& scan) {
    const bool passive = visit.policy.config.passive_mode;
    if (scan.is_attack()) {
        const bool banned = !passive && parts.suspect(visit);
        report(parts, visit, scan, passive ? "logged" : banned ? "banned" : "blocked", 400);
        if (!passive) return Block{400, kAnswer};
    } else if (!scan.was_all_scanned() && visit.policy.config.refuse_unscanned) {
        report(parts, visit, scan, passive ? "logged" : "not scanned", 400);
        if (!passive) return Block{400, kAnswer};
    }
    return {};
}

/// What a form's parts say, as they come.
class ScannedBody::FormParts final : public http::MultipartSink {
public:
    FormParts(ScannedBody& body, std::string_view boundary)
        : body_(body), parser_(boundary, *this) {}

    /// A form that is no form is refused by whoever reads it.
    void push(std::string_view piece) { (void)parser_.push(piece); }

    void part_begin(const http::PartHead& head) override {
        name_ = head.name;
        text_.clear();
        is_file_ = head.filename.has_value();
        if (!body_.detects_) return;
        body_.scan.value(Place::body_name, {}, head.name);
        if (is_file_) body_.scan.value(Place::file_name, name_, *head.filename);
    }
    void part_data(std::string_view bytes) override {
        if (is_file_) return;
        if (body_.is_honeypot(name_)) body_.fall_into_honeypot();
        const auto taken = bytes.substr(0, body_.left_);
        if (taken.size() < bytes.size()) body_.scan.not_scanned(NotScanned::work);
        body_.left_ -= taken.size();
        text_ += taken;
    }
    void part_end() override {
        if (!is_file_ && body_.detects_) body_.scan.value(Place::body_value, name_, text_);
    }

private:
    ScannedBody& body_;
    http::MultipartParser parser_;
    std::string name_;
    std::string text_;
    bool is_file_ = false;
};

ScannedBody::ScannedBody(GuardParts& parts, const Visit& visit, const ScanOptions& options,
                         bool detects)
    : scan(visit.policy.detector, options),
      parts_(parts),
      visit_(visit),
      source_(*visit.request.body_source()),
      content_type_(visit.request.header("Content-Type")),
      left_(visit.policy.config.max_scan_body),
      detects_(detects) {
    if (const auto boundary = http::multipart_boundary(content_type_)) {
        form_ = std::make_unique<FormParts>(*this, *boundary);
    }
    const auto encoding = visit.request.header("Content-Encoding");
    if (!encoding.empty() && !http::equal_names(encoding, "identity")) {
        scan.not_scanned(NotScanned::encoded_body);
    }
}

ScannedBody::~ScannedBody() = default;

bool ScannedBody::is_honeypot(std::string_view name) const {
    return std::ranges::any_of(visit_.rules(), [&](const auto& rules) {
        return std::ranges::find(rules->honeypot_fields, name) != rules->honeypot_fields.end();
    });
}

void ScannedBody::fall_into_honeypot() {
    const bool passive = visit_.policy.config.passive_mode;
    if (parts_.services.on_event) {
        parts_.services.on_event({.request = visit_.request,
                                  .check = "honeypot",
                                  .action = passive ? "logged" : "blocked",
                                  .status = 403});
    }
    if (!passive) throw http::Refused(403, visit_.policy.detail_of({403}));
}

void ScannedBody::judge() {
    if (!detects_) return;
    if (const auto block = guard::judge(parts_, visit_, scan)) {
        throw http::Refused(block->status, visit_.policy.detail_of(*block));
    }
}

void ScannedBody::look(std::string_view whole) {
    if (std::exchange(looked_, true)) return;
    for (const auto& rules : visit_.rules()) {
        if (!rules->honeypot_fields.empty() &&
            fills_honeypot(content_type_, whole, rules->honeypot_fields, visit_.exchange.arena)) {
            fall_into_honeypot();
        }
    }
    if (form_ != nullptr) {
        form_->push(whole);
    } else if (detects_) {
        if (whole.size() > left_) scan.not_scanned(NotScanned::work);
        scan.body(content_type_, whole.substr(0, left_));
    }
    judge();
}

void ScannedBody::look_at_piece(std::string_view piece) {
    if (piece.empty() || scan.is_attack()) return;
    if (form_ != nullptr) {
        form_->push(piece);
    } else if (!detects_) {
        return;
    } else if (left_ == 0) {
        scan.not_scanned(NotScanned::work);
    } else {
        before_ += piece.substr(0, left_);
        left_ -= std::min(left_, piece.size());
        scan.value(Place::body_value, {}, before_);
        before_.erase(0, before_.size() - std::min(before_.size(), kOverlap));
    }
    judge();
}

std::optional<std::expected<std::string_view, http::BodyError>> ScannedBody::buffered(
    std::size_t limit) {
    auto body = source_.buffered(limit);
    if (body && *body) look(**body);
    return body;
}

core::Task<std::expected<std::string_view, http::BodyError>> ScannedBody::read_all(
    std::size_t limit) {
    auto body = co_await source_.read_all(limit);
    if (body) look(*body);
    co_return body;
}

core::Task<std::expected<std::string_view, http::BodyError>> ScannedBody::read_some(
    std::size_t limit) {
    auto piece = co_await source_.read_some(limit);
    if (piece) look_at_piece(*piece);
    co_return piece;
}

core::Task<void> ScannedBody::look_at_all() {
    const std::size_t bound = left_;
    if (auto body = source_.buffered(bound); body && *body) {
        look(**body);
        co_return;
    }
    std::string start;
    while (start.size() < bound) {
        const auto piece = co_await source_.read_some(bound);
        if (!piece || piece->empty()) break;
        start += *piece;
    }
    look(start);
}

}  // namespace portico::guard
