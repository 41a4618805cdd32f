#include "portico/guard/geo_database.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/guard/fixture.hpp"
#include "tests/guard/geo_file.hpp"

namespace portico::guard {
namespace {

using testing::GeoFile;
using testing::Guarded;

class Geo : public ::testing::Test {
protected:
    Geo() {
        GeoFile(path, {{"192.0.2.0/24", "DE"}, {"198.51.100.0/24", "FR"}, {"2001:db8::/32", "JP"}});
    }
    static std::string code(const GeoDatabase& geo, std::string_view address) {
        const auto country = geo.country_of(http::IpAddress::parse(address).value());
        return country ? std::string(country->text()) : "";
    }

    std::string path = ::testing::TempDir() + "portico-geo-" +
                       ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".mmdb";
};

TEST_F(Geo, knows_the_countries_of_both_families) {
    const auto geo = GeoDatabase::open(path).value();
    EXPECT_EQ(code(geo, "192.0.2.7"), "DE");
    EXPECT_EQ(code(geo, "::ffff:198.51.100.1"), "FR");
    EXPECT_EQ(code(geo, "2001:db8:1::1"), "JP");
    EXPECT_EQ(code(geo, "10.0.0.1"), "");
    EXPECT_EQ(code(geo, "2001:db9::1"), "");
}

TEST_F(Geo, a_file_that_is_none_is_an_error_with_its_name) {
    const auto missing = GeoDatabase::open("/nowhere.mmdb");
    ASSERT_FALSE(missing);
    EXPECT_TRUE(missing.error().starts_with("/nowhere.mmdb: ")) << missing.error();
    std::ofstream(path) << "no database";
    EXPECT_FALSE(GeoDatabase::open(path));
}

TEST_F(Geo, a_reload_takes_the_new_file_and_keeps_the_old_one_when_it_is_broken) {
    auto geo = GeoDatabase::open(path).value();
    GeoFile(path + ".new", {{"192.0.2.0/24", "AT"}});
    ASSERT_EQ(std::rename((path + ".new").c_str(), path.c_str()), 0);
    EXPECT_TRUE(geo.reload());
    EXPECT_EQ(code(geo, "192.0.2.7"), "AT");
    std::ofstream(path + ".new") << "no database";
    ASSERT_EQ(std::rename((path + ".new").c_str(), path.c_str()), 0);
    EXPECT_FALSE(geo.reload());
    EXPECT_EQ(code(geo, "192.0.2.7"), "AT");
}

TEST_F(Geo, blocked_countries_are_forbidden) {
    Guarded site({.blocked_countries = {"DE"}, .geoip_database = path});
    EXPECT_EQ(site.status("/", "192.0.2.1"), 403);
    EXPECT_EQ(site.events, std::vector<std::string>{"country blocked"});
    EXPECT_EQ(site.status("/", "198.51.100.1"), 200);
    EXPECT_EQ(site.status("/", "10.0.0.1"), 200) << "of no country that is known";
}

TEST_F(Geo, allowed_countries_are_served_alone) {
    Guarded site(
        {.whitelist = {"10.0.0.1"}, .whitelist_countries = {"JP"}, .geoip_database = path});
    EXPECT_EQ(site.status("/", "2001:db8::1"), 200);
    EXPECT_EQ(site.status("/", "192.0.2.1"), 403);
    EXPECT_EQ(site.status("/", "10.0.0.2"), 403) << "of no country that is known";
    EXPECT_EQ(site.status("/", "10.0.0.1"), 200);
}

TEST_F(Geo, a_route_has_its_own) {
    Guarded site({.geoip_database = path}, [](app::App& app) {
        app.get("/fr", [] { return 1; }, {.access = {.allow_countries = {"FR"}}});
        app.get("/de", [] { return 1; }, {.access = {.block_countries = {"DE"}}});
    });
    EXPECT_EQ(site.status("/fr", "198.51.100.1"), 200);
    EXPECT_EQ(site.status("/fr", "192.0.2.1"), 403);
    EXPECT_EQ(site.status("/de", "192.0.2.1"), 403);
    EXPECT_EQ(site.status("/de", "198.51.100.1"), 200);
    EXPECT_EQ(site.status("/", "192.0.2.1"), 200);
}

TEST(GeoConfig, countries_need_a_database_and_two_capitals) {
    const auto faults = check({.blocked_countries = {"DE", "germany"}});
    ASSERT_EQ(faults.size(), 2U);
    EXPECT_EQ(faults[0].field, "blocked_countries.1");
    EXPECT_EQ(faults[1].message, "needs geoip_database, the path of a MaxMind DB file");
    EXPECT_THROW(GuardMiddleware({.geoip_database = "/nowhere.mmdb"}), std::invalid_argument);
}

}  // namespace
}  // namespace portico::guard
