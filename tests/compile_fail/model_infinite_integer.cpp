// expect: portico: allow_inf_nan is for float and double, which this type is not
#include "portico/model/number_types.hpp"

portico::model::Annotated<int, portico::model::allow_inf_nan> n;
