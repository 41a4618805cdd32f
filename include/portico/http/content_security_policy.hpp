#pragma once

#include <string>
#include <vector>

namespace portico::http {

/// Where a page may load things from, and what may run in it: `Content-Security-Policy` (W3C CSP
/// Level 3). Each list is a directive; an empty one is left out, and the browser then goes by
/// `default_src`, if that is one of those that it stands for.
///
///     ContentSecurityPolicy{.default_src = {csp::self},
///                           .script_src = {csp::nonce, csp::strict_dynamic},
///                           .img_src = {csp::self, "data:", "https://images.example.com"}}
struct ContentSecurityPolicy {
    using Sources = std::vector<std::string>;

    Sources default_src = {};
    Sources script_src = {};
    Sources style_src = {};
    Sources img_src = {};
    Sources font_src = {};
    Sources connect_src = {};
    Sources media_src = {};
    Sources object_src = {};
    Sources frame_src = {};
    Sources worker_src = {};
    Sources manifest_src = {};
    Sources base_uri = {};
    Sources form_action = {};
    Sources frame_ancestors = {};
    bool upgrade_insecure_requests = false;
    std::string report_to = {};   ///< A name of the field `Reporting-Endpoints`.
    std::string report_uri = {};  ///< For browsers that don't know it.

    /// The value of the field. Throws `std::invalid_argument`, naming the directive, for what is no
    /// source: a keyword without its quotes, `'none'` beside others, a text with a ";".
    [[nodiscard]] std::string to_string() const;
};

/// Sources that are keywords. Others are schemes ("https:"), hosts ("*.example.com"), and hashes
/// ("'sha256-…'").
namespace csp {

// NOLINTBEGIN(modernize-avoid-c-arrays): a list of std::string is made of them.
inline constexpr char none[] = "'none'";
inline constexpr char self[] = "'self'";
inline constexpr char unsafe_inline[] = "'unsafe-inline'";
inline constexpr char unsafe_eval[] = "'unsafe-eval'";
inline constexpr char wasm_unsafe_eval[] = "'wasm-unsafe-eval'";
inline constexpr char unsafe_hashes[] = "'unsafe-hashes'";
inline constexpr char strict_dynamic[] = "'strict-dynamic'";
inline constexpr char report_sample[] = "'report-sample'";
/// The response's own, see `middleware::csp_nonce`.
inline constexpr char nonce[] = "'nonce-*'";
// NOLINTEND(modernize-avoid-c-arrays)

}  // namespace csp

}  // namespace portico::http
