#pragma once

#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

namespace portico::app {

/// What a request is answered with instead of a result: an exception that was thrown, or one of the
/// engine's own that need not be. Looking at it throws nothing again, so that a flood of 404s and
/// 401s costs what they cost to write.
struct CaughtError {
    std::exception_ptr thrown;                   ///< Null: nobody threw it.
    std::shared_ptr<const std::exception> made;  ///< Keeps `exception` where nobody threw it.
    const std::exception* exception = nullptr;   ///< Null: derived from no std::exception.

    /// Of a `catch (const std::exception& exception)`; of `catch (...)` without an argument.
    [[nodiscard]] static CaughtError current(const std::exception* exception = nullptr) noexcept {
        return {std::current_exception(), nullptr, exception};
    }
    /// One that nobody throws.
    template <class E>
    [[nodiscard]] static CaughtError of(E error) {
        if constexpr (std::is_base_of_v<std::exception, E>) {
            auto made = std::make_shared<const E>(std::move(error));
            const E* const exception = made.get();
            return {nullptr, std::move(made), exception};
        } else {
            return {std::make_exception_ptr(std::move(error)), nullptr, nullptr};
        }
    }

    [[nodiscard]] explicit operator bool() const noexcept { return exception || thrown; }

    /// The exception as an E; null when it is another. Valid as long as this, or a copy of it.
    template <class E>
    [[nodiscard]] const E* as() const noexcept {
        if constexpr (std::is_same_v<E, std::exception>) {
            return exception;
        } else if constexpr (std::is_base_of_v<std::exception, E>) {
            return dynamic_cast<const E*>(exception);
        } else {
            if (!thrown) return nullptr;
            try {
                std::rethrow_exception(thrown);
            } catch (const E& error) {
                return &error;
            } catch (...) {
                return nullptr;
            }
        }
    }
};

}  // namespace portico::app
