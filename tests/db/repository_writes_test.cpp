#include <array>
#include <thread>

#include "portico/db/repository.hpp"
#include "portico/model/date_time.hpp"
#include "portico/model/read.hpp"
#include "tests/db/backends.hpp"

namespace portico::db {
namespace {

using core::Task;
using model::Annotated;
using model::DateTime;

struct Setting {
    static constexpr auto table = db::Table{"settings", db::unique_on("owner", "name")};

    Annotated<std::int64_t, primary_key> id = 0;
    int owner = 0;
    Annotated<std::string, model::max_length(2000)> name;
    std::string value = "";
    Annotated<DateTime, server_default(current_timestamp)> made_at = DateTime{};
};

struct Tag {
    static constexpr auto table = db::Table{"tags"};

    Annotated<std::int64_t, primary_key> id = 0;
    Annotated<std::string, unique(nocase)> name;
};

struct Document {
    static constexpr auto table = db::Table{"documents"};

    Annotated<std::int64_t, primary_key> id = 0;
    std::string text = "";
    Annotated<int, row_version> version = 1;
    Annotated<std::optional<DateTime>, soft_delete> deleted_at = model::empty;
};
struct Note {
    static constexpr auto table = db::Table{"notes"};

    Annotated<std::int64_t, primary_key> id = 0;
    Annotated<std::int64_t, foreign_key("documents.id")> document_id;
};
struct DocumentChanges {
    Annotated<std::string> text;
    int version = 0;
};

class RepositoryWrites : public test::OnEveryBackend {
protected:
    RepositoryWrites() { make_tables<Setting, Tag, Document, Note>(); }

    Repository<Setting> settings{session};
    Repository<Tag> tags{session};
    Repository<Document> documents{session};
    Repository<Note> notes{session};
};

PORTICO_ON_EVERY_BACKEND(RepositoryWrites);

TEST_P(RepositoryWrites, upsert_makes_one_row_of_two) {
    const Setting first = wait(settings.upsert({.owner = 1, .name = "theme", .value = "dark"},
                                               &Setting::owner, &Setting::name));
    EXPECT_GT(first.id, 0);
    EXPECT_GT(first.made_at, DateTime{});
    const Setting second = wait(settings.upsert({.owner = 1, .name = "theme", .value = "light"},
                                                &Setting::owner, &Setting::name));
    EXPECT_EQ(second.id, first.id);
    EXPECT_EQ(second.value, "light");
    EXPECT_EQ(second.made_at, first.made_at) << "the database's own default stays";
    wait(settings.upsert({.owner = 2, .name = "theme"}, &Setting::owner, &Setting::name));
    EXPECT_EQ(wait(settings.query().count()), 2);
}

TEST_P(RepositoryWrites, upsert_is_by_the_key_when_no_member_is_named) {
    wait(settings.upsert({.id = 7, .name = "a", .value = "1"}));
    EXPECT_EQ(wait(settings.upsert({.id = 7, .name = "a", .value = "2"})).value, "2");
    EXPECT_EQ(wait(settings.query().one()).value, "2");
}

TEST_P(RepositoryWrites, upsert_by_a_column_without_case_finds_it_in_any) {
    const Tag made = wait(tags.upsert({.name = "News"}, &Tag::name));
    const Tag again = wait(tags.upsert({.name = "NEWS"}, &Tag::name));
    EXPECT_EQ(again.id, made.id);
    EXPECT_EQ(again.name, "NEWS");
}

TEST_P(RepositoryWrites, a_refused_row_names_the_column_without_case) {
    wait(tags.create({.name = "News"}));
    const auto again = wait(tags.try_create({.name = "news"}));
    ASSERT_FALSE(again);
    EXPECT_TRUE(again.error().unique());
    EXPECT_TRUE(again.error().violates("name"));
}

TEST_P(RepositoryWrites, get_or_create_says_which) {
    const auto [made, created] = wait(tags.get_or_create({.name = "News"}, &Tag::name));
    EXPECT_TRUE(created);
    const auto [found, again] = wait(tags.get_or_create({.name = "news"}, &Tag::name));
    EXPECT_FALSE(again);
    EXPECT_EQ(found.id, made.id);
    EXPECT_EQ(found.name, "News");
}

TEST_P(RepositoryWrites, of_racing_sessions_one_creates) {
    constexpr int kThreads = 8;
    std::array<std::int64_t, kThreads> ids{};
    std::atomic<int> created{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < kThreads; ++i) {
            threads.emplace_back([&, i] {
                wait([](Database& from, std::int64_t& id, std::atomic<int>& count) -> Task<void> {
                    Session mine = from.session();
                    const Repository<Tag> all{mine};
                    auto [tag, is_new] = co_await all.get_or_create({.name = "race"}, &Tag::name);
                    id = tag.id;
                    count += is_new ? 1 : 0;
                    co_await mine.commit();
                }(database, ids[static_cast<std::size_t>(i)], created));
            });
        }
    }
    EXPECT_EQ(created, 1);
    for (const std::int64_t id : ids) EXPECT_EQ(id, ids[0]);
}

TEST_P(RepositoryWrites, create_all_takes_any_number_of_rows) {
    for (const int count : {0, 1, 2, 127, 128, 129, 1000}) {
        std::vector<Setting> rows;
        for (int i = 0; i < count; ++i) {
            rows.push_back({.owner = count, .name = std::to_string(i), .value = "it's"});
        }
        EXPECT_EQ(wait(settings.create_all(std::move(rows))), count);
        EXPECT_EQ(wait(settings.where(&Setting::owner, equals, count).count()), count);
    }
    const auto last = wait(settings.where(&Setting::name, equals, "999").one());
    EXPECT_EQ(last.value, "it's");
    EXPECT_GT(last.made_at, DateTime{});
}

TEST_P(RepositoryWrites, create_all_keeps_the_keys_that_are_given) {
    std::vector<Setting> rows;
    for (int i = 0; i < 10; ++i) {
        rows.push_back({.id = i % 3 == 0 ? 0 : 100 + i, .owner = i, .name = "x"});
    }
    EXPECT_EQ(wait(settings.create_all(rows)), 10);
    EXPECT_EQ(wait(settings.get(104)).value().owner, 4);
    EXPECT_EQ(wait(settings.where(&Setting::id, greater_than, 100).count()),
              on_postgresql() ? 6 : 9);
}

TEST_P(RepositoryWrites, create_all_is_refused_whole_where_a_constraint_refuses_a_row) {
    std::vector<Tag> rows{{.name = "a"}, {.name = "b"}, {.name = "A"}, {.name = "c"}};
    EXPECT_THROW((void)wait(tags.create_all(rows)), IntegrityError);
    EXPECT_EQ(wait(tags.query().count()), 0);
}

TEST_P(RepositoryWrites, an_update_of_an_old_version_is_stale) {
    Document mine = wait(documents.create({.text = "one"}));
    EXPECT_EQ(mine.version, 1);
    Document theirs = mine;
    mine.text = "two";
    EXPECT_TRUE(wait(documents.update(mine)));
    EXPECT_EQ(wait(documents.get(mine.id))->version, 2);
    theirs.text = "three";
    EXPECT_THROW(wait(documents.update(theirs)), StaleError);
    EXPECT_THROW(wait(documents.update(theirs, &Document::text)), StaleError);
    EXPECT_EQ(wait(documents.get(mine.id))->text, "two");
    theirs = wait(documents.get(mine.id)).value();
    theirs.text = "three";
    EXPECT_TRUE(wait(documents.update(theirs, &Document::text)));
    EXPECT_EQ(wait(documents.get(mine.id))->version, 3);
    theirs.id = 99;
    EXPECT_THROW(wait(documents.update(theirs)), StaleError);
}

TEST_P(RepositoryWrites, a_version_that_was_sent_must_be_the_rows) {
    const Document document = wait(documents.create({.text = "one"}));
    const auto changes = [](const char* json) {
        model::Faults faults;
        model::Partial<DocumentChanges> partial;
        const auto slot = model::slot_of<model::Partial<DocumentChanges>>();
        EXPECT_TRUE(model::read_json(json, slot, &partial, model::Location("body"), faults));
        return partial;
    };
    const auto updated =
        wait(documents.update(document.id, changes(R"({"text":"two","version":1})")));
    EXPECT_EQ(updated->version, 2);
    EXPECT_THROW(wait(documents.update(document.id, changes(R"({"text":"three","version":1})"))),
                 StaleError);
    EXPECT_EQ(wait(documents.update(document.id, changes(R"({"text":"three"})")))->version, 3);
}

TEST_P(RepositoryWrites, changes_of_many_rows_raise_their_versions) {
    wait(documents.create({.text = "a"}));
    wait(documents.create({.text = "b"}));
    EXPECT_EQ(wait(documents.query().update(set(&Document::text, "c"))), 2);
    EXPECT_EQ(wait(documents.get(1))->version, 2);
}

TEST_P(RepositoryWrites, deleted_rows_are_left_out_and_come_back) {
    const Document kept = wait(documents.create({.text = "kept"}));
    const Document gone = wait(documents.create({.text = "gone"}));
    EXPECT_TRUE(wait(documents.remove(gone.id)));
    EXPECT_FALSE(wait(documents.remove(gone.id)));
    EXPECT_FALSE(wait(documents.get(gone.id)));
    EXPECT_EQ(wait(documents.query().count()), 1);
    EXPECT_EQ(wait(documents.get_all()).size(), 1U);
    EXPECT_FALSE(wait(documents.where(&Document::text, equals, "gone").exists()));
    EXPECT_EQ(
        wait(documents.where(column<&Document::text> == "gone" || column<&Document::text> == "kept")
                 .count()),
        1);
    EXPECT_EQ(wait(documents.query().with_deleted().count()), 2);
    EXPECT_THROW(wait(documents.update(gone)), StaleError) << "it would come back by it";
    EXPECT_EQ(wait(documents.query().update(set(&Document::text, "new"))), 1);

    EXPECT_TRUE(wait(documents.restore(gone.id)));
    EXPECT_FALSE(wait(documents.restore(gone.id)));
    EXPECT_EQ(wait(documents.get(gone.id))->deleted_at, std::nullopt);
    EXPECT_EQ(wait(documents.query().remove()), 2);
    EXPECT_TRUE(wait(documents.purge(gone.id)));
    EXPECT_EQ(wait(documents.query().with_deleted().purge()), 1);
    EXPECT_EQ(wait(documents.query().with_deleted().count()), 0);
    (void)kept;
}

TEST_P(RepositoryWrites, deleted_rows_are_not_joined) {
    const Document gone = wait(documents.create({.text = "gone"}));
    wait(notes.create({.document_id = gone.id.value}));
    wait(documents.remove(gone.id));
    EXPECT_EQ(wait(session.query<Note>().join<Document>().count()), 0);
    EXPECT_EQ(wait(session.query<Note>().left_join<Document>().count()), 1);
    EXPECT_EQ(wait(session.query<Note>()
                       .left_join<Document>()
                       .select<std::optional<std::string>>(&Document::text)
                       .one()),
              std::nullopt);
    EXPECT_EQ(wait(session.query<Note>().join<Document>().with_deleted().count()), 1);
}

TEST_P(RepositoryWrites, a_model_without_the_mark_has_nothing_to_restore) {
    EXPECT_THROW((void)tags.restore(1), Error);
}

}  // namespace
}  // namespace portico::db
