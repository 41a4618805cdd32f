#include "portico/app/app.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "app/app_impl.hpp"
#include "app/errors.hpp"
#include "app/section.hpp"
#include "portico/http/url.hpp"

namespace portico::app {
namespace {

std::size_t version_of(const RouterNode& router) {
    std::size_t version = router.version;
    for (const auto& entry : router.entries) {
        if (const auto* inclusion = std::get_if<Inclusion>(&entry)) {
            version += version_of(*inclusion->router);
        }
    }
    return version;
}

void freeze(RouterNode& router, bool frozen) {
    router.frozen = frozen;
    for (auto& entry : router.entries) {
        if (auto* inclusion = std::get_if<Inclusion>(&entry)) freeze(*inclusion->router, frozen);
    }
}

}  // namespace

std::string allowed_methods(std::uint32_t slots) {
    const auto bit = [](http::Method method) { return 1U << RouteTree::slot_of(method); };
    if ((slots & bit(http::Method::get)) != 0) slots |= bit(http::Method::head);
    if ((slots & 1U << RouteTree::kWebSocket) != 0) slots |= bit(http::Method::get);
    std::string allowed;
    for (int i = 0; i < http::kMethodCount; ++i) {
        const auto method = static_cast<http::Method>(i);
        if ((slots & bit(method)) == 0) continue;
        if (!allowed.empty()) allowed += ", ";
        allowed += http::to_string(method);
    }
    return allowed;
}

AppImpl::AppImpl(App& owner, AppOptions its_options)
    : app(owner), options(std::move(its_options)) {}

void AppImpl::prepare() {
    if (started && !changes_allowed) return;  // nothing can have changed
    for (const Mount& mount : mounts) {
        mount.application->options.root_path = options.root_path + mount.prefix;
    }
    const std::size_t current = version();
    if (current == compiled_version) return;
    compiled = compile(*this);
    compiled_version = current;
    if (started) resolve_states();
}

std::size_t AppImpl::version() const {
    std::size_t sum = version_of(*root) + change_count;
    for (const Mount& mount : mounts) sum += mount.application->version();
    return sum;
}

void AppImpl::resolve_states() {
    for (std::size_t i = 0; i < compiled.routes.size(); ++i) {
        const AppImpl& owner = *compiled.routes[i].owner;
        for (PlanNode& node : compiled.routes[i].plan.nodes) {
            for (std::size_t p = 0; p < node.arguments.size(); ++p) {
                const ParameterTable& table = *node.bindings[p].table;
                const void* found = nullptr;
                if (table.source == Source::state) {
                    const auto at = owner.states.find(*table.type);
                    if (at != owner.states.end()) found = at->second.get();
                } else if (table.source == Source::per_loop) {
                    const auto at = owner.per_loop.find(*table.type);
                    if (at != owner.per_loop.end()) found = at->second.pointers.data();
                } else if (table.of_application) {
                    found = owner.values.find(*table.dependency);
                } else {
                    continue;
                }
                if (found == nullptr) {
                    const Route& route = compiled.shown[i];
                    if (table.of_application) {
                        throw std::invalid_argument(fmt::format(
                            "route {} \"{}\": {} is made when the application starts, which it "
                            "has: add the route before",
                            http::to_string(route.method), route.path, name_of(*table.dependency)));
                    }
                    throw std::invalid_argument(fmt::format(
                        "route {} \"{}\": {} is asked for, but nobody gave the application one "
                        "with {}",
                        http::to_string(route.method), route.path,
                        table.source == Source::state ? "a State<T>" : "a PerLoop<T>",
                        table.source == Source::state ? "app.state(value)" : "app.per_loop(make)"));
                }
                node.arguments[p].fixed = found;
            }
        }
    }
}

void AppImpl::check_change() const {
    if (started && !changes_allowed) {
        throw std::logic_error("the application serves already: change it before");
    }
}

core::Executors& AppImpl::executors() {
    if (mounted_in != nullptr) return mounted_in->executors();
    std::call_once(executors_made,
                   [this] { executor_threads = std::make_unique<core::Executors>(); });
    return *executor_threads;
}

void AppImpl::report(const http::Request* request, std::exception_ptr error) const noexcept {
    if (!options.on_error) return;
    try {
        options.on_error(request, std::move(error));
    } catch (...) {  // nowhere left to report it to
    }
}

std::optional<std::string> AppImpl::other_slash(const http::Request& request) const {
    std::string path(request.path());
    std::string location(request.raw_path());
    if (path.size() < 2 || !path.starts_with('/')) return {};
    if (path.ends_with('/')) {
        path.pop_back();
        location.pop_back();
    } else {
        path += '/';
        location += '/';
    }
    const auto found = compiled.tree.find(RouteTree::slot_of(request.method()), path);
    if (found.route == RouteTree::kNone && found.slots == 0) return {};
    // "//evil.example/" as a location is another host (RFC 3986 §4.2).
    if (location.starts_with("//")) return {};
    location.insert(0, options.root_path);
    if (!request.raw_query().empty()) {
        location += '?';
        location += request.raw_query();
    }
    return location;
}

App::App(AppOptions options)
    : Routes(std::make_shared<RouterNode>()),
      impl_(std::make_unique<AppImpl>(*this, std::move(options))) {
    impl_->root = node_pointer();
}

App::~App() = default;

const AppOptions& App::options() const noexcept {
    return impl_->options;
}
AppOptions& App::options() noexcept {
    return impl_->options;
}

void* App::keep_state(std::type_index type, std::shared_ptr<void> value) {
    impl_->check_change();
    ++impl_->change_count;  // arguments point at the value that was there
    auto& kept = impl_->states[type];
    kept = std::move(value);
    return kept.get();
}

void* App::find_state(std::type_index type) const noexcept {
    const auto found = impl_->states.find(type);
    return found == impl_->states.end() ? nullptr : found->second.get();
}

void App::add_per_loop(std::type_index type,
                       std::move_only_function<std::shared_ptr<void>()> make) {
    impl_->check_change();
    impl_->per_loop[type].make = std::move(make);
}

core::Executors& App::executors() {
    return impl_->executors();
}

void App::add_override(const DependencyTable& original, const FunctionTable& function,
                       std::shared_ptr<void> object) {
    impl_->check_change();
    impl_->overrides[&original] = {&function, std::move(object), false};
    ++impl_->change_count;
}

void App::clear_overrides() {
    impl_->check_change();
    impl_->overrides.clear();
    ++impl_->change_count;
}

void App::add_lifespan(LifespanFunction function) {
    impl_->check_change();
    impl_->lifespan.add_function(std::move(function));
}
void App::add_startup(LifespanHook hook) {
    impl_->check_change();
    impl_->lifespan.add_startup(std::move(hook));
}
void App::add_shutdown(LifespanHook hook) {
    impl_->check_change();
    impl_->lifespan.add_shutdown(std::move(hook));
}
void App::add_job(std::chrono::nanoseconds period, LifespanHook job) {
    impl_->check_change();
    if (period <= std::chrono::nanoseconds::zero()) {
        throw std::invalid_argument("a job's period must be longer than nothing");
    }
    impl_->lifespan.add_job(period, std::move(job));
}

core::Task<void> App::startup() {
    impl_->prepare();
    core::Context* context = co_await core::this_context();
    co_await impl_->lifespan.start(*this);
    co_await impl_->start_parts(context->reactor());
    impl_->started = true;
    freeze(*impl_->root, !impl_->changes_allowed);
    impl_->lifespan.start_jobs(context->reactor(), *this, [this](std::exception_ptr error) {
        impl_->report(nullptr, std::move(error));
    });
}

core::Task<void> App::shutdown() {
    if (!impl_->started) co_return;
    if (!impl_->mounts.empty()) co_await impl_->stop_mounts();
    co_await impl_->lifespan.stop_jobs();
    co_await impl_->background.wait(impl_->options.shutdown_timeout);
    co_await impl_->values.finish(*impl_, core::Outcome::success);
    co_await impl_->lifespan.stop(
        *this, [this](std::exception_ptr error) { impl_->report(nullptr, std::move(error)); });
    impl_->started = false;
    freeze(*impl_->root, false);
}

void App::prepare() {
    impl_->prepare();
}

void App::allow_changes(bool allowed) noexcept {
    for (const Mount& mount : impl_->mounts) mount.application->app.allow_changes(allowed);
    impl_->changes_allowed = allowed;
    freeze(*impl_->root, impl_->started && !allowed);
}

std::span<const Route> App::routes() {
    prepare();
    return impl_->compiled.shown;
}

std::string App::url_for(
    std::string_view name,
    std::initializer_list<std::pair<std::string_view, std::string_view>> parts) const {
    impl_->prepare();
    const auto found = impl_->compiled.names.find(name);
    if (found == impl_->compiled.names.end()) {
        throw std::invalid_argument(fmt::format("url_for: no route is named \"{}\"", name));
    }
    const Pattern& pattern = impl_->compiled.routes[found->second].pattern;
    for (const auto& [part, value] : parts) {
        if (std::ranges::find(pattern.names, part) == pattern.names.end()) {
            throw std::invalid_argument(
                fmt::format("url_for: route \"{}\" has no part {{{}}}", name, part));
        }
    }
    std::string url = impl_->options.root_path;
    for (const Segment& segment : pattern.segments) {
        url += '/';
        url += http::percent_encode(segment.prefix, http::UrlPart::path);
        if (segment.name.empty()) continue;
        const auto given = std::ranges::find(parts, std::string_view(segment.name),
                                             &std::pair<std::string_view, std::string_view>::first);
        if (given == parts.end() || !converts(segment.converter, given->second)) {
            throw std::invalid_argument(
                fmt::format("url_for: route \"{}\" needs a value for {{{}}}", name, segment.name));
        }
        url += http::percent_encode(given->second, segment.converter == Converter::path
                                                       ? http::UrlPart::path
                                                       : http::UrlPart::component);
        url += http::percent_encode(segment.suffix, http::UrlPart::path);
    }
    return url;
}

}  // namespace portico::app
