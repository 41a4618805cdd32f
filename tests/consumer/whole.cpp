// What somebody else's program looks like: installed headers, installed archives, nothing else.
#include <portico/portico.hpp>
#include <portico/testing/test_client.hpp>

using namespace portico;

struct Item {
    Annotated<std::string, min_length(1)> name;
    Annotated<double, gt(0)> price;
};

int main() {
    App app{{.title = "Shop"}};
    app.post("/items", [](Item item) -> Created<Item> { return item; });

    testing::TestClient client(app);
    const bool taken =
        client.post("/items", {.json = R"({"name":"pen","price":2})"}).status_code == 201;
    const bool refused =
        client.post("/items", {.json = R"({"name":"","price":2})"}).status_code == 422;
    const bool documented = client.get("/openapi.json").text.contains("\"Item\"");
    return taken && refused && documented ? 0 : 1;
}
