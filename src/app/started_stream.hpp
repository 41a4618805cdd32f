#pragma once

#include <memory>
#include <optional>
#include <string>

#include "portico/http/response.hpp"

namespace portico::app {

/// A stream that may be asked for its first piece before its response is sent, so that what fails
/// there is answered like any other exception.
class StartedStream final : public http::BodyStream {
public:
    explicit StartedStream(std::unique_ptr<http::BodyStream> stream) : stream_(std::move(stream)) {}

    /// Before `next`, once. Throws what the stream throws, which is closed then.
    [[nodiscard]] core::Task<void> start();

    [[nodiscard]] core::Task<std::optional<std::string>> next() override;
    [[nodiscard]] core::Task<void> close() override { return stream_->close(); }
    [[nodiscard]] std::optional<std::uint64_t> length() const override { return stream_->length(); }

private:
    core::Task<std::optional<std::string>> take_first();

    std::unique_ptr<http::BodyStream> stream_;
    std::optional<std::optional<std::string>> first_;
};

}  // namespace portico::app
