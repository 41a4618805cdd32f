#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <stdexcept>

#include "app/app_impl.hpp"

/// Applications in applications. Their routes are compiled into the outermost one, with the layers
/// of all that they are mounted in; each request goes on with the application that its route is of.
namespace portico::app {

namespace {

bool reaches(const AppImpl& from, const AppImpl& wanted) {
    return &from == &wanted || std::ranges::any_of(from.mounts, [&](const Mount& mount) {
        return reaches(*mount.application, wanted);
    });
}

}  // namespace

void App::mount(std::string prefix, App& application) {
    impl_->check_change();
    if (prefix.size() < 2 || !prefix.starts_with('/') || prefix.ends_with('/') ||
        prefix.find('{') != prefix.npos) {
        throw std::invalid_argument(fmt::format(
            "mount \"{}\": expected a path that begins with \"/\", does not end with it and has no "
            "{{parts}}",
            prefix));
    }
    AppImpl& inner = *application.impl_;
    if (inner.mounted_in != nullptr) {
        throw std::invalid_argument(
            fmt::format("mount \"{}\": the application is mounted already", prefix));
    }
    if (reaches(inner, *impl_)) {
        throw std::invalid_argument("an application can't be mounted in itself");
    }
    if (std::ranges::find(impl_->mounts, prefix, &Mount::prefix) != impl_->mounts.end()) {
        throw std::invalid_argument(
            fmt::format("mount \"{}\": another application is mounted there", prefix));
    }
    inner.mounted_in = impl_.get();
    inner.options.root_path = impl_->options.root_path + prefix;
    impl_->mounts.push_back({std::move(prefix), &inner});
    ++impl_->change_count;
}

core::Task<void> AppImpl::start_parts(core::Reactor& reactor) {
    std::exception_ptr error;
    try {
        prepare();  // a lifespan may have added routes
        co_await values.make(*this, reactor);
        for (const Mount& mount : mounts) co_await mount.application->app.startup();
        prepare();
        resolve_states();
        co_return;
    } catch (...) {
        error = std::current_exception();
    }
    co_await stop_mounts();  // those that have started
    co_await values.finish(*this, core::Outcome::failure);
    try {
        co_await lifespan.stop(app, [](std::exception_ptr) {});  // the first failure is told
    } catch (...) {
        report(nullptr, std::current_exception());
    }
    std::rethrow_exception(error);
}

core::Task<void> AppImpl::stop_mounts() {
    for (const Mount& mount : std::views::reverse(mounts)) {
        try {
            co_await mount.application->app.shutdown();
        } catch (...) {
            mount.application->report(nullptr, std::current_exception());
        }
    }
}

}  // namespace portico::app
