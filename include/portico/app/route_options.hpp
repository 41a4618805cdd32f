#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "portico/app/documentation.hpp"
#include "portico/app/function_table.hpp"
#include "portico/http/access_rules.hpp"
#include "portico/model/slot_of.hpp"

namespace portico::app {

/// A dependency of a whole route, router or application, whose value nobody asks for:
/// `depends(object)`, `depends<f>()`, `security<f, scopes…>()`.
struct Dependency {
    const FunctionTable* function = nullptr;
    const void* key = nullptr;  ///< The identity: the function's table, or the object.
    const SecurityScheme* scheme = nullptr;
    std::shared_ptr<void> object;
    bool secured = false;
    std::vector<std::string_view> scopes;
};

namespace detail {

/// `new` behind a pointer that knows how to delete, without a control block for each type.
[[nodiscard]] std::shared_ptr<void> own(void* object, void (*destroy)(void*) noexcept);

template <class T>
void delete_object(void* object) noexcept {
    delete static_cast<T*>(object);
}
template <class T>
[[nodiscard]] std::shared_ptr<void> keep(T object) {
    return own(new T(std::move(object)), &delete_object<T>);
}

}  // namespace detail

/// An object that is called for each request; it is kept once and used by all loops at once.
///
///     .dependencies = {depends(RateLimiter{100, 60s})}
template <class T>
[[nodiscard]] Dependency depends(T object) {
    static_assert(!std::is_pointer_v<T>,
                  "depends(object) is for objects: write depends<f>() for a "
                  "function, so that it is called once and can be overridden");
    auto kept = detail::keep(std::move(object));
    const SecurityScheme* scheme = detail::scheme_of(*static_cast<T*>(kept.get()));
    const void* key = kept.get();
    return {&detail::CallObject<T>::kTable, key, scheme, std::move(kept), false, {}};
}

/// The dependency f, as in `Depends<f>`, without its value.
template <auto& F>
[[nodiscard]] Dependency depends() {
    const DependencyTable& table = detail::kDependency<F>;
    return {table.function, &table, table.scheme, nullptr, false, {}};
}

/// As `Security<f, scopes…>`: `.dependencies = {security<current_user, "admin">()}`.
template <auto& F, Name... Scopes>
[[nodiscard]] Dependency security() {
    const DependencyTable& table = detail::kDependency<F>;
    return {table.function, &table, table.scheme, nullptr, true, {Scopes.view()...}};
}

/// A response that a route may give besides its handler's own, for the document.
struct ResponseDeclaration {
    int status = 0;
    std::string description = {};  ///< Empty: the phrase of the status.
    model::Slot (*slot)() = nullptr;
    std::string media_type = {};  ///< Empty: application/json where there is a slot.
};

/// `.responses = {response<404, ErrorBody>("No such item"), response<304>()}`
template <int Status, class Model = void>
[[nodiscard]] ResponseDeclaration response(std::string description = {}) {
    static_assert(Status >= 100 && Status <= 599, "a status is 100 to 599");
    if constexpr (std::is_void_v<Model>) {
        return {Status, std::move(description), nullptr, {}};
    } else {
        return {Status, std::move(description), &model::slot_of<Model>, {}};
    }
}

/// Bounds of the forms that a route takes; more is 400. `max_body` bounds the whole (413).
struct FormOptions {
    std::size_t max_files = 1000;
    std::size_t max_fields = 1000;
    /// Bytes of a field, which is in memory; all of a multipart form together have four times that.
    std::size_t max_part_size = std::size_t{1024} * 1024;
    /// Bytes of a file; a larger one goes to a temporary file.
    std::size_t spool_max_size = std::size_t{1024} * 1024;
};

/// What a route is besides its method, path and handler. Written in this order.
struct RouteOptions {
    std::string summary = {};
    std::string description = {};  ///< Markdown; what follows a form feed is not shown.
    std::vector<std::string> tags = {};
    std::string name = {};          ///< For `url_for`; made from method and path when empty.
    std::string operation_id = {};  ///< For the document; made from the name when empty.
    int status_code = 0;            ///< Of a handler's plain value; 0: what its type says, 200.
    std::string response_description = {};
    std::vector<Dependency> dependencies = {};
    std::vector<ResponseDeclaration> responses = {};
    bool deprecated = false;
    bool include_in_schema = true;
    /// Runs the handler on the blocking executor instead of the loop; for functions that block.
    bool blocking = false;
    /// Bytes; 0: the application's `max_body`. Longer bodies are 413.
    std::size_t max_body = 0;
    /// The media types a body may have; empty: any. Others are 415.
    std::vector<std::string> content_types = {};
    FormOptions form = {};
    /// False: a body without a Content-Type is read as JSON. Nothing: as the router says.
    std::optional<bool> strict_content_type = {};
    bool require_https = false;
    /// Checks of the guard that are not run: "rate_limit", "detection", "all".
    std::vector<std::string> bypass = {};
    /// Whom the guard lets through to it, and how often.
    http::AccessRules access = {};
    /// False: no `Cache-Control: no-store` on the answers of a route that needs credentials.
    bool no_store = true;
    /// How the handler's models are written (`model::WriteOptions`, whose words these are): members
    /// by their own names, "items.price" below others. The document shows what is left.
    std::vector<std::string> response_model_include = {};
    std::vector<std::string> response_model_exclude = {};
    bool response_model_by_alias = true;
    bool response_model_exclude_defaults = false;
    bool response_model_exclude_none = false;
    ExternalDocs external_docs = {};
    std::vector<OutgoingRequest> callbacks = {};  ///< `callback<Body>(name, url)`
    std::vector<Link> links = {};
    /// A JSON object, merged into the operation: objects member by member, arrays appended, other
    /// values replaced. For extensions: `R"({"x-internal": true})"`.
    std::string openapi_extra = {};
};

}  // namespace portico::app
