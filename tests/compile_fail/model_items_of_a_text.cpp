// expect: portico: min_items and max_items are for lists, sets and maps, which this type is not
#include "portico/model/annotated.hpp"

portico::model::Annotated<std::string, portico::model::max_items(3)> name = "x";
