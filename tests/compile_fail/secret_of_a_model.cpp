// expect: portico: a Secret is a text, or a number: of a model, write its members as secrets
#include "portico/model/secret.hpp"

struct Card {
    int number;
};
const auto* const type = portico::model::slot_of<portico::model::Secret<Card>>().type;
