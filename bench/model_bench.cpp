// Reading a JSON body into a model, and writing it, beside a reader written by hand for the same
// struct on simdjson's On-Demand API: the least that such a body can cost, without any validation
// of what it skips, and without names for what is wrong.
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <optional>
#include <string>
#include <vector>

#include "portico/model/read.hpp"
#include "portico/model/slot_of.hpp"
#include "portico/model/write.hpp"

namespace {

using namespace portico::model;

struct Item {
    std::int64_t id;
    Annotated<std::string, min_length(1), max_length(100)> title;
    Annotated<std::string, max_length(1000)> description;
    Annotated<double, gt(0)> price;
    Annotated<int, ge(0)> stock;
    bool available;
    Annotated<std::vector<std::string>, max_items(10)> tags;
    std::optional<std::string> color;
    std::string sku;
    double weight;
};

struct Order {
    std::vector<Item> items;
};

const std::string kItem =
    R"({"id":12345,"title":"Fountain pen, medium nib","description":"Writes smoothly on most )"
    R"(paper; comes with two cartridges and a converter in a plain cardboard box.","price":24.95,)"
    R"("stock":120,"available":true,"tags":["pen","writing","office"],"color":"black",)"
    R"("sku":"PEN-0042-M","weight":0.035})";

std::string order(int count) {
    std::string json = R"({"items":[)";
    for (int i = 0; i < count; ++i) {
        if (i > 0) json += ',';
        json += kItem;
    }
    return json + "]}";
}

// ---- by hand

void read_by_hand(simdjson::ondemand::object object, Item& item) {
    item.id = object["id"].get_int64();
    item.title.assign(std::string_view(object["title"].get_string()));
    if (item.title.empty() || item.title.size() > 100) throw std::runtime_error("title");
    item.description.assign(std::string_view(object["description"].get_string()));
    if (item.description.size() > 1000) throw std::runtime_error("description");
    item.price.value = object["price"].get_double();
    if (item.price <= 0) throw std::runtime_error("price");
    item.stock.value = static_cast<int>(std::int64_t(object["stock"].get_int64()));
    if (item.stock < 0) throw std::runtime_error("stock");
    item.available = object["available"].get_bool();
    for (auto tag : object["tags"].get_array()) {
        item.tags.emplace_back(std::string_view(tag.get_string()));
    }
    auto color = object["color"];
    if (!color.is_null()) item.color.emplace(std::string_view(color.get_string()));
    item.sku.assign(std::string_view(object["sku"].get_string()));
    item.weight = object["weight"].get_double();
}

void simdjson_item(benchmark::State& state) {
    simdjson::ondemand::parser parser;
    const simdjson::padded_string json(kItem);
    for (auto _ : state) {
        Item item;
        auto document = parser.iterate(json);
        read_by_hand(document.get_object(), item);
        benchmark::DoNotOptimize(item);
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kItem.size()));
}
BENCHMARK(simdjson_item);

void simdjson_item_copied(benchmark::State& state) {
    simdjson::ondemand::parser parser;
    for (auto _ : state) {
        Item item;
        const simdjson::padded_string json(kItem);
        auto document = parser.iterate(json);
        read_by_hand(document.get_object(), item);
        benchmark::DoNotOptimize(item);
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kItem.size()));
}
BENCHMARK(simdjson_item_copied);

void simdjson_items(benchmark::State& state) {
    simdjson::ondemand::parser parser;
    const simdjson::padded_string json(order(1000));
    for (auto _ : state) {
        Order read;
        auto document = parser.iterate(json);
        for (auto each : document["items"].get_array()) {
            read_by_hand(each.get_object(), read.items.emplace_back());
        }
        benchmark::DoNotOptimize(read);
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(json.size()));
}
BENCHMARK(simdjson_items);

// ---- by tables

template <class T>
void read_model(benchmark::State& state, const std::string& json) {
    const Location root("body");
    for (auto _ : state) {
        T value;
        Faults faults;
        if (!read_json(json, slot_of<T>(), &value, root, faults)) state.SkipWithError("fault");
        benchmark::DoNotOptimize(value);
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(json.size()));
}

void portico_item(benchmark::State& state) {
    read_model<Item>(state, kItem);
}
BENCHMARK(portico_item);

void portico_items(benchmark::State& state) {
    read_model<Order>(state, order(1000));
}
BENCHMARK(portico_items);

void portico_any(benchmark::State& state) {
    read_model<Json>(state, kItem);
}
BENCHMARK(portico_any);

template <class T>
void write_model(benchmark::State& state, const std::string& json) {
    const T value = read_json<T>(json).value();
    std::string out;
    for (auto _ : state) {
        out.clear();
        write_json(slot_of<T>(), &value, out);
        benchmark::DoNotOptimize(out);
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}

void portico_write_item(benchmark::State& state) {
    write_model<Item>(state, kItem);
}
BENCHMARK(portico_write_item);

void portico_write_items(benchmark::State& state) {
    write_model<Order>(state, order(1000));
}
BENCHMARK(portico_write_items);

}  // namespace
