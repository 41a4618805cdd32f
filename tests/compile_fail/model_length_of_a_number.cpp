// expect: portico: min_length and max_length are for texts, lists, sets and maps, which this type
// is not
#include "portico/model/slot_of.hpp"

using namespace portico::model;
struct Item {
    Annotated<int, min_length(1)> count;
};
auto slot = slot_of<Item>();
