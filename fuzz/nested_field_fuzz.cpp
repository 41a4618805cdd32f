// Whatever is sent in brackets must become JSON, and be read into a model or be a fault.

#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/nested_field.hpp"
#include "portico/http/form.hpp"
#include "portico/model/json.hpp"
#include "portico/model/read.hpp"

namespace {

using namespace portico;

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

// Of an optional member the compiler wants linkage.
namespace nested_field_fuzz {

struct Item {
    model::Annotated<std::string> name;
    model::Annotated<int> count = 1;
};
struct Filter {
    std::optional<Item> item;
    model::Annotated<std::vector<Item>> items = model::empty;
    model::Annotated<std::vector<std::string>> tags = model::empty;
    model::Annotated<std::map<std::string, int>> counts = model::empty;
};

}  // namespace nested_field_fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using nested_field_fuzz::Filter;
    const std::string text(reinterpret_cast<const char*>(data), size);
    core::Arena arena;
    const auto pairs = http::parse_form(text, arena);
    if (!pairs) return 0;
    const app::TextSource source{.word = "query", .pairs = *pairs};
    constexpr model::Slot kSlot = model::slot_of<Filter>();
    model::Faults faults;
    const auto json = app::nested_json(source, "f", kSlot, faults);
    if (!json || !faults.empty()) return 0;
    require(model::Json::parse(*json).has_value());
    Filter filter;
    const bool read = model::read_json(*json, kSlot, &filter, model::Location("f"), faults);
    require(read == faults.empty());
    for (const auto& fault : faults.list()) require(fault.type != "json_invalid");
    return 0;
}
