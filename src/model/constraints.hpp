#pragma once

#include <string>
#include <string_view>

#include "model/numbers.hpp"
#include "portico/model/annotations.hpp"
#include "portico/model/decimal.hpp"
#include "portico/model/details.hpp"

/// The checks of `Annotations`, in Pydantic's order and words: the first that fails is the fault.
/// Each returns true when the value may stand.
namespace portico::model {

using Problem = detail::TextFault;

[[nodiscard]] bool check_integer(const Annotations& annotations, Wide value, Problem& problem);
[[nodiscard]] bool check_real(const Annotations& annotations, double value, Problem& problem);
[[nodiscard]] bool check_decimal(const Annotations& annotations, const Decimal& value,
                                 Problem& problem);
[[nodiscard]] bool check_text(const Annotations& annotations, std::string_view text,
                              Problem& problem);

/// Of a list, set or map: its name is "List", "Set", "Dictionary".
[[nodiscard]] Problem too_few(std::string_view what, std::size_t least, std::size_t count);
/// `count` 0: not known.
[[nodiscard]] Problem too_many(std::string_view what, std::size_t most, std::size_t count);

/// What a user's own check or `validate` says: "Value error, …".
[[nodiscard]] Problem value_error(std::string_view sentence);
/// Runs the check of the annotations, which is there.
[[nodiscard]] bool run_check(Slot slot, void* value, Problem& problem);

/// "Input should be greater than 3": `type` greater_than and the others.
[[nodiscard]] Problem out_of_bound(std::string_view type, const Number& bound, bool as_real);

}  // namespace portico::model
