#include <chrono>

#include "dependencies.hpp"
#include "models/ban.hpp"
#include "models/error.hpp"
#include "protection.hpp"
#include "routers/routers.hpp"

namespace reference {

namespace {

struct Paging {
    Annotated<std::int64_t, ge(1), le(1000)> limit = 100;
    Annotated<std::optional<IPvAnyAddress>, description("The last address of the page before")>
        after = empty;
};

http::IpAddress to_http(const IPvAnyAddress& address) {
    return http::IpAddress::parse(address.to_string()).value();
}
http::IpAddress client_at(const IPvAnyAddress& address) {
    return guard::client_of(to_http(address));
}

BanPublic to_public(const guard::Ban& ban) {
    const auto moment = [](Clock::SystemTime time) {
        return DateTime::from_unix_microseconds(
            std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count());
    };
    return {.address = IPvAnyAddress::parse(ban.client.to_string()).value(),
            .since = moment(ban.since),
            .until = moment(ban.until),
            .times = ban.times,
            .reason = ban.reason};
}

std::vector<BanPublic> list_bans(Query<Paging> paging, Security<current_user, "admin">,
                                 State<Protection> protection) {
    std::vector<BanPublic> bans;
    for (const guard::Ban& ban : protection->guard().bans().list(
             static_cast<std::size_t>(paging->limit),
             paging->after ? client_at(*paging->after) : http::IpAddress())) {
        bans.push_back(to_public(ban));
    }
    return bans;
}

Created<BanPublic> create_ban(BanCreate wanted, Security<current_user, "admin">,
                              State<Protection> protection) {
    if (!protection->guard().may_be_banned(to_http(wanted.address))) {
        throw AppException(400, "Never banned",
                           "Loopback, whitelisted addresses and trusted proxies are never banned",
                           "NEVER_BANNED");
    }
    const auto ban = protection->guard().bans().add(
        client_at(wanted.address), std::chrono::seconds(wanted.duration.value_or(0)),
        wanted.reason);
    if (!ban) throw AppException(503, "Service Unavailable", "No further ban can be kept");
    return {to_public(*ban)};
}

NoContent delete_ban(Path<IPvAnyAddress, "address"> address, Security<current_user, "admin">,
                     State<Protection> protection) {
    if (!protection->guard().bans().lift(client_at(*address))) {
        throw NotFoundError("Ban", address->to_string());
    }
    return {};
}

}  // namespace

Router bans_router() {
    Router router{{.prefix = "/admin/bans", .tags = {"admin"}, .responses = {inactive_user}}};
    router.get("", list_bans, {.summary = "List who is banned", .name = "list_bans"});
    router.post("", create_ban,
                {.summary = "Ban a client, or change its ban",
                 .name = "create_ban",
                 .responses = {response<400, ErrorResponse>("It is never banned"),
                               response<503, ErrorResponse>("No further ban can be kept")}});
    router.delete_("/{address}", delete_ban,
                   {.summary = "Lift a ban",
                    .name = "delete_ban",
                    .responses = {response<404, ErrorResponse>("It is not banned")}});
    return router;
}

}  // namespace reference
