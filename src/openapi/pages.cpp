#include "openapi/pages.hpp"

#include <fmt/format.h>

#include "portico/model/write.hpp"

namespace portico::openapi {

namespace {

std::string escape_html(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string json(std::string_view text) {
    std::string out;
    model::write_json_string(text, out);
    return out;
}

}  // namespace

std::string swagger_ui_page(const PageOptions& options) {
    return fmt::format(R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{0} - Swagger UI</title>
<link rel="icon" type="image/png" href="{1}/favicon.png">
<link rel="stylesheet" href="{1}/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="{1}/swagger-ui-bundle.js"></script>
<script src="{1}/init.js"></script>
</body>
</html>
)",
                       escape_html(options.title), escape_html(options.page_url));
}

std::string swagger_ui_init_script(const PageOptions& options) {
    return fmt::format(R"(const ui = SwaggerUIBundle(Object.assign({{
  url: {},
  dom_id: "#swagger-ui",
  layout: "BaseLayout",
  presets: [SwaggerUIBundle.presets.apis],
  deepLinking: true,
  showExtensions: true,
  showCommonExtensions: true,
  validatorUrl: null,
  oauth2RedirectUrl: window.location.origin + {},
}}, {}));
const oauth = {};
if (oauth) ui.initOAuth(oauth);
)",
                       json(options.document_url), json(options.oauth2_redirect_url),
                       options.ui_parameters, options.init_oauth);
}

std::string redoc_page(const PageOptions& options) {
    return fmt::format(R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{0} - ReDoc</title>
<link rel="icon" type="image/png" href="{1}/favicon.png">
<style>body {{ margin: 0; padding: 0; }}</style>
</head>
<body>
<redoc spec-url="{2}"></redoc>
<script src="{1}/redoc.standalone.js"></script>
</body>
</html>
)",
                       escape_html(options.title), escape_html(options.page_url),
                       escape_html(options.document_url));
}

std::string scalar_page(const PageOptions& options) {
    return fmt::format(R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{0} - Scalar</title>
<link rel="icon" type="image/png" href="{1}/favicon.png">
</head>
<body>
<div id="scalar"></div>
<script src="{1}/scalar.standalone.js"></script>
<script src="{1}/init.js"></script>
</body>
</html>
)",
                       escape_html(options.title), escape_html(options.page_url));
}

/// Without what asks other hosts: web fonts, telemetry, the maker's client, proxy and assistant.
std::string scalar_init_script(const PageOptions& options) {
    return fmt::format(R"(Scalar.createApiReference("#scalar", {{
  url: {},
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: "never",
  agent: {{ disabled: true }},
  mcp: {{ disabled: true }},
}});
)",
                       json(options.document_url));
}

std::string oauth2_redirect_page(const PageOptions& options) {
    return fmt::format(R"(<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{0} - OAuth2</title></head>
<body><script src="{1}/oauth2-redirect.js"></script></body>
</html>
)",
                       escape_html(options.title), escape_html(options.page_url));
}

std::string page_content_security_policy(bool starts_worker) {
    std::string policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: https:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'";
    if (starts_worker) policy += "; worker-src blob:";
    return policy;
}

}  // namespace portico::openapi
