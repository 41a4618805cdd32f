// expect: gt, ge, lt, le and multiple_of are for numbers, which this type is not
#include "portico/model/annotated.hpp"
#include "portico/model/slot_of.hpp"

using namespace portico::model;

struct Item {
    Annotated<std::string, ge(1)> name;
};

const auto slot = slot_of<Item>();
