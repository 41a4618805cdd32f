#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "portico/guard/detection_rule.hpp"
#include "portico/http/headers.hpp"

namespace portico::guard {

namespace detail {
struct Traits;
}

struct DetectionOptions {
    /// The score from which a request is an attack, 1–100. Higher lets more pass.
    int threshold = 5;
    /// What a request may cost at most; a step takes about a nanosecond. What is beyond is reported
    /// as not scanned.
    std::uint64_t max_steps = 400'000;
    /// Rules besides the built-in ones.
    std::vector<Rule> rules = {};
    /// Ids of rules that do not count. An unknown one is an error.
    std::vector<std::string> disabled_rules = {};
    std::vector<Category> disabled_categories = {};
};

/// The rules, ready to be searched for. Immutable and cheap to copy; shared by all threads.
class Detector {
public:
    /// An error says what is wrong with which rule.
    [[nodiscard]] static std::expected<Detector, std::string> create(DetectionOptions options = {});

    [[nodiscard]] std::span<const Rule> rules() const noexcept;
    [[nodiscard]] int threshold() const noexcept;
    /// Bytes of the tables that are searched with.
    [[nodiscard]] std::size_t memory() const noexcept;

private:
    friend class Scan;
    struct Tables;
    explicit Detector(std::shared_ptr<const Tables> tables) : tables_(std::move(tables)) {}

    std::shared_ptr<const Tables> tables_;
};

/// A rule that was found.
struct Hit {
    std::string_view rule;  ///< Its id; lives as long as a copy of the detector.
    Category category;
    Severity severity;
    int score;
    Place place;
    std::string field;  ///< The parameter, header or key, at most 64 bytes; as sent, so escape it.
};

/// What was not looked at, so that "nothing found" does not mean "nothing there". A policy decides.
enum class NotScanned : std::uint8_t {
    nested,        ///< Encoded more than four times.
    work,          ///< It would have cost more than `max_steps`.
    binary_body,   ///< A media type that is no text: an image, an archive.
    encoded_body,  ///< A Content-Encoding: compressed.
};

[[nodiscard]] std::string_view name_of(NotScanned reason) noexcept;

/// What a route says about its fields.
struct ScanOptions {
    /// Names of parameters, headers, form fields and JSON keys at any depth whose values are not
    /// looked at: a password, a rich text. Their names are. Must outlive the scan.
    std::span<const std::string_view> unscanned_fields = {};
};

/// The search of one request. Give it the parts in any order; it stops once the threshold is
/// reached. One thread; nothing here throws but for want of memory.
///
/// A value is scanned as it was sent and after each of up to four layers of encoding. Bytes may be
/// any: what is not UTF-8 is scanned like the rest. An ordinary value costs one pass over its bytes
/// and no allocation.
///
///     Scan scan{detector};
///     scan.path(request.raw_path());
///     scan.query(request.raw_query());
///     scan.headers(request.headers());
///     scan.body(request.header("Content-Type"), body);
///     if (scan.is_attack()) …   // log scan.hits(), answer 400
class Scan {
public:
    explicit Scan(const Detector& detector, const ScanOptions& options = {}) noexcept;

    /// The path as sent, percent-encoded.
    void path(std::string_view raw_path);
    /// The query as sent, without "?": names and values.
    void query(std::string_view raw_query);
    /// One field; a Cookie is split into its pairs.
    void header(std::string_view name, std::string_view value);
    void headers(const http::HeaderView& fields);
    /// By its media type: JSON keys and values, the names and values of a form, names, file names
    /// and texts of multipart parts, texts and attributes of XML, and any other text as one value.
    /// A malformed body is scanned as the text that it is. A body without a type is looked at.
    void body(std::string_view content_type, std::string_view bytes);
    /// One decoded value.
    void value(Place place, std::string_view name, std::string_view text);
    /// A part of the request that the caller could not give: a compressed body.
    void not_scanned(NotScanned reason) noexcept;

    [[nodiscard]] bool is_attack() const noexcept;
    /// The worst value's, and one for each of at most two other values that have signs too.
    [[nodiscard]] int score() const noexcept;
    /// In the order in which they were found, at most 16; signs below the threshold too.
    [[nodiscard]] std::span<const Hit> hits() const noexcept { return hits_; }
    [[nodiscard]] bool was_not_scanned(NotScanned reason) const noexcept;
    [[nodiscard]] bool was_all_scanned() const noexcept { return not_scanned_ == 0; }
    /// Steps so far: what it cost, whatever the machine.
    [[nodiscard]] std::uint64_t steps() const noexcept;

private:
    static constexpr std::size_t kMaxRules = 1024;
    static constexpr std::size_t kMaxHits = 16;
    struct Form;

    [[nodiscard]] bool is_unscanned(std::string_view name) const noexcept;
    [[nodiscard]] bool take(std::uint64_t steps) noexcept;
    bool search(Place place, std::string_view name, std::string_view text,
                const detail::Traits& traits);
    void layers(std::string_view text);
    void base64(std::string_view text);
    void form(std::string_view text);
    void found(const Rule& rule);
    void end_value() noexcept;

    void pairs(std::string_view text, Place names, Place values);
    void decoded_pair(std::string_view text, Place place, std::string_view name);
    void cookies(std::string_view field);
    void json(std::string_view text);
    std::size_t json_string(std::string_view text, std::size_t at, std::string& unescaped,
                            std::string_view& value);
    void multipart(std::string_view content_type, std::string_view bytes);
    void part(std::string_view head, std::string_view data);
    void xml(std::string_view text);
    void tag(std::string_view text);

    const Detector::Tables& tables_;
    ScanOptions options_;
    std::uint64_t left_;
    int worst_ = 0;   // the score of the worst value
    int others_ = 0;  // other values with signs
    std::uint8_t not_scanned_ = 0;
    std::vector<Hit> hits_;

    // The value in hand.
    Place place_ = Place::path;
    std::string_view name_;
    int value_score_ = 0;
    std::bitset<kMaxRules> seen_;
    std::array<std::string, 2> layer_;
    std::string unescaped_;  // by the walkers of bodies
    std::string key_;
};

}  // namespace portico::guard
