#include "portico/http/body.hpp"

#include "portico/http/request.hpp"

namespace portico::http {

int status_of(BodyError error) noexcept {
    switch (error) {
        case BodyError::too_large:
            return 413;
        case BodyError::too_slow:
            return 408;
        case BodyError::malformed:
        case BodyError::disconnected:
            return 400;
    }
    return 400;
}

const char* BodyFailed::what() const noexcept {
    switch (error_) {
        case BodyError::too_large:
            return "the body is larger than the route takes";
        case BodyError::too_slow:
            return "the body comes too slowly";
        case BodyError::malformed:
            return "the body's chunked coding is broken";
        case BodyError::disconnected:
            return "the client went away before the body's end";
    }
    return "the body can't be read";
}

}  // namespace portico::http
