#include "portico/openapi/app.hpp"

#include <fmt/format.h>

#include <map>
#include <mutex>
#include <stdexcept>
#include <string_view>

#include "openapi/operation.hpp"
#include "openapi/pages.hpp"
#include "openapi_assets.hpp"
#include "portico/http/media_type.hpp"

namespace portico::openapi {

/// One document in its forms. Each is made once; its text lives as long as the application, so
/// responses refer to it.
class App::Document {
public:
    Document(std::string url, DocumentOptions options)
        : url_(std::move(url)), options_(std::move(options)) {}

    [[nodiscard]] const std::string& url() const noexcept { return url_; }
    [[nodiscard]] const DocumentOptions& options() const noexcept { return options_; }

    std::string_view json(app::App& app) {
        std::call_once(json_made_, [&] { json_ = openapi::document(app, options_).dump(); });
        return json_;
    }
    std::string_view yaml(app::App& app) {
        std::call_once(yaml_made_, [&] { yaml_ = to_yaml(openapi::document(app, options_)); });
        return yaml_;
    }
    std::string_view json_3_0(app::App& app) {
        std::call_once(json_3_0_made_, [&] {
            json_3_0_ = as_openapi_3_0(openapi::document(app, options_)).dump();
        });
        return json_3_0_;
    }

private:
    std::string url_;
    DocumentOptions options_;
    std::once_flag json_made_;
    std::once_flag yaml_made_;
    std::once_flag json_3_0_made_;
    std::string json_;
    std::string yaml_;
    std::string json_3_0_;
};

namespace {

const app::RouteOptions kHidden{.include_in_schema = false, .no_store = false};

http::Response page(const std::string& html, std::string_view policy) {
    http::Response response(200, html, "text/html; charset=utf-8");
    response.headers.set("Content-Security-Policy", policy);
    return response;
}

/// Without plain bytes it is gzipped for everybody: RFC 9110 §12.5.3 leaves that to the server.
http::Response asset(const http::Request& request, std::string_view bytes, std::string_view gzipped,
                     std::string_view media_type) {
    http::Response response(200);
    response.set_content_type(media_type);
    response.headers.set("Cache-Control", "public, max-age=3600");
    if (!gzipped.empty()) {
        response.headers.set("Vary", "Accept-Encoding");
        static constexpr std::string_view kOffers[] = {"gzip"};
        if (bytes.empty() || http::negotiate_encoding(request.header("Accept-Encoding"), kOffers)) {
            response.headers.set("Content-Encoding", "gzip");
            bytes = gzipped;
        }
    }
    response.body = http::Response::StaticBody{bytes};
    return response;
}

/// "/openapi.json" is "/openapi" and an ending; empty: it ends otherwise.
std::string_view stem_of(std::string_view url) {
    static constexpr std::string_view kEnding = ".json";
    return url.ends_with(kEnding) ? url.substr(0, url.size() - kEnding.size()) : std::string_view();
}

/// Registers pages, their scripts and documents. What a page shows is made when it is asked for,
/// because the root path is not known before.
class Pages {
public:
    explicit Pages(app::App& app) : app_(app) {}

    void add_document(const std::string& url, std::string_view media_type, auto text) {
        app_.get(
            url,
            [media_type, text = std::move(text)] {
                http::Response response(200);
                response.set_content_type(media_type);
                response.body = http::Response::StaticBody{text()};
                return response;
            },
            kHidden);
    }
    void add_page(const std::string& url, auto options, auto html, std::string policy) {
        app_.get(
            url,
            [options = std::move(options), html, policy = std::move(policy)] {
                return page(html(options()), policy);
            },
            kHidden);
    }
    void add_script(const std::string& url, auto options, auto script) {
        app_.get(
            url,
            [options = std::move(options), script] {
                return http::Response(200, script(options()), kScript);
            },
            kHidden);
    }
    void add_asset(const std::string& url, std::string_view bytes, std::string_view gzipped,
                   std::string_view media_type = kScript) {
        app_.get(
            url,
            [=](const http::Request& request) {
                return asset(request, bytes, gzipped, media_type);
            },
            kHidden);
    }

private:
    static constexpr std::string_view kScript = "text/javascript; charset=utf-8";

    app::App& app_;
};

/// Two operations of one id in the whole application, while it starts rather than when somebody
/// opens the docs.
void check_operation_ids(app::App& app) {
    std::map<std::string, const app::Route*> ids;
    for (const app::Route& route : app.routes()) {
        if (!route.options.include_in_schema) continue;
        std::string id = given_operation_id(app, route);
        if (id.empty()) continue;
        const auto [other, added] = ids.try_emplace(std::move(id), &route);
        const app::Route& first = *other->second;
        // Of two routes for the same request the first is the one that is served.
        if (added || (first.path == route.path && first.method == route.method)) continue;
        throw std::invalid_argument(
            fmt::format("{} {} and {} {} have the operation id \"{}\": it is unique in a document",
                        http::to_string(first.method), first.path, http::to_string(route.method),
                        route.path, other->first));
    }
}

}  // namespace

App::App(app::AppOptions options, DocsOptions docs)
    : app::App(std::move(options)), docs_(std::move(docs)) {
    const app::AppOptions& own = this->options();
    if (own.openapi_url.empty()) return;
    document(own.openapi_url,
             {.docs_url = own.docs_url, .redoc_url = own.redoc_url, .scalar_url = own.scalar_url});
    on_startup([](app::App& app) { check_operation_ids(app); });
}

App::~App() = default;

model::Json App::openapi() {
    return openapi::document(*this);
}

void App::document(std::string address, DocumentOptions its_options) {
    Document& shown = *documents_.emplace_back(
        std::make_unique<Document>(std::move(address), std::move(its_options)));
    Pages pages(*this);
    pages.add_document(shown.url(), "application/json",
                       [this, &shown] { return shown.json(*this); });
    if (const std::string stem(stem_of(shown.url())); !stem.empty()) {
        pages.add_document(stem + ".yaml", "application/yaml",  // RFC 9512
                           [this, &shown] { return shown.yaml(*this); });
        pages.add_document(stem + "-3.0.json", "application/json",
                           [this, &shown] { return shown.json_3_0(*this); });
    }

    const auto options_of = [this, &shown](const std::string& page_url) {
        return [this, &shown, page_url] {
            const app::AppOptions& own = options();
            PageOptions page{
                .title = shown.options().title.empty() ? own.title : shown.options().title,
                .document_url = own.root_path + shown.url(),
                .page_url = own.root_path + page_url,
                .oauth2_redirect_url = own.root_path + page_url + "/oauth2-redirect"};
            if (!docs_.init_oauth.empty()) page.init_oauth = docs_.init_oauth;
            if (!docs_.ui_parameters.empty()) page.ui_parameters = docs_.ui_parameters;
            return page;
        };
    };
    const std::string policy = page_content_security_policy();
    if (const std::string& url = shown.options().docs_url; !url.empty()) {
        pages.add_page(url, options_of(url), &swagger_ui_page, policy);
        pages.add_page(url + "/oauth2-redirect", options_of(url), &oauth2_redirect_page, policy);
        pages.add_script(url + "/init.js", options_of(url), &swagger_ui_init_script);
        pages.add_asset(url + "/swagger-ui-bundle.js", assets::swagger_ui_bundle_js(),
                        assets::swagger_ui_bundle_js_gz());
        pages.add_asset(url + "/swagger-ui.css", assets::swagger_ui_css(),
                        assets::swagger_ui_css_gz(), "text/css; charset=utf-8");
        pages.add_asset(url + "/oauth2-redirect.js", assets::oauth2_redirect_js(), {});
        pages.add_asset(url + "/favicon.png", assets::favicon_png(), {}, "image/png");
    }
    if (const std::string& url = shown.options().redoc_url; !url.empty()) {
        pages.add_page(url, options_of(url), &redoc_page, page_content_security_policy(true));
        pages.add_asset(url + "/redoc.standalone.js", assets::redoc_standalone_js(),
                        assets::redoc_standalone_js_gz());
        pages.add_asset(url + "/favicon.png", assets::favicon_png(), {}, "image/png");
    }
    if (const std::string& url = shown.options().scalar_url; !url.empty()) {
        pages.add_page(url, options_of(url), &scalar_page, policy);
        pages.add_script(url + "/init.js", options_of(url), &scalar_init_script);
        pages.add_asset(url + "/scalar.standalone.js", {}, assets::scalar_standalone_js_gz());
        pages.add_asset(url + "/favicon.png", assets::favicon_png(), {}, "image/png");
    }
}

}  // namespace portico::openapi
