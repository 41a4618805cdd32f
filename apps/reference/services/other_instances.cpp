#include "services/other_instances.hpp"

#include <charconv>
#include <utility>

namespace reference {

namespace {

// "user 7", "token 1767225600 <jti>"
constexpr std::string_view kUser = "user ";
constexpr std::string_view kToken = "token ";
/// A slow Redis makes a log-out no slower than this.
constexpr std::chrono::milliseconds kPatience{250};

/// Takes a number off the front of the text.
std::optional<std::int64_t> take_number(std::string_view& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

}  // namespace

OtherInstances::OtherInstances(std::optional<redis::Client> client, std::string_view app_name)
    : client_(std::move(client)), channel_(std::string(app_name) + ":changes") {}

Task<void> OtherInstances::tell_changed(std::int64_t user_id) {
    return tell(std::string(kUser) + std::to_string(user_id));
}

Task<void> OtherInstances::tell_revoked(std::string_view jti, Clock::SystemTime expires_at) {
    const auto expires = std::chrono::ceil<std::chrono::seconds>(expires_at.time_since_epoch());
    return tell(std::string(kToken) + std::to_string(expires.count()) + " " + std::string(jti));
}

Task<void> OtherInstances::tell(std::string message) {
    if (!client_) co_return;
    try {
        co_await client_->publish(channel_, message).within(kPatience);
    } catch (const redis::Unavailable&) {
        // They notice within the second.
    } catch (const redis::Error&) {
        // The same; the user of the URL may not publish.
    }
}

Task<bool> OtherInstances::can_be_told() {
    if (!client_) co_return true;
    try {
        co_await client_->ping();
    } catch (const redis::Unavailable&) {
        co_return false;
    } catch (const redis::Error&) {
        co_return false;
    }
    co_return true;
}

void OtherInstances::take(std::string_view message, UserCache& users,
                          auth::RevocationCache& revoked) {
    if (message.starts_with(kUser)) {
        message.remove_prefix(kUser.size());
        const auto id = take_number(message);
        if (id && message.empty()) users.forget(*id);
    } else if (message.starts_with(kToken)) {
        message.remove_prefix(kToken.size());
        const auto expires = take_number(message);
        if (!expires || !message.starts_with(' ')) return;
        // Whoever can publish could fill the cache with what never expires.
        const auto latest = core::system_clock().now() + std::chrono::hours(24 * 366);
        revoked.revoke(message.substr(1),
                       std::min(latest, Clock::SystemTime(std::chrono::seconds(
                                            std::min<std::int64_t>(*expires, 4'000'000'000)))));
    }
}

Task<void> listen_to_other_instances(App& app, Serving& serving) {
    auto& others = *app.state<OtherInstances>();
    auto& users = *app.state<UserCache>();
    auto& revoked = *app.state<auth::RevocationCache>();
    core::Context* const context = co_await core::this_context();
    std::optional<redis::Subscriber> subscriber;
    if (redis::Client* const client = others.client()) {
        subscriber.emplace(*client, context->reactor(),
                           redis::SubscriberOptions{.on_message =
                                                        [&](const redis::Message& message) {
                                                            OtherInstances::take(message.payload,
                                                                                 users, revoked);
                                                        },
                                                    .on_gap =
                                                        [&] {
                                                            users.forget_all();
                                                            revoked.forget_alive();
                                                        }});
        subscriber->subscribe(others.channel());
    }
    co_await serving;
}

}  // namespace reference
