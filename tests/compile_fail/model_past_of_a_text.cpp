// expect: portico: past and future are for Date, DateTime and NaiveDateTime, none of which this
// type is
#include "portico/model/date_time.hpp"

portico::model::Annotated<std::string, portico::model::past> day;
