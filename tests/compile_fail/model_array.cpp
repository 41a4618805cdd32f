// expect: portico: a std::array is no list: use std::vector with min_items and max_items
#include <array>

#include "portico/model/annotated.hpp"
#include "portico/model/read.hpp"

struct Box {
    std::array<int, 2> size;
};
const auto box = portico::model::read_json<Box>("{}");
