// expect: portico: pattern is for texts, which this type is not
#include "portico/model/annotated.hpp"

portico::model::Annotated<int, portico::model::pattern("^[0-9]+$")> number = 1;
