// expect: portico: uuid_version is for Uuid, which this type is not
#include "portico/model/uuid.hpp"

portico::model::Annotated<std::string, portico::model::uuid_version(4)> id;
