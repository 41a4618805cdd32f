#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <variant>

#include <portico/portico.hpp>

namespace {

using namespace portico;
using model::Json;

enum class Level { low, high };

struct Leaf {
    Annotated<std::string, title("The leaf"), example("oak"), deprecated> leaf;
};
struct Tree {
    Annotated<std::string, alias("the-name")> name;
    Annotated<std::vector<Tree>> children = empty;
    Annotated<std::map<std::string, std::vector<Level>>, max_items(3)> levels = empty;
    Annotated<std::variant<int, std::string, Leaf>> either =
        std::variant<int, std::string, Leaf>(1);
    Annotated<std::optional<Leaf>, description("Perhaps")> perhaps = std::optional<Leaf>();
    std::optional<Uuid> id;
    std::optional<DateTime> at;
    std::optional<Email> mail;
    Annotated<Decimal, max_digits(10), decimal_places(2), ge(0)> price;
    Annotated<SecretString, min_length(3)> secret;
    Annotated<Json> any = Json();
};
struct Filter {
    Annotated<std::vector<Level>> levels = empty;
    Annotated<int, ge(1), description("At most")> limit = 20;
};
struct Problem {
    std::string error;
};

class Scheme : public app::SecurityScheme {
public:
    std::string operator()(const Request&) const { return "token"; }
    [[nodiscard]] std::string_view scheme_name() const override { return "Bearer"; }
    [[nodiscard]] std::string openapi_json() const override {
        return R"({"type":"http","scheme":"bearer"})";
    }
};
inline const Scheme scheme;

/// Something of everything that a document can hold.
Json kitchen_sink(ErrorFormat format) {
    openapi::App app{{.title = "All",
                      .contact = {.name = "Us", .url = "https://example.com"},
                      .license = {.name = "MIT", .identifier = "MIT"},
                      .tags = {{"trees", "Tall"}},
                      .servers = {{"https://example.com", "The one"}},
                      .root_path = "/all",
                      .error_format = format}};
    app.post("/trees/{id}/{rest:path}",
             [](Path<Uuid, "id">, Path<std::string, "rest">, Tree tree, Query<Filter>,
                Header<std::optional<int>, "x_h">, Cookie<Level, "lv", default_value(Level::low)>,
                Security<scheme, "write">) -> Created<Tree> { return tree; },
             {.tags = {"trees"}, .responses = {response<409, Problem>(), response<304>()}});
    app.patch("/trees/{id}",
              [](Path<Level, "id">, Partial<Tree>) { return std::optional<Leaf>(); });
    app.put("/bodies", [](Body<Tree, "tree">, Body<std::optional<Leaf>, "leaf">) {
        return std::vector<Level>{};
    });
    app.post("/form", [](Form<Filter>, File<"photo">) { return NoContent{}; });
    app.post("/any", [](Body<Json> any) { return *any; }, {.operation_id = "any"});
    app.get("/expected", []() -> std::expected<Leaf, Status<409, Problem>> {
        return std::unexpected(Problem{"no"});
    });
    app.get("/stream", [] {
        return stream([]() -> Task<std::optional<std::string>> { co_return std::nullopt; });
    });
    app.get("/page", [] { return HTMLResponse{"<p>"}; });
    app.get("/away", [] { return Redirect{"/page"}; });
    app.get("/raw", [] { return Response{}; });
    app.get("/nothing", [] {});
    app.route({http::Method::get, http::Method::post}, "/both", [] { return 1; });
    return app.openapi();
}

/// The rules of OpenAPI 3.1.0 that our documents can break; what breaks one is a sentence in
/// `faults`.
class Rules {
public:
    explicit Rules(const Json& root) : root_(root) {}

    std::vector<std::string> check() {
        must(root_["openapi"] == Json("3.1.0"), "openapi");
        must(root_["info"]["title"].is_string() && root_["info"]["version"].is_string(), "info");
        for (const auto& [path, item] : root_["paths"].members()) {
            must(path.starts_with('/'), path);
            for (const auto& [method, one] : item.members())
                operation(method + " " + path, path, one);
        }
        for (const auto& [name, schema] : root_["components"]["schemas"].members()) {
            // §4.8.7: the keys of components.
            must(std::ranges::all_of(name,
                                     [](unsigned char c) {
                                         return std::isalnum(c) != 0 || c == '.' || c == '-' ||
                                                c == '_';
                                     }),
                 "component " + name);
            this->schema("component " + name, schema);
        }
        return faults;
    }

    std::vector<std::string> faults;

private:
    void must(bool right, const std::string& what) {
        if (!right) faults.push_back(what);
    }

    void operation(const std::string& where, std::string_view path, const Json& operation) {
        must(operation["operationId"].is_string() &&
                 ids_.insert(std::string(operation["operationId"].as_string())).second,
             where + ": operationId");
        std::set<std::string> in_path;
        std::set<std::string> seen;
        for (const Json& each : operation["parameters"].items()) {
            const std::string name(each["name"].as_string());
            const std::string in(each["in"].as_string());
            must(seen.insert(in + " " + name).second, where + ": twice " + name);
            must(in == "path" || in == "query" || in == "header" || in == "cookie", where + in);
            if (in == "path") {
                in_path.insert(name);
                must(each["required"] == Json(true), where + ": required " + name);
            }
            must(each.contains("schema"), where + ": schema of " + name);
            schema(where + " " + name, each["schema"]);
        }
        for (auto open = path.find('{'); open != path.npos; open = path.find('{', open + 1)) {
            const std::string name(path.substr(open + 1, path.find('}', open) - open - 1));
            must(in_path.erase(name) == 1, where + ": no parameter " + name);
        }
        must(in_path.empty(), where + ": a path parameter that the path lacks");
        if (operation.contains("requestBody")) content(where, operation["requestBody"], true);
        must(operation["responses"].size() > 0, where + ": responses");
        for (const auto& [status, response] : operation["responses"].members()) {
            must(status.size() == 3, where + ": status " + status);
            must(response["description"].is_string(), where + ": description of " + status);
            content(where + " " + status, response, false);
        }
        for (const Json& each : operation["security"].items()) {
            for (const auto& [name, scopes] : each.members()) {
                must(root_["components"]["securitySchemes"].contains(name) && scopes.is_array(),
                     where + ": security " + name);
            }
        }
    }

    void content(const std::string& where, const Json& of, bool needed) {
        must(!needed || of["content"].size() > 0, where + ": content");
        for (const auto& [type, media] : of["content"].members()) {
            must(type.find('/') != type.npos, where + ": media type " + type);
            must(media.contains("schema"), where + ": schema of " + type);
            schema(where, media["schema"]);
        }
    }

    void schema(const std::string& where, const Json& schema) {
        must(schema.is_object() || schema.is_bool(), where + ": a schema is an object");
        if (const Json* target = schema.find("$ref")) {
            constexpr std::string_view kPrefix = "#/components/schemas/";
            const std::string_view ref = target->as_string();
            must(ref.starts_with(kPrefix) &&
                     root_["components"]["schemas"].contains(ref.substr(kPrefix.size())),
                 where + ": " + std::string(ref));
        }
        if (const Json* type = schema.find("type")) {
            static const std::set<std::string, std::less<>> kTypes{
                "array", "boolean", "integer", "null", "number", "object", "string"};
            must(kTypes.contains(type->as_string()), where + ": type");
        }
        for (const auto& [name, member] : schema["properties"].members()) {
            must(!name.empty(), where + ": a property without a name");
            this->schema(where + "." + name, member);
        }
        for (const Json& name : schema["required"].items()) {
            must(schema["properties"].contains(name.as_string()), where + ": required");
        }
        if (schema.contains("items")) this->schema(where + "[]", schema["items"]);
        if (const Json* rest = schema.find("additionalProperties")) {
            this->schema(where + "{}", *rest);
        }
        for (const Json& each : schema["anyOf"].items()) this->schema(where, each);
    }

    const Json& root_;
    std::set<std::string, std::less<>> ids_;
};

TEST(ValidDocument, keeps_the_rules_of_openapi_in_both_error_formats) {
    for (const ErrorFormat format : {ErrorFormat::fastapi, ErrorFormat::problem_json}) {
        const Json document = kitchen_sink(format);
        EXPECT_EQ(Rules(document).check(), std::vector<std::string>{});
    }
}

TEST(ValidDocument, is_told_from_one_that_breaks_the_rules) {
    Json document = kitchen_sink(ErrorFormat::fastapi);
    document["components"]["schemas"].erase("Leaf");
    document["paths"]["/both"]["get"]["operationId"] = "any";
    document["paths"]["/trees/{id}"]["patch"].erase("parameters");
    document["paths"]["/nothing"]["get"]["responses"]["200"].erase("description");
    EXPECT_GE(Rules(document).check().size(), 4U);
}

}  // namespace
