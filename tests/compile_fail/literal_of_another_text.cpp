// expect: call to consteval function 'portico::model::Literal
#include "portico/model/literal.hpp"

const portico::model::Literal<"asc", "desc"> order = "up";
