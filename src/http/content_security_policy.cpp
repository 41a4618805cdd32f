#include "portico/http/content_security_policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

namespace portico::http {
namespace {

constexpr std::array<std::string_view, 9> kKeywords{csp::none,
                                                    csp::self,
                                                    csp::unsafe_inline,
                                                    csp::unsafe_eval,
                                                    csp::wasm_unsafe_eval,
                                                    csp::unsafe_hashes,
                                                    csp::strict_dynamic,
                                                    csp::report_sample,
                                                    csp::nonce};

[[noreturn]] void refuse(std::string_view directive, std::string_view source,
                         std::string_view why) {
    throw std::invalid_argument(
        fmt::format("content security policy: {} \"{}\": {}", directive, source, why));
}

// CSP §2.3.1: base64-value = 1*( ALPHA / DIGIT / "+" / "/" / "-" / "_" )*2( "=" )
bool is_base64_value(std::string_view text) noexcept {
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("+/-_").contains(c);
    });
}

bool is_quoted_source(std::string_view source) noexcept {
    if (std::ranges::find(kKeywords, source) != kKeywords.end()) return true;
    if (source.size() < 3 || !source.ends_with('\'')) return false;
    source = source.substr(1, source.size() - 2);
    for (const std::string_view kind : {"nonce-", "sha256-", "sha384-", "sha512-"}) {
        if (source.starts_with(kind)) return is_base64_value(source.substr(kind.size()));
    }
    return false;
}

void check(std::string_view directive, const std::string& source) {
    if (source.starts_with('\'')) {
        if (!is_quoted_source(source)) refuse(directive, source, "there is no such keyword");
        return;
    }
    const std::string quoted = "'" + source + "'";
    if (is_quoted_source(quoted)) refuse(directive, source, "a keyword is in single quotes");
    const bool plain = std::ranges::all_of(source, [](char c) {
        return c > ' ' && c < 0x7f && !std::string_view(";,'\"").contains(c);
    });
    if (source.empty() || !plain) {
        refuse(directive, source, "expected a host, a scheme such as \"https:\" or a keyword");
    }
}

void add(std::string& to, std::string_view directive,
         const ContentSecurityPolicy::Sources& sources) {
    if (sources.empty()) return;
    if (!to.empty()) to += "; ";
    to += directive;
    for (const std::string& source : sources) {
        check(directive, source);
        if (source == csp::none && sources.size() > 1) refuse(directive, source, "stands alone");
        to += ' ';
        to += source;
    }
}

}  // namespace

std::string ContentSecurityPolicy::to_string() const {
    std::string text;
    add(text, "default-src", default_src);
    add(text, "script-src", script_src);
    add(text, "style-src", style_src);
    add(text, "img-src", img_src);
    add(text, "font-src", font_src);
    add(text, "connect-src", connect_src);
    add(text, "media-src", media_src);
    add(text, "object-src", object_src);
    add(text, "frame-src", frame_src);
    add(text, "worker-src", worker_src);
    add(text, "manifest-src", manifest_src);
    add(text, "base-uri", base_uri);
    add(text, "form-action", form_action);
    add(text, "frame-ancestors", frame_ancestors);
    if (upgrade_insecure_requests)
        text += text.empty() ? "upgrade-insecure-requests" : "; upgrade-insecure-requests";
    if (!report_to.empty()) add(text, "report-to", {report_to});
    if (!report_uri.empty()) add(text, "report-uri", {report_uri});
    return text;
}

}  // namespace portico::http
