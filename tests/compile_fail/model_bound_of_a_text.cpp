// expect: portico: gt, ge, lt, le and multiple_of are for numbers, which this type is not
#include "portico/model/slot_of.hpp"

using namespace portico::model;
struct Item {
    Annotated<std::string, ge(1)> name;
};
auto slot = slot_of<Item>();
