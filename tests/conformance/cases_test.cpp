#include "tests/conformance/cases.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "portico/testing/test_client.hpp"
#include "tests/conformance/apps/apps.hpp"

namespace portico::conformance {
namespace {

using Maker = AppPointer (*)();

const std::map<std::string_view, Maker> kMakers{
    {"bodies", &make_bodies},
    {"caching", &make_caching},
    {"dependencies", &make_dependencies},
    {"documents", &make_documents},
    {"errors", &make_errors},
    {"files", &make_files},
    {"forms", &make_forms},
    {"lifetimes", &make_lifetimes},
    {"members", &make_members},
    {"middleware", &make_middleware},
    {"mounts", &make_mounts},
    {"nested", &make_nested},
    {"pagination", &make_pagination},
    {"parameters", &make_parameters},
    {"pools", &make_pools},
    {"responses", &make_responses},
    {"routing", &make_routing},
    {"security", &make_security},
    {"streams", &make_streams},
    {"text_types", &make_text_types},
    {"types", &make_types},
};

/// One for all cases that ask it a single request.
App& fixture(std::string_view name) {
    static std::map<std::string, AppPointer, std::less<>> made;
    const auto known = made.find(name);
    if (known != made.end()) return *known->second;
    return *made.emplace(std::string(name), kMakers.at(name)()).first->second;
}

testing::RequestOptions request_options(const Json& test) {
    testing::RequestOptions options;
    for (const auto& [name, value] : test["headers"].members()) {
        for (const Json& each : value.is_array() ? value.items() : Json::Array{value}) {
            options.headers.emplace_back(name, each.as_string());
        }
    }
    if (const Json* json = test.find("json")) options.json = json->dump();
    if (const Json* text = test.find("json_text")) options.json = std::string(text->as_string());
    if (const Json* text = test.find("content")) options.content = std::string(text->as_string());
    if (const Json* form = test.find("form")) {
        options.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        options.content = std::string(form->as_string());
    }
    if (const Json* parts = test.find("multipart")) {
        std::string body;
        for (const Json& part : parts->items()) {
            body += "--B\r\nContent-Disposition: form-data; name=\"";
            body += part["name"].as_string();
            body += '"';
            if (const Json* filename = part.find("filename")) {
                body += "; filename=\"" + std::string(filename->as_string()) + '"';
            }
            if (const Json* type = part.find("type")) {
                body += "\r\nContent-Type: " + std::string(type->as_string());
            }
            body += "\r\n\r\n" + std::string(part["value"].as_string()) + "\r\n";
        }
        options.headers.emplace_back("Content-Type", "multipart/form-data; boundary=B");
        options.content = body + "--B--\r\n";
    }
    return options;
}

/// The value that a JSON pointer (RFC 6901) leads to, or null.
const Json* find(const Json& document, std::string_view pointer) {
    const Json* at = &document;
    while (at != nullptr && !pointer.empty()) {
        pointer.remove_prefix(1);
        const std::size_t end = std::min(pointer.find('/'), pointer.size());
        std::string key(pointer.substr(0, end));
        pointer.remove_prefix(end);
        for (std::size_t i = key.find("~1"); i != key.npos; i = key.find("~1", i)) {
            key.replace(i, 2, "/");
        }
        if (at->is_array()) {
            const auto index = static_cast<std::size_t>(std::stoul(key));
            at = index < at->size() ? &at->items()[index] : nullptr;
        } else {
            at = at->find(key);
        }
    }
    return at;
}

void expect_headers(const Json& expected, const testing::TestResponse& response) {
    for (const auto& [name, value] : expected.members()) {
        Json sent = Json::array();
        for (const std::string_view each : response.headers.get_all(name)) sent.push_back(each);
        const Json wanted = value.is_array()  ? value
                            : value.is_null() ? Json::array()
                                              : Json::array({value});
        EXPECT_EQ(sent.dump(), wanted.dump()) << "header " << name;
    }
}

testing::TestResponse ask(testing::TestClient& client, const Json& test) {
    const std::string_view line = test["request"].as_string();
    const auto space = line.find(' ');
    return client.request(line.substr(0, space), line.substr(space + 1), request_options(test));
}

void run_case(const Json& test) {
    const std::string_view name = test["app"].as_string();
    const Json* before = test.find("before");
    const AppPointer fresh = before != nullptr ? kMakers.at(name)() : nullptr;
    testing::TestClient client(fresh != nullptr ? *fresh : fixture(name),
                               {.raise_server_exceptions = false, .follow_redirects = false});
    if (before != nullptr) {
        for (const Json& request : before->items()) ask(client, request);
    }
    const auto response = ask(client, test);
    EXPECT_EQ(response.status_code, test["status"].as_int()) << response.text;
    expect_headers(test["response_headers"], response);
    if (const Json* text = test.find("text")) EXPECT_EQ(response.text, text->as_string());
    if (const Json* expected = test.find("expect")) {
        const auto answered = Json::parse(response.text);
        ASSERT_TRUE(answered) << response.text;
        if (const Json* pointer = test.find("at")) {
            const Json* part = find(*answered, pointer->as_string());
            ASSERT_NE(part, nullptr) << "nothing at " << pointer->as_string();
            // Of a document the order of members does not count.
            EXPECT_TRUE(*part == *expected) << part->dump(2) << "\nexpected\n" << expected->dump(2);
        } else {
            EXPECT_EQ(answered->dump(), expected->dump());
        }
    }
}

class Case : public ::testing::Test {
public:
    explicit Case(const Json& test) : test_(test) {}
    void TestBody() override { run_case(test_); }

private:
    const Json& test_;
};

}  // namespace

::testing::Test* make_case(const Json& test) {
    return new Case(test);
}

void write_documents(const std::filesystem::path& folder) {
    for (const auto& [name, make] : kMakers) {
        const AppPointer app = make();
        testing::TestClient client(*app);
        for (const char* url : {"/openapi.json", "/openapi-3.0.json", "/v1/openapi.json",
                                "/zoo.json", "/shop/openapi.json", "/shop/deep/openapi.json"}) {
            const auto response = client.get(url);
            if (!response.text.starts_with("{\"openapi\"")) continue;
            std::string file = std::string(name) + url;
            std::replace(file.begin(), file.end(), '/', '_');
            std::ofstream(folder / file) << response.text;
        }
    }
}

}  // namespace portico::conformance
