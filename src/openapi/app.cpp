#include "portico/openapi/app.hpp"

#include <mutex>
#include <string_view>

#include "openapi/pages.hpp"
#include "openapi_assets.hpp"
#include "portico/http/media_type.hpp"
#include "portico/openapi/document.hpp"

namespace portico::openapi {

/// Made once; its text lives as long as the application, so responses refer to it.
class App::Documents {
public:
    std::string_view text(app::App& app) {
        std::call_once(made_, [&] { text_ = document(app).dump(); });
        return text_;
    }

private:
    std::once_flag made_;
    std::string text_;
};

namespace {

const app::RouteOptions kHidden{.include_in_schema = false, .no_store = false};

http::Response page(const std::string& html, std::string_view policy) {
    http::Response response(200, html, "text/html; charset=utf-8");
    response.headers.set("Content-Security-Policy", policy);
    return response;
}

http::Response asset(const http::Request& request, std::string_view bytes, std::string_view gzipped,
                     std::string_view media_type) {
    http::Response response(200);
    response.set_content_type(media_type);
    response.headers.set("Cache-Control", "public, max-age=3600");
    if (!gzipped.empty()) {
        response.headers.set("Vary", "Accept-Encoding");
        static constexpr std::string_view kOffers[] = {"gzip"};
        if (http::negotiate_encoding(request.header("Accept-Encoding"), kOffers)) {
            response.headers.set("Content-Encoding", "gzip");
            bytes = gzipped;
        }
    }
    response.body = http::Response::StaticBody{bytes};
    return response;
}

}  // namespace

App::App(app::AppOptions options, DocsOptions docs)
    : app::App(std::move(options)), documents_(std::make_unique<Documents>()) {
    if (!this->options().openapi_url.empty()) add_pages(docs);
}

App::~App() = default;

model::Json App::openapi() {
    return document(*this);
}

void App::add_pages(const DocsOptions& docs) {
    const app::AppOptions& own = options();
    get(
        own.openapi_url,
        [this] {
            http::Response response(200);
            response.set_content_type("application/json");
            response.body = http::Response::StaticBody{documents_->text(*this)};
            return response;
        },
        kHidden);

    const auto add_page = [&](const std::string& path, std::string html, std::string policy) {
        get(
            path,
            [html = std::move(html), policy = std::move(policy)] { return page(html, policy); },
            kHidden);
    };
    const auto add_asset = [&](const std::string& path, std::string_view bytes,
                               std::string_view gzipped, std::string_view media_type) {
        get(
            path,
            [=](const http::Request& request) {
                return asset(request, bytes, gzipped, media_type);
            },
            kHidden);
    };
    static constexpr std::string_view kScript = "text/javascript; charset=utf-8";

    PageOptions options{.title = own.title,
                        .document_url = own.root_path + own.openapi_url,
                        .page_url = own.root_path + own.docs_url,
                        .oauth2_redirect_url = own.root_path + own.docs_url + "/oauth2-redirect"};
    if (!docs.init_oauth.empty()) options.init_oauth = docs.init_oauth;
    if (!docs.ui_parameters.empty()) options.ui_parameters = docs.ui_parameters;

    if (const std::string& url = own.docs_url; !url.empty()) {
        const std::string policy = page_content_security_policy();
        add_page(url, swagger_ui_page(options), policy);
        add_page(url + "/oauth2-redirect", oauth2_redirect_page(options), policy);
        get(
            url + "/init.js",
            [script = swagger_ui_init_script(options)] {
                return http::Response(200, script, kScript);
            },
            kHidden);
        add_asset(url + "/swagger-ui-bundle.js", assets::swagger_ui_bundle_js(),
                  assets::swagger_ui_bundle_js_gz(), kScript);
        add_asset(url + "/swagger-ui.css", assets::swagger_ui_css(), assets::swagger_ui_css_gz(),
                  "text/css; charset=utf-8");
        add_asset(url + "/oauth2-redirect.js", assets::oauth2_redirect_js(), {}, kScript);
        add_asset(url + "/favicon.png", assets::favicon_png(), {}, "image/png");
    }
    if (const std::string& url = own.redoc_url; !url.empty()) {
        options.page_url = own.root_path + url;
        add_page(url, redoc_page(options), page_content_security_policy(true));
        add_asset(url + "/redoc.standalone.js", assets::redoc_standalone_js(),
                  assets::redoc_standalone_js_gz(), kScript);
        add_asset(url + "/favicon.png", assets::favicon_png(), {}, "image/png");
    }
}

}  // namespace portico::openapi
