// expect: portico: a value has one wrap_validator
#include "portico/model/annotated.hpp"
#include "portico/model/slot_of.hpp"

using namespace portico::model;

constexpr auto kWrap = [](Json&, int&, WrappedRead&) { return std::optional<std::string>(); };
const auto* const type =
    slot_of<Annotated<int, wrap_validator(kWrap), wrap_validator(kWrap)>>().type;
