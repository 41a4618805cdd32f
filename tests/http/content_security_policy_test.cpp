#include "portico/http/content_security_policy.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace portico::http {
namespace {

TEST(ContentSecurityPolicy, says_each_directive_that_has_sources) {
    EXPECT_EQ(ContentSecurityPolicy{}.to_string(), "");
    EXPECT_EQ(
        (ContentSecurityPolicy{
            .default_src = {csp::none},
            .script_src = {csp::self, csp::unsafe_inline, csp::unsafe_eval, csp::wasm_unsafe_eval,
                           csp::unsafe_hashes, csp::strict_dynamic, csp::report_sample, csp::nonce},
            .style_src = {"'sha256-AbC+/123=='", "'nonce-abc_-'"},
            .img_src = {csp::self, "data:", "https:"},
            .font_src = {"https://fonts.example.com"},
            .connect_src = {"wss://*.example.com:8443/socket"},
            .media_src = {"*"},
            .object_src = {csp::none},
            .frame_src = {"a.example"},
            .worker_src = {"blob:"},
            .manifest_src = {csp::self},
            .base_uri = {csp::none},
            .form_action = {csp::self},
            .frame_ancestors = {csp::none},
            .upgrade_insecure_requests = true,
            .report_to = "csp",
            .report_uri = "/csp-reports"}
             .to_string()),
        "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval' "
        "'wasm-unsafe-eval' 'unsafe-hashes' 'strict-dynamic' 'report-sample' 'nonce-*'; "
        "style-src 'sha256-AbC+/123==' 'nonce-abc_-'; img-src 'self' data: https:; "
        "font-src https://fonts.example.com; connect-src wss://*.example.com:8443/socket; "
        "media-src *; object-src 'none'; frame-src a.example; worker-src blob:; "
        "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "upgrade-insecure-requests; report-to csp; report-uri /csp-reports");
    EXPECT_EQ(ContentSecurityPolicy{.upgrade_insecure_requests = true}.to_string(),
              "upgrade-insecure-requests");
}

std::string refusal_of(const ContentSecurityPolicy& policy) {
    try {
        return "made: " + policy.to_string();
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
}

TEST(ContentSecurityPolicy, refuses_what_is_no_source) {
    EXPECT_EQ(refusal_of({.script_src = {"self"}}),
              "content security policy: script-src \"self\": a keyword is in single quotes");
    EXPECT_EQ(refusal_of({.style_src = {"sha256-abc="}}),
              "content security policy: style-src \"sha256-abc=\": a keyword is in single quotes");
    EXPECT_EQ(refusal_of({.img_src = {csp::none, csp::self}}),
              "content security policy: img-src \"'none'\": stands alone");
    for (const char* source :
         {"'slef'", "'nonce-'", "'nonce-a b'", "'sha1-abc'", "'sha256-a===b'", "'"}) {
        EXPECT_EQ(refusal_of({.script_src = {source}}), "content security policy: script-src \"" +
                                                            std::string(source) +
                                                            "\": there is no such keyword");
    }
    for (const char* source : {"", "a b", "a;b", "a,b", "a\r\nb", "a'b", "\xc3\xa9.example"}) {
        EXPECT_NE(refusal_of({.script_src = {source}}).find("expected a host"), std::string::npos)
            << source;
    }
    EXPECT_NE(refusal_of({.report_to = "a;b"}).find("report-to"), std::string::npos);
}

}  // namespace
}  // namespace portico::http
