// expect: portico: a discriminator is for std::variant, which this type is not
#include "portico/model/annotated.hpp"

portico::model::Annotated<std::string, portico::model::discriminator("kind")> pet;
