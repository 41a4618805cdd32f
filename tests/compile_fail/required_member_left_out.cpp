// expect: chosen constructor is explicit
#include "portico/model/annotated.hpp"

using namespace portico::model;

struct Item {
    Annotated<std::string> name;
    Annotated<double> price;
};

const Item item{.name = Annotated<std::string>("pen")};
