#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "portico/model/annotated.hpp"
#include "portico/model/byte_size.hpp"
#include "portico/model/date_time.hpp"
#include "portico/model/decimal.hpp"
#include "portico/model/email.hpp"
#include "portico/model/ip.hpp"
#include "portico/model/literal.hpp"
#include "portico/model/partial.hpp"
#include "portico/model/raw_json.hpp"
#include "portico/model/read.hpp"
#include "portico/model/secret.hpp"
#include "portico/model/uuid.hpp"
#include "portico/model/write.hpp"

namespace {

using namespace portico::model;

enum class Colour { red, green, blue };

struct Leaf {
    Annotated<std::string, min_length(1), max_length(8)> name;
    Annotated<int, ge(-5), lt(1000)> n = 0;
};

struct Cat {
    Annotated<Literal<"cat">> kind;
    /// Long enough for what it is written as: "**********".
    Annotated<SecretString, max_length(12)> chip;
};
struct Parrot {
    static constexpr auto model_config = ModelConfig{.extra = Extra::allow};
    Annotated<Literal<"bird">> kind;
    Annotated<Literal<1>> species;
    Annotated<std::map<std::string, int>, extras> words = empty;
};
struct Penguin {
    Annotated<Literal<"bird">> kind;
    Annotated<Literal<2>> species;
    std::tuple<int, std::optional<bool>> size;
};
using Bird = Annotated<std::variant<Parrot, Penguin>, discriminator("species")>;
using Pet = Annotated<std::variant<Cat, Bird>, discriminator("kind")>;

constexpr auto kForgive = [](Json& input, int& value, WrappedRead& read) {
    if (input.is_string()) input = 7;
    if (!read()) {
        read.forget();
        value = 5;
    }
    return std::optional<std::string>();
};
constexpr auto kUnwrap = [](Json& input) -> std::optional<std::string> {
    while (input.is_array() && input.size() == 1) input = Json(input[0]);
    return std::nullopt;
};

/// Something of everything.
struct Whole {
    std::optional<bool> yes;
    std::optional<std::int8_t> small;
    std::optional<std::uint64_t> large;
    std::optional<double> real;
    std::optional<Decimal> exact;
    std::optional<Email> email;
    std::optional<Uuid> id;
    std::optional<DateTime> at;
    std::optional<Date> day;
    std::optional<Colour> colour;
    std::optional<std::variant<int, std::string, Leaf>> either;
    Annotated<std::vector<Leaf>, max_items(3)> list = empty;
    Annotated<std::string, validation_alias("first"), validation_alias("/list/0/name")> first = "";
    Annotated<std::map<std::string, std::vector<int>>> map = empty;
    std::optional<ByteSize> bytes;
    std::optional<IPvAnyInterface> interface;
    std::optional<Annotated<Pet>> pet;
    Annotated<int, le(9), wrap_validator(kForgive)> digit = 1;
    Annotated<std::vector<Annotated<Json, before_validator(kUnwrap)>>> unwrapped = empty;
    Json any;
    std::optional<RawJson> raw;
};

}  // namespace

// What is read and written again is read the same; a text that is no JSON has that one fault, and
// is none for a model either.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);

    const auto json = read_json<Json>(text);
    if (json) {
        // A number past a double is infinite, and written as null.
        const std::string written = json->dump();
        const auto again = read_json<Json>(written);
        if (!again || again->dump() != written) std::abort();
    } else {
        // Half of a surrogate pair is JSON, but no text; nor is U+0000.
        const auto& fault = json.error().list()[0];
        if (fault.type != "json_invalid" && fault.type != "string_unicode" &&
            fault.type != "value_error") {
            std::abort();
        }
        if (fault.type == "json_invalid" && json.error().size() != 1) std::abort();
    }

    const auto raw = RawJson::parse(text);
    if (raw.has_value() != Json::parse(text).has_value()) std::abort();
    if (raw) {
        if (raw->json() != *Json::parse(text)) std::abort();
        const auto again = RawJson::parse(raw->text());
        if (!again || again->text() != raw->text()) std::abort();
    }

    const auto whole = read_json<Whole>(text);
    if (!json && json.error().list()[0].type == "json_invalid") {
        if (whole || whole.error().list()[0].type != "json_invalid") std::abort();
    }
    if (whole) {
        const std::string written = to_json(*whole);
        const auto again = read_json<Whole>(written);
        if (!again || to_json(*again) != written) std::abort();
    } else if (whole.error().empty() || whole.error().size() > Faults::kMost) {
        std::abort();
    }
    static_cast<void>(read_json<Partial<Whole>>(text));
    return 0;
}
