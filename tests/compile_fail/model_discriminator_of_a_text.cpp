// expect: portico: discriminator is for std::variant, which this type is not
#include "portico/model/annotated.hpp"
#include "portico/model/discriminator.hpp"

portico::model::Annotated<std::string, portico::model::discriminator("kind")> pet;
