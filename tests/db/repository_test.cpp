#include "portico/db/repository.hpp"

#include <limits>

#include "portico/model/read.hpp"
#include "tests/db/backends.hpp"
#include "tests/db/models.hpp"

namespace portico::db {
namespace {

using core::Task;
using model::DateTime;
using test::Colour;
using test::Thing;
using test::User;

class UserRepository : public Repository<User> {
public:
    using Repository::Repository;

    Task<std::optional<User>> get_by_username(std::string_view name) {
        return where(&User::username, equals, name).first();
    }
};

struct UserChanges {
    model::Annotated<std::string> email;
    bool disabled = false;
};

class RepositoryTest : public test::OnEveryBackend {
protected:
    RepositoryTest() { make_tables<User, Thing>(); }

    User add(std::string name) {
        User user = wait(users.create({.username = name, .email = name + "@example.com"}));
        wait(session.commit());
        return user;
    }

    UserRepository users{session};
    Repository<Thing> things{session};
};

PORTICO_ON_EVERY_BACKEND(RepositoryTest);

TEST_P(RepositoryTest, create_gives_the_row_back_with_its_key) {
    EXPECT_EQ(add("ann").id, 1);
    const User bob = add("bob");
    EXPECT_EQ(bob.id, 2);
    EXPECT_EQ(bob.username, "bob");
}

TEST_P(RepositoryTest, a_key_that_is_given_is_kept) {
    EXPECT_EQ(wait(users.create({.id = 77, .username = "ann"})).id, 77);
    // An identity column of PostgreSQL counts only what it has assigned itself.
    EXPECT_EQ(wait(users.create({.username = "bob"})).id, on_postgresql() ? 1 : 78);
}

TEST_P(RepositoryTest, the_key_of_a_deleted_row_is_not_used_again) {
    const User ann = add("ann");
    EXPECT_TRUE(wait(users.remove(ann.id)));
    EXPECT_NE(add("bob").id, ann.id);
}

TEST_P(RepositoryTest, get_finds_by_key) {
    add("ann");
    const auto ann = wait(users.get(1));
    ASSERT_TRUE(ann);
    EXPECT_EQ(ann->email, "ann@example.com");
    EXPECT_FALSE(wait(users.get(2)));
}

TEST_P(RepositoryTest, a_unique_nocase_column_is_looked_up_and_refused_in_any_case) {
    add("Ann");
    EXPECT_EQ(wait(users.get_by_username("aNN"))->username, "Ann");
    const auto again = wait(users.try_create({.username = "ANN"}));
    ASSERT_FALSE(again);
    EXPECT_TRUE(again.error().violates("username"));
    EXPECT_EQ(again.error().table(), "users");
    EXPECT_THROW(wait(users.create({.username = "ann"})), IntegrityError);
}

TEST_P(RepositoryTest, get_all_pages_by_key) {
    for (const char* name : {"a", "b", "c", "d"}) add(name);
    const auto page = wait(users.get_all(1, 2));
    ASSERT_EQ(page.size(), 2U);
    EXPECT_EQ(page[0].username, "b");
    EXPECT_EQ(page[1].username, "c");
}

TEST_P(RepositoryTest, update_writes_the_whole_row_or_only_what_is_named) {
    User ann = add("ann");
    ann.email = "new@example.com";
    ann.disabled = true;
    EXPECT_TRUE(wait(users.update(ann, &User::disabled)));
    EXPECT_EQ(wait(users.get(ann.id))->email, "ann@example.com");
    EXPECT_TRUE(wait(users.get(ann.id))->disabled);
    EXPECT_TRUE(wait(users.update(ann)));
    EXPECT_EQ(wait(users.get(ann.id))->email, "new@example.com");
    ann.id = 99;
    EXPECT_FALSE(wait(users.update(ann)));
}

TEST_P(RepositoryTest, update_with_a_partial_writes_what_was_sent) {
    const User ann = add("ann");
    model::Faults faults;
    model::Partial<UserChanges> changes;
    const auto slot = model::slot_of<model::Partial<UserChanges>>();
    ASSERT_TRUE(
        model::read_json(R"({"disabled":true})", slot, &changes, model::Location("body"), faults));
    const auto updated = wait(users.update(ann.id, changes));
    ASSERT_TRUE(updated);
    EXPECT_TRUE(updated->disabled);
    EXPECT_EQ(updated->email, "ann@example.com");
    EXPECT_FALSE(wait(users.update(99, changes)));
    EXPECT_EQ(wait(users.update(ann.id, model::Partial<UserChanges>{}))->username, "ann");
}

TEST_P(RepositoryTest, remove_says_whether_there_was_a_row) {
    add("ann");
    EXPECT_TRUE(wait(users.remove(1)));
    EXPECT_FALSE(wait(users.remove(1)));
}

TEST_P(RepositoryTest, conditions_are_joined) {
    for (const char* name : {"ann", "bob", "cid", "dan"}) add(name);
    const auto named = [&](const Condition<User>& condition) {
        std::string names;
        for (const User& user : wait(users.where(condition).order_by(&User::id).all())) {
            names += user.username + " ";
        }
        return names;
    };
    const auto& id = column<&User::id>;
    EXPECT_EQ(named(id > 1 && id <= 3), "bob cid ");
    EXPECT_EQ(named(id == 1 || id == 4), "ann dan ");
    EXPECT_EQ(named(!(id == 1 || id == 4)), "bob cid ");
    EXPECT_EQ(named((id == 1 || id == 2) && column<&User::username> != "ann"), "bob ");
    EXPECT_EQ(named(id == 1 || (id >= 2 && id < 3)), "ann bob ");
    EXPECT_EQ(named(id.in({1, 3, 99})), "ann cid ");
    EXPECT_EQ(named(id.in(std::vector<int>{})), "");
    EXPECT_EQ(named(column<&User::username>.in(std::vector<std::string>{"bob", "x\"'"})), "bob ");
    EXPECT_EQ(named(column<&User::email>.starts_with("b")), "bob ");
    EXPECT_EQ(named(column<&User::email>.contains("n@ex")), "ann dan ");
    EXPECT_EQ(named(column<&User::email>.contains("%")), "");
    EXPECT_EQ(named(column<&User::email>.contains("_")), "");
    EXPECT_EQ(named(column<&User::email>.contains("\\")), "");
}

TEST_P(RepositoryTest, queries_order_limit_skip_count_and_look) {
    for (const char* name : {"ann", "bob", "cid", "dan"}) add(name);
    const auto last = wait(users.query().order_by(descending(&User::username)).first());
    EXPECT_EQ(last->username, "dan");
    const auto after =
        wait(users.where(&User::id, greater_than, 1).order_by(&User::id).limit(2).all());
    ASSERT_EQ(after.size(), 2U);
    EXPECT_EQ(after[1].username, "cid");
    EXPECT_EQ(wait(users.query().order_by(&User::id).offset(3).all()).at(0).username, "dan");
    EXPECT_EQ(wait(users.query().count()), 4);
    EXPECT_TRUE(wait(users.where(&User::username, equals, "ann").exists()));
    EXPECT_FALSE(wait(users.where(&User::username, equals, "eve").exists()));
}

TEST_P(RepositoryTest, an_update_of_what_is_still_so_is_won_once) {
    const User ann = add("ann");
    const auto query = users.where(column<&User::id> == ann.id && column<&User::disabled> == false);
    EXPECT_EQ(wait(query.update(set(&User::disabled, true))), 1);
    EXPECT_EQ(wait(query.update(set(&User::disabled, true))), 0);
    EXPECT_EQ(wait(users.where(&User::disabled, equals, true).remove()), 1);
    EXPECT_THROW((void)users.query().limit(1).remove(), Error);
}

TEST_P(RepositoryTest, every_kind_of_value_comes_back_as_it_went) {
    const User owner = add("ann");
    Thing thing{.owner_id = owner.id,
                .small = -128,
                .large = std::numeric_limits<std::uint32_t>::max(),
                .narrow = 0.1F,
                .wide = 1e-300,
                .price = model::Decimal::parse("19.90").value(),
                .free = model::Decimal::parse("123456789012345678901234567890.5").value(),
                .colour = Colour::blue,
                .key = model::Uuid::parse("01890a5d-ac96-774b-bcce-b302099a8057").value(),
                .secret = model::SecretString("hunter2"),
                .seen_at = DateTime::from_unix_microseconds(1'700'000'000'123'456),
                .note = "it's \"quoted\"; --",
                .size = {.width = 3, .height = 4},
                .counts = {{"a", 1}}};
    const auto id = wait(things.create(thing)).id;
    const auto back = wait(things.get(id));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->owner_id, owner.id);
    EXPECT_EQ(back->small, thing.small);
    EXPECT_EQ(back->large, thing.large);
    EXPECT_EQ(back->narrow, thing.narrow);
    EXPECT_EQ(back->wide, thing.wide);
    EXPECT_EQ(back->price, thing.price);
    EXPECT_EQ(back->free, thing.free);
    EXPECT_EQ(back->colour, Colour::blue);
    EXPECT_EQ(back->key, thing.key);
    EXPECT_EQ(back->secret.reveal(), "hunter2");
    EXPECT_EQ(back->seen_at, thing.seen_at);
    EXPECT_EQ(back->note, thing.note);
    EXPECT_EQ(back->size.height, 4);
    EXPECT_EQ(back->counts.at("a"), 1);
}

TEST_P(RepositoryTest, null_is_an_empty_optional) {
    wait(things.create({}));
    wait(things.create({.note = ""}));
    EXPECT_EQ(wait(things.get(1))->note, std::nullopt);
    EXPECT_EQ(wait(things.get(2))->note, "");
    EXPECT_EQ(wait(things.where(column<&Thing::note> == std::nullopt).count()), 1);
    EXPECT_EQ(wait(things.where(column<&Thing::note> != std::optional<std::string>{}).count()), 1);
    EXPECT_EQ(
        wait(things.where(column<&Thing::note> == "").update(set(&Thing::note, std::nullopt))), 1);
    EXPECT_EQ(wait(things.where(column<&Thing::note> == std::nullopt).count()), 2);
}

TEST_P(RepositoryTest, decimals_and_times_sort_by_value) {
    for (const char* price : {"9.50", "10.00", "-1.25"}) {
        wait(things.create({.price = model::Decimal::parse(price).value()}));
    }
    const auto sorted = wait(things.query().order_by(&Thing::price).all());
    EXPECT_EQ(sorted[0].price.to_string(), "-1.25");
    EXPECT_EQ(sorted[2].price.to_string(), "10.00");
    EXPECT_EQ(
        wait(things.where(column<&Thing::price> > model::Decimal::parse("9.5").value()).count()),
        1);
    EXPECT_EQ(wait(things.where(column<&Thing::colour> == Colour::red).count()), 3);
    EXPECT_EQ(wait(things.where(column<&Thing::seen_at> < DateTime{}).count()), 0);
}

TEST_P(RepositoryTest, what_a_column_can_not_hold_exactly_is_refused) {
    EXPECT_THROW(wait(things.create({.price = model::Decimal::parse("0.001").value()})), Error);
    EXPECT_THROW(wait(things.create({.wide = std::numeric_limits<double>::quiet_NaN()})), Error);
}

TEST_P(RepositoryTest, a_stored_value_that_does_not_fit_names_its_column) {
    wait(things.create({}));
    wait(session.execute("UPDATE things SET small = 1000"));
    try {
        (void)wait(things.get(1));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Error::Kind::value);
        EXPECT_NE(std::string(error.what()).find("\"small\""), std::string::npos);
    }
}

TEST_P(RepositoryTest, rows_of_a_deleted_owner_go_with_it) {
    const User ann = add("ann");
    wait(things.create({.owner_id = ann.id}));
    wait(users.remove(ann.id));
    EXPECT_EQ(wait(things.query().count()), 0);
    EXPECT_THROW(wait(things.create({.owner_id = 99})), IntegrityError);
}

struct Total {
    std::string email;
    std::int64_t things = 0;
};

TEST_P(RepositoryTest, raw_statements_read_into_structs_by_column_name) {
    const User ann = add("ann");
    wait(things.create({.owner_id = ann.id}));
    const auto totals = wait(session.fetch<Total>(
        "SELECT count(*) AS things, email FROM users JOIN things ON owner_id = users.id "
        "WHERE users.id = :id GROUP BY users.id",
        arg("id", ann.id)));
    ASSERT_EQ(totals.size(), 1U);
    EXPECT_EQ(totals[0].email, ann.email);
    EXPECT_EQ(totals[0].things, 1);
    EXPECT_THROW(wait(session.fetch<Total>("SELECT 1 AS things")), Error);
    EXPECT_FALSE(wait(session.fetch_one<Total>("SELECT 1 AS things, '' AS email WHERE 1 = 0")));
}

TEST_P(RepositoryTest, a_name_that_is_part_of_a_temporary_may_be_looked_up) {
    add("a-name-longer-than-the-small-string-of-a-library");
    auto task =
        users.get_by_username(std::string("a-name-longer-than-the-") + "small-string-of-a-library");
    EXPECT_TRUE(wait(std::move(task)));
}

}  // namespace
}  // namespace portico::db
