#pragma once

#include <string>
#include <string_view>

namespace portico::openapi {

/// What a page needs to know. All URLs are absolute paths below the root path.
struct PageOptions {
    std::string title;
    std::string document_url;  ///< "/openapi.json"
    std::string page_url;      ///< "/docs": its scripts lie below it.
    std::string oauth2_redirect_url;
    std::string init_oauth = "null";   ///< A JSON object for `ui.initOAuth`, or null.
    std::string ui_parameters = "{}";  ///< A JSON object merged over our Swagger UI options.
};

/// The pages hold no inline script, so that `script-src 'self'` is enough.
[[nodiscard]] std::string swagger_ui_page(const PageOptions& options);
[[nodiscard]] std::string swagger_ui_init_script(const PageOptions& options);
[[nodiscard]] std::string redoc_page(const PageOptions& options);
[[nodiscard]] std::string scalar_page(const PageOptions& options);
[[nodiscard]] std::string scalar_init_script(const PageOptions& options);
[[nodiscard]] std::string oauth2_redirect_page(const PageOptions& options);

/// `default-src 'self'` and what the pages need beyond it. ReDoc searches in a worker from a blob,
/// which no other page may start.
[[nodiscard]] std::string page_content_security_policy(bool starts_worker = false);

}  // namespace portico::openapi
