#include <re2/re2.h>

#include <memory>
#include <stdexcept>

#include "portico/model/annotations.hpp"

namespace portico::model {

void Pattern::compile() {
    if (compiled_.load(std::memory_order_acquire) != nullptr) return;
    RE2::Options options;
    options.set_log_errors(false);
    auto regex = std::make_unique<RE2>(re2::StringPiece(text_.data(), text_.size()), options);
    if (!regex->ok()) {
        throw std::invalid_argument("pattern(\"" + std::string(text_) +
                                    "\") is no regular expression: " + regex->error());
    }
    const void* expected = nullptr;
    // Whoever comes second throws its own away: the first may be in use already.
    if (compiled_.compare_exchange_strong(expected, regex.get(), std::memory_order_acq_rel)) {
        static_cast<void>(regex.release());
    }
}

bool Pattern::found_in(std::string_view subject) {
    const void* compiled = compiled_.load(std::memory_order_acquire);
    if (compiled == nullptr) {
        compile();
        compiled = compiled_.load(std::memory_order_acquire);
    }
    return RE2::PartialMatch(re2::StringPiece(subject.data(), subject.size()),
                             *static_cast<const RE2*>(compiled));
}

}  // namespace portico::model
