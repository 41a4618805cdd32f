// Your own exceptions, answered and documented in one place; everything else as RFC 9457 problems.
#include <iostream>

#include <portico/portico.hpp>
using namespace portico;

// Any type can be thrown, and have a handler.
struct OutOfStock : std::exception {
    OutOfStock(std::string item_, int left_) : item(std::move(item_)), left(left_) {}

    std::string item;
    int left;
};
struct StockProblem {
    std::string error;
    std::string item;
    int left;
};

// An AppException needs none: it carries its status, what is wrong, and a code for programs.
class PaymentRefused : public AppException {
public:
    explicit PaymentRefused(std::string reason)
        : AppException(402, "Payment refused", std::move(reason), "PAYMENT_REFUSED") {}
};

struct Purchase {
    Annotated<std::string, min_length(1)> item;
    Annotated<int, ge(1)> pieces = 1;
    Annotated<std::string> card = "";
};

std::string buy(Purchase purchase) {
    if (purchase.item == "unicorn")
        throw std::runtime_error("no unicorns: never shown to a client");
    if (purchase.pieces > 2) throw OutOfStock(purchase.item, 2);
    if (purchase.card.empty()) throw PaymentRefused("No card");
    return "Thank you";
}

int main(int argc, char** argv) {
    App app{{
        .title = "Errors",
        .error_format = ErrorFormat::problem_json,
        .on_error =
            [](const Request* request, std::exception_ptr error) {
                try {
                    std::rethrow_exception(error);
                } catch (const std::exception& exception) {
                    const auto id = request != nullptr ? request->id() : "background";
                    std::clog << id << ": " << exception.what() << std::endl;
                }
            },
    }};

    app.exception_handler<OutOfStock>(
        [](const Request&, const OutOfStock& error) -> Status<409, StockProblem> {
            return {"Out of stock", error.item, error.left};
        });
    app.post("/purchases", buy,
             {.responses = {response<402>("The card was refused"),
                            response<409, StockProblem>("There is not enough of it")}});
    return run(app, argc, argv);
}
