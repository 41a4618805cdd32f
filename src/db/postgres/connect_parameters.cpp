#include "db/postgres/connect_parameters.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <memory>

namespace portico::db::postgres {
namespace {

struct FreeOptions {
    void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};

std::vector<std::string> split(std::string_view list) {
    std::vector<std::string> parts;
    for (;;) {
        const auto comma = list.find(',');
        parts.emplace_back(list.substr(0, comma));
        if (comma == std::string_view::npos) return parts;
        list.remove_prefix(comma + 1);
    }
}

bool is_port(std::string_view text) {
    if (text.empty()) return true;
    unsigned port = 0;
    const auto [rest, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
    return failed == std::errc{} && rest == text.data() + text.size() && port >= 1 && port <= 65535;
}

bool is_address(const std::string& text) {
    in6_addr parsed{};
    return inet_pton(AF_INET, text.c_str(), &parsed) == 1 ||
           inet_pton(AF_INET6, text.c_str(), &parsed) == 1;
}

// "host", "hostaddr" and "port" are lists of one length, or of one element for all.
std::string element(const std::vector<std::string>& list, std::size_t index) {
    return list.size() == 1 ? list[0] : list[index];
}

constexpr std::string_view kSslModes[]{"disable", "allow",     "prefer",
                                       "require", "verify-ca", "verify-full"};

Handle with_values(const std::vector<std::pair<std::string, std::string>>& values,
                   PGconn* (*connect)(const char* const*, const char* const*, int)) {
    std::vector<const char*> keywords;
    std::vector<const char*> texts;
    for (const auto& [keyword, text] : values) {
        keywords.push_back(keyword.c_str());
        texts.push_back(text.c_str());
    }
    keywords.push_back(nullptr);
    texts.push_back(nullptr);
    Handle handle{connect(keywords.data(), texts.data(), 0)};
    // libpq would print them.
    if (handle) PQsetNoticeProcessor(handle.get(), [](void*, const char*) {}, nullptr);
    return handle;
}

void add_hosts(const std::vector<Host>& hosts,
               std::vector<std::pair<std::string, std::string>>& values) {
    std::string names;
    std::string addresses;
    std::string ports;
    for (std::size_t i = 0; i < hosts.size(); ++i) {
        const char* const comma = i == 0 ? "" : ",";
        names.append(comma).append(hosts[i].name);
        addresses.append(comma).append(hosts[i].address);
        ports.append(comma).append(hosts[i].port);
    }
    if (names.find_first_not_of(',') != std::string::npos) values.emplace_back("host", names);
    if (addresses.find_first_not_of(',') != std::string::npos) {
        values.emplace_back("hostaddr", addresses);
    }
    if (ports.find_first_not_of(',') != std::string::npos) values.emplace_back("port", ports);
}

}  // namespace

std::expected<ConnectParameters, Error> ConnectParameters::parse(const std::string& url,
                                                                 std::string_view option,
                                                                 const DatabaseOptions& options) {
    const auto refuse = [&](std::string why) {
        return std::unexpected(
            Error(Error::Kind::unavailable, std::string(option) + ": " + std::move(why)));
    };
    // libpq's own message quotes the URL.
    const std::unique_ptr<PQconninfoOption, FreeOptions> parsed{
        PQconninfoParse(url.c_str(), nullptr)};
    if (!parsed || url.contains('\0')) {
        return refuse(
            "expected postgresql://user:password@host:port/database?sslmode=verify-full with "
            "libpq's parameters after the ?, and / @ : ? # % of a name or password written as "
            "%2F %40 %3A %3F %23 %25");
    }
    ConnectParameters parameters;
    std::vector<std::string> names{""};
    std::vector<std::string> addresses{""};
    std::vector<std::string> ports{""};
    std::string own_options;
    for (const PQconninfoOption* at = parsed.get(); at->keyword; ++at) {
        if (!at->val) continue;
        const std::string_view keyword = at->keyword;
        const std::string value = at->val;
        if (keyword == "host") {
            names = split(value);
        } else if (keyword == "hostaddr") {
            addresses = split(value);
        } else if (keyword == "port") {
            ports = split(value);
        } else if (keyword == "options") {
            own_options = " " + value;
        } else {
            if (keyword == "sslmode" &&
                std::ranges::find(kSslModes, value) == std::end(kSslModes)) {
                return refuse(
                    "sslmode: expected disable, allow, prefer, require, verify-ca or "
                    "verify-full");
            }
            parameters.values_.emplace_back(keyword, value);
        }
    }
    const std::size_t count = std::max({names.size(), addresses.size(), ports.size()});
    for (const auto* list : {&names, &addresses, &ports}) {
        if (list->size() != 1 && list->size() != count) {
            return refuse("expected as many ports as hosts");
        }
    }
    for (std::size_t i = 0; i < count; ++i) {
        Host host{element(names, i), element(addresses, i), element(ports, i)};
        if (!is_port(host.port)) {
            return refuse("port: expected a number in 1–65535, got \"" + host.port + "\"");
        }
        if (host.address.empty() && is_address(host.name)) host.address = host.name;
        parameters.hosts_.push_back(std::move(host));
    }
    const auto add_default = [&](const char* keyword, std::string value) {
        const auto given = std::ranges::find(parameters.values_, keyword,
                                             &std::pair<std::string, std::string>::first);
        if (given == parameters.values_.end()) {
            parameters.values_.emplace_back(keyword, std::move(value));
        }
    };
    add_default("fallback_application_name", "portico");
    add_default("client_encoding", "UTF8");
    // A peer that is gone without a word is noticed within half a minute.
    add_default("keepalives_idle", "15");
    add_default("keepalives_interval", "5");
    add_default("keepalives_count", "3");
    add_default("tcp_user_timeout", "10000");
    // Looking for a Kerberos ticket may block.
    add_default("gssencmode", "disable");
    // Texts that `decode_text` reads; and only what has said BEGIN READ WRITE may write.
    parameters.values_.emplace_back(
        "options",
        "-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=iso_8601 -c bytea_output=hex "
        "-c default_transaction_read_only=on -c statement_timeout=" +
            std::to_string(options.statement_limit.count()) + own_options);
    return parameters;
}

Handle ConnectParameters::start(const std::vector<Host>& hosts) const {
    auto values = values_;
    add_hosts(hosts, values);
    return with_values(values, &PQconnectStartParams);
}

Handle ConnectParameters::connect(std::chrono::milliseconds timeout) const {
    auto values = values_;
    add_hosts(hosts_, values);
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(timeout).count();
    values.emplace_back("connect_timeout", std::to_string(std::max<std::int64_t>(seconds, 2)));
    return with_values(values, &PQconnectdbParams);
}

}  // namespace portico::db::postgres
