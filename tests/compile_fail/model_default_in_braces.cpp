// expect: explicit
#include <vector>

#include "portico/model/slot_of.hpp"

using namespace portico::model;
struct Item {
    Annotated<std::vector<int>> list = {};
};
auto slot = slot_of<Item>();
Item item;
