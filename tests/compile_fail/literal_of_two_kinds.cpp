// expect: portico: the options of a Literal are all texts, all integers
#include "portico/model/literal.hpp"

portico::model::Literal<1, "two"> mixed;
