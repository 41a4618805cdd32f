// expect: portico: max_digits and decimal_places are for Decimal, which this type is not
#include "portico/model/annotated.hpp"

portico::model::Annotated<double, portico::model::decimal_places(2)> price = 1.0;
