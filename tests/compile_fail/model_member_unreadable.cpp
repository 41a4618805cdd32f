// expect: this member's type can't be read from JSON
#include "portico/model/slot_of.hpp"

struct Opaque {
    Opaque(int, int);
};
struct Order {
    std::int64_t id;
    Opaque opaque;
};

const auto slot = portico::model::slot_of<Order>();
