#include <benchmark/benchmark.h>

#include <string>

#include "bench/browser_request.hpp"
#include "portico/guard/detection.hpp"

// What detection adds to a request: an ordinary one, bodies, and the worst that fits the bound.
namespace {

using namespace portico;

const guard::Detector& detector() {
    static const guard::Detector made = guard::Detector::create().value();
    return made;
}

void api_request(benchmark::State& state) {
    const http::Headers fields = bench::browser_fields();
    for (auto _ : state) {
        guard::Scan scan(detector());
        scan.path("/api/v1/items/42");
        scan.query("page=2&limit=20&sort=name");
        scan.headers(fields);
        benchmark::DoNotOptimize(scan.is_attack());
    }
}
BENCHMARK(api_request);

void scan_body(benchmark::State& state, const char* type, const std::string& body) {
    std::uint64_t steps = 0;
    for (auto _ : state) {
        guard::Scan scan(detector());
        scan.body(type, body);
        benchmark::DoNotOptimize(scan.is_attack());
        steps = scan.steps();
    }
    state.counters["bytes"] = static_cast<double>(body.size());
    state.counters["steps"] = static_cast<double>(steps);
}

std::string json_of(std::string_view item, std::size_t size) {
    std::string out = R"({"items":[)";
    while (out.size() < size) (out += item) += ',';
    out.back() = ']';
    return out + "}";
}

std::string repeated(std::string_view piece, std::size_t size) {
    std::string out;
    while (out.size() + piece.size() <= size) out += piece;
    return out;
}

constexpr std::string_view kItem =
    R"({"id":4711,"sku":"AB-1234","name":"Garden chair","price":49.5,"tags":["outdoor","wood"],"active":true,"owner":"alice@example.com","created_at":"2024-05-01T12:00:00Z"})";
constexpr std::string_view kProse =
    R"({"id":4711,"text":"She said \"it's fine\", and that they'd meet (again) at 5 o'clock; the rest, I think, can wait until Monday."})";

BENCHMARK_CAPTURE(scan_body, json_300_bytes, "application/json", json_of(kItem, 200));
BENCHMARK_CAPTURE(scan_body, json_10_kib, "application/json", json_of(kItem, 10'240));
BENCHMARK_CAPTURE(scan_body, json_10_kib_of_prose, "application/json", json_of(kProse, 10'240));
BENCHMARK_CAPTURE(scan_body, form_1_kib, "application/x-www-form-urlencoded",
                  repeated("name=Alice+Smith&note=see+you+at+5%2C+ok%3F&", 1024));

constexpr std::size_t kWhole = std::size_t{64} * 1024;
BENCHMARK_CAPTURE(scan_body, worst_quotes, "text/plain", repeated("'", kWhole));
BENCHMARK_CAPTURE(scan_body, worst_percent, "text/plain", repeated("%2525253", kWhole));
BENCHMARK_CAPTURE(scan_body, worst_union, "text/plain", repeated("union select ", kWhole));
BENCHMARK_CAPTURE(scan_body, worst_stacked, "text/plain", repeated(";select a ", kWhole));
BENCHMARK_CAPTURE(scan_body, worst_tags, "text/plain", repeated("<a on=x ", kWhole));
BENCHMARK_CAPTURE(scan_body, worst_open_tags, "text/plain", repeated("<meta ", kWhole));
BENCHMARK_CAPTURE(scan_body, worst_templates, "text/plain", repeated("{{a ${b ", kWhole));
BENCHMARK_CAPTURE(scan_body, worst_strings, "application/json", json_of(R"("a'b")", kWhole));

void create(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(guard::Detector::create());
    state.counters["memory"] = static_cast<double>(detector().memory());
}
BENCHMARK(create);

}  // namespace
