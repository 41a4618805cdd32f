#include <gtest/gtest.h>

#include <expected>
#include <string>
#include <vector>

#include "portico/model/json.hpp"
#include "portico/model/read.hpp"
#include "portico/model/slot_of.hpp"
#include "tests/conformance/cases.hpp"

/// Texts that are JSON (y), are not (n), or that RFC 8259 leaves open (i), with the reason of what
/// we do then.
namespace portico::conformance {
namespace {

using model::Json;

struct Ignoring {
    int known = 0;
};

std::string repeated(std::string_view text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
}

std::string text_of(const Json& test) {
    if (const Json* depth = test.find("depth")) {
        const auto times = static_cast<std::size_t>(depth->as_int());
        const Json* open = test.find("open");
        return repeated(open != nullptr ? open->as_string() : "[", times) +
               std::string(test["inner"].as_string()) +
               repeated(open != nullptr ? test["close"].as_string() : "]", times);
    }
    const Json* hex = test.find("hex");
    if (hex == nullptr) return std::string(test["text"].as_string());
    std::string bytes;
    for (std::size_t i = 0; i < hex->as_string().size(); i += 2) {
        const std::string digits(hex->as_string().substr(i, 2));
        bytes.push_back(static_cast<char>(std::stoi(digits, nullptr, 16)));
    }
    return bytes;
}

/// A value may be refused that is JSON: a text with U+0000, a lone surrogate.
template <class T>
bool is_json(const std::expected<T, model::Faults>& read) {
    return read.has_value() || read.error().list().front().type != "json_invalid";
}

class JsonText : public ::testing::Test {
public:
    explicit JsonText(const Json& test) : test_(test) {}

    void TestBody() override {
        const std::string verdict(test_["verdict"].as_string());
        const bool accepted = verdict == "y" || (verdict == "i" && test_["accepted"].as_bool());
        const std::string text = text_of(test_);
        EXPECT_EQ(Json::parse(text).has_value(), accepted);
        EXPECT_EQ(is_json(model::read_json<Json>(text)), accepted);
        // Nor does it pass where nobody looks at it; one level deeper is one level less.
        if (!test_.contains("depth")) {
            const auto whole = R"({"known":1,"other":)" + text + "}";
            EXPECT_EQ(is_json(model::read_json<Ignoring>(whole)), accepted);
        }
    }

private:
    const Json& test_;
};

}  // namespace

::testing::Test* make_json_text(const model::Json& test) {
    return new JsonText(test);
}

}  // namespace portico::conformance
