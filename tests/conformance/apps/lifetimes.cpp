#include "tests/conformance/apps/apps.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace portico::conformance {
namespace {

/// What has happened in the application, for the next request to read.
struct Log {
    static constexpr bool thread_safe = true;  // its fixture has one loop
    std::vector<std::string> lines;
};

/// Ends before the response is sent (`finish`) or after it (its destruction).
class Resource {
public:
    Resource(Log& log, std::string name, bool breaks = false)
        : log_(&log), name_(std::move(name)), breaks_(breaks) {
        log_->lines.push_back("make " + name_);
    }
    Resource(Resource&& other) noexcept
        : log_(std::exchange(other.log_, nullptr)),
          name_(std::move(other.name_)),
          breaks_(other.breaks_) {}
    Resource& operator=(Resource&&) = delete;

    Task<void> finish(Outcome outcome) {
        log_->lines.push_back((outcome == Outcome::success ? "commit " : "roll back ") + name_);
        if (breaks_ && outcome == Outcome::success) throw HTTPException(503, "No commit");
        co_return;
    }

protected:
    Log* log_;
    std::string name_;
    bool breaks_;
};
class Closed : public Resource {
public:
    using Resource::Resource;
    Closed(Closed&&) = default;
    ~Closed() {
        if (log_ != nullptr) log_->lines.push_back("close " + name_);
    }
};

Resource outer(State<Log> log) {
    return {*log, "outer"};
}
Resource inner(State<Log> log, Depends<outer>) {
    return {*log, "inner"};
}
Resource breaking(State<Log> log, Depends<outer>) {
    return {*log, "breaking", true};
}
Closed closed(State<Log> log) {
    return {*log, "closed"};
}
Resource refusing(State<Log>, Depends<outer>) {
    throw HTTPException(403, "No pass");
}
Closed pool(State<Log> log) {
    return {*log, "pool"};
}
const Closed* shares(Depends<pool, app::Caching::per_application> pool) {
    return &*pool;
}

}  // namespace

AppPointer make_lifetimes() {
    auto made = std::make_unique<App>(AppOptions{.title = "lifetimes"});
    App& app = *made;
    app.state(Log());
    app.get("/log", [](State<Log> log) -> std::vector<std::string> {
        return std::exchange(log->lines, {});
    });
    app.get("/good", [](State<Log> log, Depends<inner>) -> std::int64_t {
        log->lines.emplace_back("handle");
        return 1;
    });
    app.get("/shared", [](Depends<inner>, Depends<outer>) -> std::int64_t { return 1; });
    app.get("/apart",
            [](Depends<outer>, Depends<outer, app::Caching::none>) -> std::int64_t { return 1; });
    app.get("/refused", [](Depends<inner>) -> std::int64_t { throw HTTPException(409, "No"); });
    app.get("/broken", [](Depends<inner>) -> std::int64_t { throw std::runtime_error("no"); });
    app.get("/fault",
            [](Depends<inner>, Query<std::int64_t, "n"> n) -> std::int64_t { return *n; });
    app.get("/no-commit", [](Depends<breaking>) -> std::int64_t { return 1; });
    app.get("/no-pass", [](Depends<refusing>) -> std::int64_t { return 1; });
    app.get("/closed", [](Depends<closed>, Depends<inner>) -> std::int64_t { return 1; });
    app.get("/beside", []() -> std::int64_t { return 1; }, {.dependencies = {depends<inner>()}});
    return made;
}

AppPointer make_pools() {
    auto made = std::make_unique<App>(AppOptions{.title = "pools"});
    App& app = *made;
    app.state(Log());
    app.get("/log", [](State<Log> log) -> std::vector<std::string> { return log->lines; });
    app.get("/pool",
            [](Depends<pool, app::Caching::per_application>, Depends<outer>) -> std::int64_t {
                return 1;
            });
    app.get("/same",
            [](Depends<pool, app::Caching::per_application> pool, Depends<shares> other) -> bool {
                return &*pool == *other;
            });
    return made;
}

}  // namespace portico::conformance
