#include "portico/db/load.hpp"

#include <vector>

#include "portico/db/repository.hpp"
#include "tests/db/backends.hpp"

namespace portico::db {
namespace {

using core::Task;
using model::Annotated;

struct Owner {
    static constexpr auto table = db::Table{"owners"};

    Annotated<std::int64_t, primary_key> id = 0;
    std::string name = "";
};
struct Pet {
    static constexpr auto table = db::Table{"pets"};

    Annotated<std::int64_t, primary_key> id = 0;
    Annotated<std::optional<std::int64_t>, foreign_key("owners.id", on_delete::cascade)> owner_id =
        model::empty;
    std::string name = "";
    std::int64_t age = 0;
};

class Relations : public test::OnEveryBackend {
protected:
    Relations() {
        make_tables<Owner, Pet>();
        for (const char* name : {"ann", "bob", "cid"}) wait(owners.create({.name = name}));
        for (const std::int64_t owner : {1, 2, 1}) wait(pets.create({.owner_id = owner}));
        wait(pets.create({.name = "stray"}));
        wait(session.commit());
    }

    Repository<Owner> owners{session};
    Repository<Pet> pets{session};
};

PORTICO_ON_EVERY_BACKEND(Relations);

TEST_P(Relations, one_query_loads_the_owners_of_all) {
    const auto all = wait(pets.query().order_by(&Pet::id).all());
    const auto loaded = wait(load<Owner>(session, all, &Pet::owner_id));
    EXPECT_EQ(loaded.of(all[0])->name, "ann");
    EXPECT_EQ(loaded.of(all[1])->name, "bob");
    EXPECT_EQ(loaded.of(all[2]), loaded.of(all[0]));
    EXPECT_EQ(loaded.of(all[3]), nullptr);
    EXPECT_EQ(loaded.all().size(), 2U);
}

TEST_P(Relations, one_query_loads_what_belongs_to_each) {
    const auto all = wait(owners.query().order_by(&Owner::id).all());
    const auto loaded = wait(load_many(session, all, &Pet::owner_id));
    ASSERT_EQ(loaded.of(all[0]).size(), 2U);
    EXPECT_EQ(loaded.of(all[0])[0].id, 1);
    EXPECT_EQ(loaded.of(all[0])[1].id, 3);
    EXPECT_EQ(loaded.of(all[1]).size(), 1U);
    EXPECT_TRUE(loaded.of(all[2]).empty());
}

TEST_P(Relations, nothing_is_asked_for_nothing) {
    const auto before = database.statistics();
    EXPECT_EQ(wait(load<Owner>(session, std::vector<Pet>(1), &Pet::owner_id)).all().size(), 0U);
    EXPECT_TRUE(wait(load_many(session, std::vector<Owner>{}, &Pet::owner_id)).of({}).empty());
    EXPECT_EQ(database.statistics().reads, before.reads);
}

TEST_P(Relations, only_foreign_keys_are_followed) {
    EXPECT_THROW((void)load<Owner>(session, std::vector<Pet>(1), &Pet::age), Error);
    EXPECT_THROW((void)load<Pet>(session, std::vector<Pet>(1), &Pet::owner_id), Error);
}

class Repeated : public ::testing::Test {
protected:
    Repeated() {
        if (const auto made = create_tables<Owner, Pet>(database); !made) throw made.error();
    }

    std::vector<std::string> told;
    Database database = test::open({.url = "sqlite:///:memory:",
                                    .on_repeated_statement =
                                        [this](const RepeatedStatement& repeated) {
                                            told.push_back(std::to_string(repeated.times) + " " +
                                                           std::string(repeated.text));
                                        },
                                    .repeated_statement = 3});
};

TEST_F(Repeated, a_query_for_each_row_is_told_once) {
    Session session = database.session();
    const Repository<Owner> owners{session};
    for (std::int64_t id = 1; id <= 3; ++id) (void)wait(owners.get(id));
    EXPECT_TRUE(told.empty());
    for (std::int64_t id = 4; id <= 9; ++id) (void)wait(owners.get(id));
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0], "4 SELECT \"id\",\"name\" FROM \"owners\" WHERE \"id\" = ?1");
    for (int i = 0; i < 5; ++i) (void)wait(owners.where(&Owner::name, equals, "x").first());
    for (int i = 0; i < 5; ++i) (void)wait(session.fetch_one<int>("SELECT 1 AS one"));
    EXPECT_EQ(told.size(), 3U);
}

TEST_F(Repeated, each_session_counts_for_itself_and_lists_are_not_counted) {
    for (int i = 0; i < 9; ++i) {
        Session session = database.session();
        (void)wait(Repository<Owner>{session}.get(1));
    }
    Session session = database.session();
    for (int i = 0; i < 9; ++i) (void)wait(session.query<Owner>().all());
    EXPECT_TRUE(told.empty());
}

}  // namespace
}  // namespace portico::db
