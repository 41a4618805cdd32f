// The smallest API: one model, one route. What is wrong with a request is answered with 422.
#include <portico/portico.hpp>
using namespace portico;

struct Item {
    Annotated<std::string, min_length(1)> name;
    Annotated<double, gt(0)> price;
};

int main(int argc, char** argv) {
    App app{{.title = "Shop"}};
    app.post("/items", [](Item item) -> Created<Item> { return item; });
    return run(app, argc, argv);
}
