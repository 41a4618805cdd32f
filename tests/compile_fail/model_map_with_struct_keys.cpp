// expect: portico: the keys of a JSON object are texts: use a map whose keys are std::string, an
// integer, an enum or a type with a text form
#include <map>

#include "portico/model/slot_of.hpp"

struct Point {
    int x;
};
const auto slot = portico::model::slot_of<std::map<Point, int>>();
