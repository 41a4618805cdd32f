// expect: portico: this is neither a constraint nor an annotation
#include "portico/model/slot_of.hpp"

using namespace portico::model;
struct Item {
    Annotated<int, 5> count;
};
auto slot = slot_of<Item>();
