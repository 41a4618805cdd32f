#include "tests/conformance/apps/apps.hpp"

#include <optional>
#include <string>
#include <vector>

namespace portico::conformance {
namespace {

struct Item {
    int id;
    std::string name;
};

Generator<Item> items(Query<int, "n", ge(0), default_value(3)> n) {
    for (int i = 1; i <= *n; ++i) co_yield Item{i, "item " + std::to_string(i)};
}
Generator<int> numbers() {
    for (int i = 0; i < 3; ++i) co_yield i;
}

EventSourceResponse<Item> item_events() {
    co_yield Item{1, "pen"};
    co_yield Item{2, "two\nlines"};
}
EventSourceResponse<> all_fields() {
    co_yield {
        .data = Item{1, "pen"}, .event = "item", .id = "7", .retry = 500, .comment = "a note"};
}
EventSourceResponse<> raw_lines() {
    co_yield {.raw_data = "one\ntwo\r\nthree\rfour"};
}
EventSourceResponse<> texts() {
    co_yield {.data = "hello"};
    co_yield {.data = 1.5};
    co_yield {.raw_data = ""};
    co_yield {.comment = "first\nsecond"};
    co_yield {.event = "only"};
}
EventSourceResponse<> last_id(Header<std::optional<std::string>, "Last-Event-ID"> last) {
    co_yield {.data = last->value_or("none"), .id = "8"};
}
Generator<std::vector<std::optional<double>>> lists() {
    co_yield {1.5, std::nullopt};
    co_yield {};
}
Generator<std::string> words() {
    co_yield "a \"quoted\" é";
    co_yield "two\nlines";
}
Generator<Item> posted(Body<Item> item) {
    co_yield *item;
    co_yield Item{item->id + 1, item->name};
}
std::string needs_pass(Header<std::optional<std::string>, "X-Pass"> pass) {
    if (!*pass) throw HTTPException(403, "No pass");
    return **pass;
}
EventSourceResponse<> guarded(Depends<needs_pass> pass) {
    co_yield {.data = *pass, .event = "é", .comment = ""};
    co_yield {.data = std::optional<int>(), .retry = 0};
}

}  // namespace

AppPointer make_streams() {
    auto made = std::make_unique<App>(AppOptions{.title = "streams"});
    App& app = *made;
    app.get("/items", items);
    app.get("/numbers", numbers);
    app.get("/item-events", item_events);
    app.post("/item-events", item_events);
    app.get("/all-fields", all_fields);
    app.get("/raw-lines", raw_lines);
    app.get("/texts", texts);
    app.get("/last-id", last_id);
    app.get("/lists", lists);
    app.get("/words", words);
    app.post("/posted", posted);
    app.get("/guarded", guarded);
    return made;
}

}  // namespace portico::conformance
