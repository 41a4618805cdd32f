// expect: portico: the keys of a JSON object are texts: use std::map<std::string, T>
#include <map>

#include "portico/model/slot_of.hpp"

const auto slot = portico::model::slot_of<std::map<int, int>>();
