#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "portico/http/ip_address.hpp"

namespace portico::guard {

/// A country as ISO 3166-1 alpha-2 names it: "DE".
struct Country {
    char code[2];
    [[nodiscard]] std::string_view text() const noexcept { return {code, 2}; }
};

/// In which country an address is, from a MaxMind DB file (GeoLite2-Country and its kin).
///
/// `reload` opens the file anew while others ask: they go on with the old one. Thread-safe.
///
///     auto geo = GeoDatabase::open("GeoLite2-Country.mmdb").value();
///     if (const auto country = geo.country_of(request.client())) …
class GeoDatabase {
public:
    /// The error is a sentence: which file, and what is wrong with it.
    [[nodiscard]] static std::expected<GeoDatabase, std::string> open(const std::string& path);

    GeoDatabase(GeoDatabase&&) noexcept;
    GeoDatabase& operator=(GeoDatabase&&) noexcept;
    ~GeoDatabase();

    /// Nothing: the file does not know, as for private addresses.
    [[nodiscard]] std::optional<Country> country_of(const http::IpAddress& address) const noexcept;

    /// After the file was replaced. With an error the old one stays.
    [[nodiscard]] std::expected<void, std::string> reload();

private:
    struct File;
    struct State;
    explicit GeoDatabase(std::unique_ptr<State> state) noexcept;

    std::unique_ptr<State> state_;
};

}  // namespace portico::guard
