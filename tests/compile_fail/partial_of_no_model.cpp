// expect: portico: Partial<T> is for models
#include "portico/model/partial.hpp"

const auto slot = portico::model::slot_of<portico::model::Partial<int>>();
