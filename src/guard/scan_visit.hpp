#pragma once

#include <optional>

#include "guard/parts.hpp"
#include "portico/core/task.hpp"
#include "portico/guard/detection.hpp"

namespace portico::guard {

/// A body that is looked at on its way to whoever reads it. An attack in it is an
/// `http::Refused`.
///
/// A form's parts are looked at as they come, files by their names alone, so that nothing hides
/// behind a large file. Of other bodies the first `max_scan_body` bytes are.
class ScannedBody final : public http::BodySource {
public:
    /// `detects`: false when it is there for the honeypots alone.
    ScannedBody(GuardParts& parts, const Visit& visit, const ScanOptions& options, bool detects);
    ~ScannedBody();

    [[nodiscard]] std::optional<std::expected<std::string_view, http::BodyError>> buffered(
        std::size_t limit) override;
    [[nodiscard]] core::Task<std::expected<std::string_view, http::BodyError>> read_all(
        std::size_t limit) override;
    [[nodiscard]] core::Task<std::expected<std::string_view, http::BodyError>> read_some(
        std::size_t limit) override;
    [[nodiscard]] std::optional<std::uint64_t> length() const noexcept override {
        return source_.length();
    }

    /// Of the whole request.
    Scan scan;

    /// Reads and looks at what a request without a route sends, up to the bound.
    [[nodiscard]] core::Task<void> look_at_all();

private:
    class FormParts;

    void look(std::string_view whole);
    void look_at_piece(std::string_view piece);
    void judge();
    [[nodiscard]] bool is_honeypot(std::string_view name) const;
    void fall_into_honeypot();

    GuardParts& parts_;
    Visit visit_;
    http::BodySource& source_;
    std::string_view content_type_;
    std::size_t left_;
    bool detects_;
    bool looked_ = false;
    std::string before_;  ///< The end of the piece before.
    std::unique_ptr<FormParts> form_;
};

/// Why a request is refused after what was found in it so far: reports it, and counts it against
/// the client. Nothing in passive mode.
[[nodiscard]] std::optional<Block> judge(GuardParts& parts, const Visit& visit, const Scan& scan);

}  // namespace portico::guard
