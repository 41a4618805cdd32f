#include "portico/logging/capture.hpp"

#include <algorithm>

#include "logging/line.hpp"

namespace portico::logging {

void CaptureSink::write(const Record& record, std::string_view line) noexcept {
    Line kept{record.level,
              std::string(record.logger),
              std::string(record.message),
              std::string(record.request_id),
              {},
              std::string(line)};
    for (const Field& field : record.fields) {
        detail::append_value(field, kept.fields[std::string(field.key())]);
    }
    const std::scoped_lock lock(mutex_);
    lines_.push_back(std::move(kept));
}

std::vector<CaptureSink::Line> CaptureSink::lines() const {
    const std::scoped_lock lock(mutex_);
    return lines_;
}

bool CaptureSink::contains(std::string_view text) const {
    const std::scoped_lock lock(mutex_);
    return std::ranges::any_of(
        lines_, [&](const Line& line) { return line.text.find(text) != std::string::npos; });
}

void CaptureSink::clear() {
    const std::scoped_lock lock(mutex_);
    lines_.clear();
}

}  // namespace portico::logging
