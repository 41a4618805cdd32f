#include "portico/guard/shared_rules.hpp"

#include <utility>

#include "guard/follow.hpp"
#include "guard/policy.hpp"

namespace portico::guard {

SharedRules::SharedRules(redis::Client& client, const std::string& prefix)
    : client_(client), key_(prefix + "rules") {}

core::Task<std::string> SharedRules::get() {
    co_return (co_await client_.get(key_)).value_or("{}");
}

core::Task<std::expected<void, std::string>> SharedRules::set(Config config, std::string json) {
    const auto changed = with_shared_rules(config, json);
    if (!changed) co_return std::unexpected(changed.error());
    if (const auto made = Policy::make(*changed, nullptr, nullptr); !made) {
        co_return std::unexpected(made.error());
    }
    redis::Pipeline pipeline;
    pipeline.add("SET", key_, json);
    pipeline.add("PUBLISH", key_, json);
    (void)co_await client_.transaction(std::move(pipeline));
    co_return std::expected<void, std::string>();
}

core::Task<void> SharedRules::tell(std::function<void(std::string_view json)> on_change) {
    on_change(co_await get());
}

core::Task<void> SharedRules::follow(std::function<void(std::string_view json)> on_change,
                                     core::Task<void> until) {
    auto read = [this, on_change] { return tell(on_change); };
    return guard::follow(
        client_, {.name = key_, .on_message = std::move(on_change), .read = std::move(read)},
        std::move(until));
}

}  // namespace portico::guard
