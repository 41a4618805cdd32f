#include "portico/openapi/document.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "openapi/operation.hpp"

namespace portico::openapi {

namespace {

using model::Json;

void set_text(Json& object, std::string_view key, const std::string& text) {
    if (!text.empty()) object[key] = text;
}

const std::string& either(const std::string& own, const std::string& general) {
    return own.empty() ? general : own;
}

Json info(const app::AppOptions& options, const DocumentOptions& own) {
    Json info = Json::object();
    info["title"] = either(own.title, options.title);
    set_text(info, "summary", options.summary);
    set_text(info, "description", either(own.description, options.description));
    set_text(info, "termsOfService", options.terms_of_service);
    if (const app::Contact& from = options.contact;
        !from.name.empty() || !from.url.empty() || !from.email.empty()) {
        Json contact = Json::object();
        set_text(contact, "name", from.name);
        set_text(contact, "url", from.url);
        set_text(contact, "email", from.email);
        info["contact"] = std::move(contact);
    }
    if (const app::License& from = options.license; !from.name.empty()) {
        Json license = Json::object();
        set_text(license, "name", from.name);
        set_text(license, "identifier", from.identifier);
        set_text(license, "url", from.url);
        info["license"] = std::move(license);
    }
    info["version"] = either(own.version, options.version);
    return info;
}

Json servers(const app::AppOptions& options) {
    Json list = Json::array();
    if (!options.root_path.empty() && options.root_path_in_servers) {
        Json own = Json::object();
        own["url"] = options.root_path;
        list.push_back(std::move(own));
    }
    for (const app::ServerDescription& from : options.servers) {
        Json server = Json::object();
        server["url"] = from.url;
        set_text(server, "description", from.description);
        list.push_back(std::move(server));
    }
    return list;
}

Json tags(const app::AppOptions& options) {
    Json list = Json::array();
    for (const app::TagDescription& from : options.tags) {
        Json tag = Json::object();
        tag["name"] = from.name;
        set_text(tag, "description", from.description);
        add_external_docs(tag, from.external_docs);
        list.push_back(std::move(tag));
    }
    return list;
}

bool is_shown(const app::Route& route, const DocumentOptions& options) {
    if (!route.options.include_in_schema) return false;
    if (!options.prefix.empty()) {
        // "/v1" is not the beginning of "/v10".
        const std::string_view path = route.path;
        if (!path.starts_with(options.prefix)) return false;
        const std::string_view rest = path.substr(options.prefix.size());
        if (!rest.empty() && rest.front() != '/') return false;
    }
    return options.tags.empty() ||
           std::ranges::any_of(route.policy.tags, [&](const std::string& tag) {
               return std::ranges::find(options.tags, tag) != options.tags.end();
           });
}

}  // namespace

Json document(app::App& app, const DocumentOptions& options) {
    OperationWriter writer(app);
    std::vector<std::pair<std::string, Json>> paths;
    for (const app::Route& route : app.routes()) {
        if (!is_shown(route, options)) continue;
        auto at = std::ranges::find(paths, route.path, &std::pair<std::string, Json>::first);
        if (at == paths.end()) at = paths.emplace(paths.end(), route.path, Json::object());
        // Of two routes for the same request the first is the one that is served.
        if (at->second.find(method_key(route.method)) != nullptr) continue;
        at->second[method_key(route.method)] = writer.operation(route);
    }

    Json root = Json::object();
    root["openapi"] = "3.1.0";
    root["info"] = info(app.options(), options);
    if (Json list = servers(app.options()); !list.empty()) root["servers"] = std::move(list);
    Json path_items = Json::object();
    for (auto& [path, item] : paths) path_items[path] = std::move(item);
    root["paths"] = std::move(path_items);
    for (const app::OutgoingRequest& webhook : app.options().webhooks) {
        root["webhooks"][webhook.name] = writer.path_item(webhook);
    }

    writer.schemas().settle(root);
    for (auto& [name, schema] : writer.own_schemas()) writer.schemas().settle(schema);
    std::map<std::string, Json> schemas = writer.schemas().definitions();
    for (auto& [name, schema] : writer.own_schemas()) schemas.try_emplace(name, std::move(schema));
    Json components = Json::object();
    if (!schemas.empty()) {
        Json object = Json::object();
        for (auto& [name, schema] : schemas) object[name] = std::move(schema);
        components["schemas"] = std::move(object);
    }
    if (!writer.security_schemes().empty()) {
        Json object = Json::object();
        for (const auto& [name, scheme] : writer.security_schemes()) object[name] = scheme;
        components["securitySchemes"] = std::move(object);
    }
    if (!components.empty()) root["components"] = std::move(components);
    if (Json list = tags(app.options()); !list.empty()) root["tags"] = std::move(list);
    add_external_docs(root, app.options().external_docs);
    return root;
}

}  // namespace portico::openapi
