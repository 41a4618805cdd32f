#include "portico/http/middleware.hpp"

namespace portico::http {

Decision Decision::wait(core::Task<Decision> task) {
    Decision decision{Kind::wait};
    decision.task_ = std::make_unique<core::Task<Decision>>(std::move(task));
    return decision;
}

Decision Decision::refuse(Exchange& exchange, int status, std::string_view detail) {
    exchange.refusal = Refusal{.status = status, .detail = detail};
    return answer();
}

}  // namespace portico::http
