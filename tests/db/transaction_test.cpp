#include <stdexcept>

#include "portico/db/repository.hpp"
#include "tests/db/backends.hpp"

namespace portico::db {
namespace {

using core::Task;
using model::Annotated;

struct Entry {
    static constexpr auto table = db::Table{"entries"};

    Annotated<std::int64_t, primary_key> id = 0;
    std::string text = "";
};

class Transactions : public test::OnEveryBackend {
public:
    Transactions() { make_tables<Entry>(); }

    // What others see.
    std::string committed() {
        Session other = database.session();
        std::string all;
        for (const Entry& entry : wait(other.query<Entry>().order_by(&Entry::id).all())) {
            all += entry.text;
        }
        return all;
    }
    Task<void> add(std::string text) { co_await entries.create({.text = std::move(text)}); }

    Repository<Entry> entries{session};
};

PORTICO_ON_EVERY_BACKEND(Transactions);

TEST_P(Transactions, work_that_returns_is_committed) {
    const int answer = wait(session.transaction([&] -> Task<int> {
        co_await add("a");
        co_return 42;
    }));
    EXPECT_EQ(answer, 42);
    EXPECT_FALSE(session.writing());
    EXPECT_EQ(committed(), "a");
}

TEST_P(Transactions, work_that_throws_is_undone) {
    EXPECT_THROW(wait(session.transaction([&] -> Task<void> {
                     co_await add("a");
                     throw std::runtime_error("no");
                 })),
                 std::runtime_error);
    EXPECT_FALSE(session.writing());
    EXPECT_EQ(committed(), "");
}

TEST_P(Transactions, they_nest_to_any_depth) {
    wait([](Transactions& test) -> Task<void> {
        co_await test.session.transaction([&] -> Task<void> {
            co_await test.add("a");
            co_await test.session.transaction([&] -> Task<void> {
                co_await test.add("b");
                try {
                    co_await test.session.transaction([&] -> Task<void> {
                        co_await test.add("c");
                        throw std::runtime_error("no c");
                    });
                } catch (const std::runtime_error&) {
                }
                co_await test.add("d");
            });
        });
    }(*this));
    EXPECT_EQ(committed(), "abd");
}

TEST_P(Transactions, an_inner_one_is_nothing_without_the_outer) {
    EXPECT_THROW(
        wait([](Transactions& test) -> Task<void> {
            co_await test.session.transaction([&] -> Task<void> {
                co_await test.session.transaction([&] -> Task<void> { co_await test.add("a"); });
                throw std::runtime_error("no");
            });
        }(*this)),
        std::runtime_error);
    EXPECT_EQ(committed(), "");
}

TEST_P(Transactions, what_was_written_before_is_committed_by_whoever_began_it) {
    wait(add("a"));
    wait(session.transaction([&] -> Task<void> { co_await add("b"); }));
    EXPECT_TRUE(session.writing());
    EXPECT_THROW(wait(session.transaction([&] -> Task<void> {
                     co_await add("c");
                     throw std::runtime_error("no");
                 })),
                 std::runtime_error);
    wait(session.commit());
    EXPECT_EQ(committed(), "ab");
}

TEST_P(Transactions, a_constraint_inside_leaves_the_outer_one_usable) {
    wait([](Transactions& test) -> Task<void> {
        co_await test.session.transaction([&] -> Task<void> {
            co_await test.entries.create({.id = 5, .text = "a"});
            try {
                co_await test.session.transaction(
                    [&] -> Task<void> { co_await test.entries.create({.id = 5, .text = "b"}); });
                ADD_FAILURE() << "two fives";
            } catch (const IntegrityError& error) {
                EXPECT_TRUE(error.violates("id"));
            }
            co_await test.entries.create({.id = 6, .text = "c"});
        });
    }(*this));
    EXPECT_EQ(committed(), "ac");
}

TEST_P(Transactions, one_that_only_reads_may_be_read_only) {
    wait(add("a"));
    wait(session.commit());
    Session reader = database.session({.read_only = true});
    const auto count = wait(reader.transaction(
        [&] -> Task<std::int64_t> { co_return co_await reader.query<Entry>().count(); }));
    EXPECT_EQ(count, 1);
    const Repository<Entry> mine{reader};
    EXPECT_THROW((void)wait(mine.create({.text = "b"})), Error);
    EXPECT_THROW((void)wait(mine.query().update(set(&Entry::text, "b"))), Error);
    EXPECT_THROW((void)wait(mine.query().for_update().all()), Error);
    EXPECT_EQ(committed(), "a");
}

}  // namespace
}  // namespace portico::db
