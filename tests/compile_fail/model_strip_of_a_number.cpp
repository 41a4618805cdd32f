// expect: portico: strip_whitespace, to_lower and to_upper are for std::string, which this type is
// not
#include "portico/model/annotated.hpp"
#include "portico/model/text_case.hpp"

portico::model::Annotated<int, portico::model::strip_whitespace> n;
