#include "errors.hpp"

namespace reference {

namespace {

std::optional<std::string> some(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

void add_exception_handlers(App& app) {
    app.exception_handler<AppException>([](const Request&, const AppException& error) {
        return ErrorResponse{error.error(), some(error.detail()), some(error.code())};
    });
    app.exception_handler<HTTPException>([](const Request&, const HTTPException& error) {
        return ErrorResponse{error.detail(), std::nullopt, std::nullopt};
    });
    app.exception_handler<RequestValidationError>(
        [](const Request&, const RequestValidationError& error) -> Status<422, ErrorResponse> {
            return ErrorResponse{"Validation error", error.faults().to_text(), "VALIDATION_ERROR"};
        });
    app.exception_handler<std::exception>(
        [](const Request&, const std::exception&) -> Status<500, ErrorResponse> {
            return ErrorResponse{"Internal Server Error", std::nullopt, "INTERNAL_ERROR"};
        });
}

}  // namespace reference
