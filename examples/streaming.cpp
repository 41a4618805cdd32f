// Answers that come piece by piece: server-sent events, JSON lines, text, a file with ranges. Each
// is asked for its next piece when the client has taken the last, so none is in memory as a whole.
#include <portico/portico.hpp>
using namespace portico;
using namespace std::chrono_literals;

struct Reading {
    int n;
    double celsius;
};

Reading measure(int n) {
    return {n, 20 + n % 10 / 4.0};
}

struct Count {
    Annotated<int, ge(0), le(1'000'000)> count = 3;
};

// A handler that yields. A browser that has lost the connection says what it has seen.
using LastEventId = Header<std::optional<int>, "Last-Event-ID">;

EventSourceResponse<> watch(LastEventId last, Query<Count> query) {
    for (int n = last->value_or(0) + 1; n <= query->count; ++n) {
        co_yield {.data = measure(n), .event = "reading", .id = std::to_string(n)};
        co_await sleep_for(10ms);
    }
    co_yield {.comment = "that was all"};
}

Generator<Reading> readings(Query<Count> query) {
    for (int n = 1; n <= query->count; ++n) co_yield measure(n);
}

Generator<std::string> csv(int count) {
    co_yield "n,celsius\n";
    for (int n = 1; n <= count; ++n) {
        const Reading reading = measure(n);
        co_yield std::to_string(n) + ',' + Json(reading.celsius).dump() + '\n';
    }
}

int main(int argc, char** argv) {
    App app{{.title = "Thermometer"}};
    app.get("/events", watch, {.summary = "Server-sent events"});
    app.get("/readings", readings, {.summary = "JSON lines"});
    // The status goes out before the first piece: what may be refused is refused here.
    app.get("/readings.csv", [](Query<Count> query) {
        if (query->count == 0) throw HTTPException(404, "No readings yet");
        return stream(csv(query->count), "text/csv; charset=utf-8");
    });
    app.get("/program", [] { return FileResponse("/proc/self/exe", {.filename = "thermometer"}); });
    return run(app, argc, argv);
}
