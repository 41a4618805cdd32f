// expect: portico: a std::array is no list: use std::vector with min_items and max_items
#include <array>

#include "portico/model/slot_of.hpp"

struct Box {
    std::array<int, 2> size;
};
const auto slot = portico::model::slot_of<Box>();
