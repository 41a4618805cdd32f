#pragma once

#include <memory>
#include <type_traits>
#include <typeinfo>

#include "portico/app/answer.hpp"
#include "portico/app/caught_error.hpp"
#include "portico/app/function_table.hpp"

namespace portico::app {

/// A handler of exceptions of one type and the types derived from it.
struct ExceptionTable {
    const std::type_info* type;
    /// The exception as that type; null when it is another. Valid as long as `error`.
    const void* (*match)(const CaughtError& error) noexcept;
    /// Throws a null pointer to the type: how another table finds out whether it is a base.
    void (*throw_pointer)();
    bool (*is_base_of)(void (*throw_pointer)()) noexcept;
    void (*call)(void* handler, const http::Request& request, const void* error, void* result);
    const ResultTable* result;
    const AnswerTable* answer;
};

struct ExceptionHandler {
    const ExceptionTable* table = nullptr;
    std::shared_ptr<void> handler;
};

namespace detail {

template <class E, class H>
struct ExceptionTableOf {
    static_assert(std::is_invocable_v<H&, const http::Request&, const E&>,
                  "an exception handler is called as handler(const Request&, const E&)");
    using Result = std::invoke_result_t<H&, const http::Request&, const E&>;

    static const void* match(const CaughtError& error) noexcept { return error.as<E>(); }
    static void throw_pointer() { throw static_cast<const E*>(nullptr); }
    static bool is_base_of(void (*throws)()) noexcept {
        try {
            throws();
        } catch (const E*) {
            return true;
        } catch (...) {
        }
        return false;
    }
    static void call(void* handler, const http::Request& request, const void* error, void* result) {
        ::new (result) Result((*static_cast<H*>(handler))(request, *static_cast<const E*>(error)));
    }
    static constexpr ExceptionTable kTable{.type = &typeid(E),
                                           .match = &match,
                                           .throw_pointer = &throw_pointer,
                                           .is_base_of = &is_base_of,
                                           .call = &call,
                                           .result = &detail::Result<Result>::kTable,
                                           .answer = &AnswerOf<Result>::kTable};
};

}  // namespace detail
}  // namespace portico::app
