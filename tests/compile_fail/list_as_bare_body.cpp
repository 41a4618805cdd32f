// expect: a parameter must say where its value comes from: Path<T, "name">
#include <vector>

#include "portico/app/app.hpp"

using namespace portico::app;

void routes(App& app) {
    app.post("/items", [](std::vector<int> numbers) { return numbers.size(); });
}
