// expect: explicit
#include "portico/model/slot_of.hpp"

using namespace portico::model;
struct Item {
    Annotated<int> id;
    Annotated<std::string> name;
};
Item item{.id = 1};
