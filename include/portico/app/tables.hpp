#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <typeinfo>

#include "portico/core/outcome.hpp"
#include "portico/core/task.hpp"
#include "portico/http/exchange.hpp"
#include "portico/model/type.hpp"

/// The constant tables that templates make of a user's function, and that the loops of src/app run.
/// A route costs its tables and one thunk that calls it; binding, order, awaiting, finishing and
/// errors are ordinary functions. Users never name anything in this header.
namespace portico::app {

class SecurityScheme;
struct DependencyTable;
class UploadFile;

/// Where a parameter's value comes from.
enum class Source : std::uint8_t {
    path,
    query,
    header,
    cookie,
    form,
    file,
    body,
    request,
    response,
    background,
    state,
    per_loop,
    scopes,
    app,
    dependency,
    websocket,
};

/// One parameter of a function, as its type says.
struct ParameterTable {
    Source source;
    bool whole = false;           ///< `Query<Model>`: every field of the model is a parameter.
    bool cached = true;           ///< A dependency: one value for the request.
    bool secured = false;         ///< `Security`: runs before the body is read.
    bool of_application = false;  ///< A dependency: one value while the application serves.
    std::string_view name = {};
    model::Slot (*slot)() = nullptr;
    std::uint32_t size = 0;  ///< Of the object that lies in the request's block; 0: none does.
    std::uint32_t alignment = 1;
    void (*construct)(void* at) = nullptr;
    void (*destroy)(void* at) noexcept = nullptr;  ///< Null: nothing to do.
    void (*set_default)(void* at) = nullptr;       ///< Null: no default value.
    /// `File`: takes what was uploaded under its name, at least one.
    void (*set_files)(void* at, std::span<const UploadFile> files) = nullptr;
    const DependencyTable* dependency = nullptr;
    std::span<const std::string_view> scopes = {};
    const std::type_info* type =
        nullptr;  ///< `State<T>`, `PerLoop<T>`: T; a class derived from `App`: it.
};

/// Where one argument of a call lies: in the request's block, or at a fixed place.
struct Argument {
    std::uint32_t offset = 0;
    const void* fixed = nullptr;
};

/// What the arguments of one call are taken from.
struct Frame {
    http::Exchange& exchange;
    std::byte* block;
    const Argument* arguments;

    [[nodiscard]] void* at(std::size_t index) const noexcept {
        const Argument& argument = arguments[index];
        return argument.fixed != nullptr ? const_cast<void*>(argument.fixed)
                                         : block + argument.offset;
    }
};

/// A task whose type is forgotten.
struct ErasedTask {
    std::coroutine_handle<> handle;
    core::PromiseBase* promise = nullptr;
};

/// The result of a function, as storage and as a task.
struct ResultTable {
    std::uint32_t size = 0;  ///< 0: void.
    std::uint32_t alignment = 1;
    void (*destroy)(void* at) noexcept = nullptr;
    /// A `Task`: the erased task at `at`; `take` moves its value out, or throws.
    ErasedTask (*task)(void* at) noexcept = nullptr;
    void (*take)(void* task, void* to) = nullptr;
    const ResultTable* value = nullptr;  ///< A `Task`: the table of its value.
    /// The value has `finish(Outcome)`: it is awaited before the response is sent.
    core::Task<void> (*finish)(void* at, core::Outcome outcome) = nullptr;
};

/// A function: a handler, a dependency.
struct FunctionTable {
    std::span<const ParameterTable* const> parameters;
    /// Calls it and constructs what it returns at `result`.
    void (*call)(void* function, const Frame& frame, void* result);
    const ResultTable* result;
};

/// A dependency. Its address is its identity: the cache and overrides go by it.
struct DependencyTable {
    const FunctionTable* function;
    const SecurityScheme* scheme = nullptr;
    const char* pretty = "";  ///< Holds the name, for messages.
};

class Answer;

/// How a handler's result becomes a response, and how OpenAPI describes it.
struct AnswerTable {
    void (*answer)(void* value, Answer& answer);
    /// An `expected` that holds an error: dependencies finish as failed. Null: never.
    bool (*failed)(const void* value) = nullptr;
    int status = 0;                      ///< Declared by the type; 0: the route's.
    model::Slot (*slot)() = nullptr;     ///< The JSON body; null: none.
    std::string_view media_type = {};    ///< Of another body; empty: none, or unknown, or JSON.
    const AnswerTable* other = nullptr;  ///< What else may come: the error of an `expected`.
    bool may_be_missing = false;         ///< An `optional`: 404.
    bool streamed = false;               ///< `slot` is one item's of a body of many.
};

}  // namespace portico::app
