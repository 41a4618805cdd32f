#pragma once

#include <functional>
#include <map>
#include <string>

#include "portico/app/app.hpp"
#include "portico/model/json.hpp"
#include "portico/model/schema.hpp"

namespace portico::openapi {

/// An error that the framework makes, as the route's handlers or the application write it.
struct ErrorBody {
    int status;
    model::Json schema;
    std::string media_type;
};

/// A `content` of one media type.
[[nodiscard]] model::Json one_content(const std::string& media_type, model::Json schema);
/// `externalDocs`, where there are any.
void add_external_docs(model::Json& object, const app::ExternalDocs& docs);
/// "get", as a Path Item has it.
[[nodiscard]] std::string method_key(http::Method method);
/// The operation id that a route was given by hand or by the application's function; empty: none.
[[nodiscard]] std::string given_operation_id(const app::App& app, const app::Route& route);

/// What the operations of one document share.
class OperationWriter {
public:
    explicit OperationWriter(app::App& app);

    /// An Operation Object (OpenAPI 3.1 §4.8.10).
    [[nodiscard]] model::Json operation(const app::Route& route);
    /// A Path Item Object (§4.8.9) of a webhook or callback.
    [[nodiscard]] model::Json path_item(const app::OutgoingRequest& request);

    [[nodiscard]] model::SchemaBuilder& schemas() noexcept { return schemas_; }
    /// Schemas that no model stands behind: error bodies, `Body_…` of embedded bodies and forms.
    [[nodiscard]] std::map<std::string, model::Json>& own_schemas() noexcept {
        return own_schemas_;
    }
    [[nodiscard]] const std::map<std::string, model::Json>& security_schemes() const noexcept {
        return security_schemes_;
    }

private:
    [[nodiscard]] std::string operation_id(const app::Route& route);
    [[nodiscard]] model::Json parameters(const app::Route& route);
    [[nodiscard]] model::Json request_body(const app::Route& route, const std::string& id);
    [[nodiscard]] model::Json responses(const app::Route& route);
    void add_links(const app::Route& route, model::Json& responses) const;
    [[nodiscard]] model::Json callbacks(const app::Route& route);
    [[nodiscard]] model::Json security(const app::Route& route);
    [[nodiscard]] model::Json slot_schema(model::Slot slot, std::string_view name,
                                          const std::string& default_json);
    [[nodiscard]] ErrorBody http_error(const app::Route& route, int status);
    [[nodiscard]] ErrorBody validation_error(const app::Route& route);
    void add_handled(const app::Route& route, const std::function<void(ErrorBody)>& add);
    [[nodiscard]] ErrorBody answered(const app::AnswerTable& answer, int status);
    [[nodiscard]] std::string ref(const std::string& name, model::Json schema);

    app::App& app_;
    model::SchemaBuilder schemas_;
    std::map<std::string, model::Json> own_schemas_;
    std::map<std::string, model::Json> security_schemes_;
    std::map<std::string, std::string> ids_;  // and the routes that they are of
};

}  // namespace portico::openapi
