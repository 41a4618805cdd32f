#include "portico/db/query.hpp"

#include <tuple>

#include "portico/db/repository.hpp"
#include "portico/model/date_time.hpp"
#include "portico/model/decimal.hpp"
#include "tests/db/backends.hpp"

namespace portico::db {
namespace {

using core::Task;
using model::Annotated;
using model::DateTime;
using model::Decimal;

struct Author {
    static constexpr auto table = db::Table{"authors"};

    Annotated<std::int64_t, primary_key> id = 0;
    Annotated<std::string, model::max_length(40), unique(nocase)> name;
    Annotated<std::optional<std::int64_t>, foreign_key("authors.id")> mentor_id = model::empty;
};

struct Book {
    static constexpr auto table = db::Table{"books"};

    Annotated<std::int64_t, primary_key> id = 0;
    Annotated<std::int64_t, foreign_key("authors.id", on_delete::cascade)> author_id;
    std::string title = "";
    Annotated<Decimal, model::decimal_places(2)> price = Decimal{};
    int pages = 0;
    DateTime bought_at = {};
    std::optional<DateTime> sold_at = std::nullopt;
};

struct Review {
    static constexpr auto table = db::Table{"reviews"};

    Annotated<std::int64_t, primary_key> id = 0;
    Annotated<std::int64_t, foreign_key("books.id", on_delete::cascade)> book_id;
    Annotated<std::int64_t, foreign_key("authors.id", on_delete::cascade)> reviewer_id;
    int stars = 0;
};

Decimal money(const char* text) {
    return Decimal::parse(text).value();
}
DateTime at(std::int64_t seconds) {
    return DateTime::from_unix_microseconds(seconds * 1'000'000);
}

class Queries : public test::OnEveryBackend {
protected:
    Queries() {
        make_tables<Author, Book, Review>();
        for (const char* name : {"Ann", "Bob", "Cid"}) wait(authors.create({.name = name}));
        add("Apple", 1, "9.50", 100, 30);
        add("Birch", 1, "10.00", 300, 10);
        add("Cedar", 2, "-1.25", 200, 20);
        wait(session.commit());
    }

    void add(std::string title, std::int64_t author, const char* price, int pages, int bought) {
        wait(books.create({.author_id = author,
                           .title = std::move(title),
                           .price = money(price),
                           .pages = pages,
                           .bought_at = at(bought)}));
    }

    template <class Q>
    std::string titles(const Q& query) {
        std::string all;
        for (const Book& book : wait(query.all())) all += book.title.substr(0, 1);
        return all;
    }

    Repository<Author> authors{session};
    Repository<Book> books{session};
    Repository<Review> reviews{session};
};

PORTICO_ON_EVERY_BACKEND(Queries);

TEST_P(Queries, a_join_narrows_and_orders_by_either_table) {
    const auto query = session.query<Book>().join<Author>();
    EXPECT_EQ(titles(Query(query).where(&Author::name, equals, "ANN").order_by(&Book::id)), "AB");
    EXPECT_EQ(titles(Query(query)
                         .where(column<&Author::name> != "bob" && column<&Book::pages> > 100)
                         .order_by(&Book::id)),
              "B");
    EXPECT_EQ(titles(Query(query)
                         .where(column<&Author::name> == "Bob" || column<&Book::title> == "Apple")
                         .order_by(&Book::id)),
              "AC");
    EXPECT_EQ(titles(Query(query).order_by(descending(&Author::name)).order_by(&Book::pages)),
              "CAB");
    EXPECT_EQ(wait(Query(query).where(column<&Author::id>.in({1, 3})).count()), 2);
    EXPECT_TRUE(wait(Query(query).where(&Author::id, equals, 2).exists()));
    EXPECT_FALSE(wait(Query(query).where(&Author::id, equals, 3).exists()));
}

struct Shelf {
    std::string name;
    std::int64_t books = 0;
    std::optional<Decimal> worth = std::nullopt;
    std::optional<double> pages = std::nullopt;
    std::optional<DateTime> last = std::nullopt;
};

TEST_P(Queries, groups_are_counted_and_summed_into_a_struct) {
    const auto shelves =
        wait(session.query<Author>()
                 .left_join<Book>()
                 .group_by(&Author::id, &Author::name)
                 .order_by(descending(count(&Book::id)))
                 .order_by(&Author::name)
                 .select<Shelf>(&Author::name, as("books", count(&Book::id)),
                                as("worth", sum(&Book::price)), as("pages", avg(&Book::pages)),
                                as("last", max(&Book::bought_at)))
                 .all());
    ASSERT_EQ(shelves.size(), 3U);
    EXPECT_EQ(shelves[0].name, "Ann");
    EXPECT_EQ(shelves[0].books, 2);
    EXPECT_EQ(shelves[0].worth->to_string(), "19.50");
    EXPECT_EQ(shelves[0].pages, 200.0);
    EXPECT_EQ(shelves[0].last, at(30));
    EXPECT_EQ(shelves[2].name, "Cid");
    EXPECT_EQ(shelves[2].books, 0);
    EXPECT_EQ(shelves[2].worth, std::nullopt);
    EXPECT_EQ(shelves[2].last, std::nullopt);
}

TEST_P(Queries, having_narrows_groups) {
    const auto names = [&](const auto& condition) {
        std::string all;
        for (const std::string& name : wait(session.query<Author>()
                                                .join<Book>()
                                                .group_by(&Author::id, &Author::name)
                                                .having(condition)
                                                .order_by(&Author::name)
                                                .template select<std::string>(&Author::name)
                                                .all())) {
            all += name;
        }
        return all;
    };
    EXPECT_EQ(names(count() > 1), "Ann");
    EXPECT_EQ(names(count() >= 1 && sum(&Book::price) < money("0.00")), "Bob");
    EXPECT_EQ(names(avg(&Book::pages) == 200.0), "AnnBob");
    EXPECT_EQ(names(min(&Book::pages) == 100 || max(&Book::bought_at) <= at(20)), "AnnBob");
    EXPECT_EQ(names(count_distinct(&Book::author_id) == 1), "AnnBob");
}

TEST_P(Queries, aggregates_of_all_rows_are_one_row) {
    const auto query = session.query<Book>();
    EXPECT_EQ(wait(query.select<std::int64_t>(sum(&Book::pages)).one()), 600);
    EXPECT_DOUBLE_EQ(wait(query.select<std::optional<double>>(avg(&Book::price)).one()).value(),
                     18.25 / 3);
    EXPECT_EQ(wait(query.select<Decimal>(min(&Book::price)).one()), money("-1.25"));
    const auto none = session.query<Book>().where(&Book::id, greater_than, 99);
    EXPECT_EQ(wait(none.select<std::optional<Decimal>>(sum(&Book::price)).one()), std::nullopt);
    EXPECT_EQ(wait(none.select<std::int64_t>(count()).one()), 0);
    EXPECT_THROW((void)wait(none.select<Decimal>(sum(&Book::price)).one()), Error);
}

TEST_P(Queries, columns_are_selected_into_tuples_and_plain_values) {
    const auto rows = wait(session.query<Book>()
                               .join<Author>()
                               .order_by(&Book::id)
                               .select<std::tuple<std::string, std::string, Decimal>>(
                                   &Author::name, &Book::title, &Book::price)
                               .all());
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[2], std::tuple("Bob", "Cedar", money("-1.25")));
    EXPECT_EQ(
        wait(session.query<Book>().order_by(&Book::id).select<std::int64_t>(&Book::pages).all()),
        (std::vector<std::int64_t>{100, 300, 200}));
    EXPECT_EQ(
        wait(session.query<Book>().select<std::int64_t>(&Book::author_id).distinct().all()).size(),
        2U);
    EXPECT_EQ(
        wait(session.query<Book>().order_by(&Book::id).select<std::string>(&Book::title).first()),
        "Apple");
}

struct Misnamed {
    std::string name;
    std::int64_t total = 0;
};
struct Mistyped {
    std::string pages;
};

TEST_P(Queries, what_is_selected_and_what_it_is_for_must_agree) {
    const auto query = session.query<Author>();
    EXPECT_THROW((void)query.select<Misnamed>(&Author::name).all(), Error);
    EXPECT_THROW(
        (void)query.select<Misnamed>(&Author::name, as("total", &Author::id), count()).all(),
        Error);
    EXPECT_THROW((void)query.select<std::string>(&Author::name, &Author::id).all(), Error);
    EXPECT_THROW((void)session.query<Book>().select<Mistyped>(&Book::pages).all(), Error);
}

TEST_P(Queries, a_left_join_keeps_rows_that_have_none) {
    const auto rows = wait(
        session.query<Author>()
            .left_join<Book>()
            .where(&Book::id, equals, std::nullopt)
            .select<std::pair<std::string, std::optional<std::string>>>(&Author::name, &Book::title)
            .all());
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].first, "Cid");
    EXPECT_EQ(rows[0].second, std::nullopt);
}

TEST_P(Queries, the_key_of_a_join_is_named_where_there_are_several) {
    wait(reviews.create({.book_id = 1, .reviewer_id = 2, .stars = 5}));
    wait(reviews.create({.book_id = 3, .reviewer_id = 3, .stars = 2}));
    const auto reviewed = session.query<Book>().join<Author>().join<Review>(&Review::book_id);
    EXPECT_EQ(titles(Query(reviewed).where(&Review::stars, greater_than, 3)), "A");
    EXPECT_THROW((void)session.query<Book>().join<Author>().join<Review>(), Error);
    const auto own = session.query<Review>().join<Author>(&Review::reviewer_id, &Author::id);
    EXPECT_EQ(wait(Query(own).where(&Author::name, equals, "cid").one()).stars, 2);
    EXPECT_THROW((void)session.query<Author>().join<Review>(&Review::book_id), Error);
}

TEST_P(Queries, a_column_is_compared_with_another) {
    EXPECT_EQ(titles(session.query<Book>().where(column<&Book::author_id> == column<&Book::id>)),
              "A");
    const auto joined = session.query<Book>().join<Author>();
    EXPECT_EQ(
        titles(
            Query(joined).where(column<&Book::title> > column<&Author::name>).order_by(&Book::id)),
        "ABC");
}

TEST_P(Queries, one_is_exactly_one) {
    const auto query = session.query<Author>();
    EXPECT_EQ(wait(Query(query).where(&Author::name, equals, "bob").one()).id, 2);
    for (const auto& wrong : {Query(query).where(&Author::id, greater_than, 9), query}) {
        try {
            (void)wait(wrong.one());
            FAIL();
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), Error::Kind::not_one);
        }
    }
}

struct ByPages {
    int pages;
    std::int64_t id;
};

TEST_P(Queries, pages_follow_one_another_without_gaps) {
    add("Doum", 3, "1.00", 200, 20);
    add("Elm", 3, "2.00", 200, 20);
    std::string seen;
    std::optional<ByPages> position;
    for (;;) {
        const auto page = wait(session.query<Book>()
                                   .order_by(descending(&Book::pages))
                                   .after(position)
                                   .limit(2)
                                   .all());
        if (page.empty()) break;
        for (const Book& book : page) seen += book.title.substr(0, 1);
        position = ByPages{.pages = page.back().pages, .id = page.back().id};
    }
    EXPECT_EQ(seen, "BEDCA") << "of equals, by key in the same direction";

    EXPECT_EQ(titles(session.query<Book>().after(3)), "DE");
    const Book birch = wait(books.get(2)).value();
    EXPECT_EQ(titles(session.query<Book>().order_by(&Book::bought_at).after(birch)), "CDEA");
    EXPECT_EQ(titles(session.query<Book>()
                         .order_by(descending(&Book::pages))
                         .order_by(&Book::title)
                         .after(birch)),
              "CDEA");
}

TEST_P(Queries, pages_by_a_column_without_case_go_by_it_without_case) {
    wait(authors.create({.name = "bab"}));
    std::string seen;
    std::optional<Author> last;
    while (true) {
        const auto found =
            wait(session.query<Author>().order_by(&Author::name).after(last).limit(1).all());
        if (found.empty()) break;
        last = found.front();
        seen += last->name + " ";
    }
    EXPECT_EQ(seen, "Ann bab Bob Cid ");
}

struct Other {
    std::string title;
};

TEST_P(Queries, a_position_that_does_not_fit_the_order_is_refused) {
    EXPECT_THROW((void)session.query<Book>().order_by(&Book::sold_at).after(1), Error);
    EXPECT_THROW((void)session.query<Book>().order_by(&Book::pages).after(1), Error);
    EXPECT_THROW((void)session.query<Book>().after(Other{"x"}), Error);
    EXPECT_THROW((void)session.query<Book>().after(std::string("1")), Error);
    EXPECT_THROW((void)session.query<Book>().join<Author>().order_by(&Author::name).after(1),
                 Error);
}

TEST_P(Queries, rows_that_are_read_for_update_are_not_changed_by_others) {
    Session other = database.session();
    const auto mine = wait(session.query<Book>().where(&Book::id, equals, 1).for_update().one());
    EXPECT_TRUE(session.writing());
    EXPECT_EQ(mine.pages, 100);
    EXPECT_EQ(wait(books.update({.id = 1, .author_id = 1, .pages = mine.pages + 1}, &Book::pages)),
              true);
    wait(session.commit());
    EXPECT_EQ(wait(other.query<Book>().where(&Book::id, equals, 1).one()).pages, 101);
}

TEST_P(Queries, texts_are_values_whatever_they_say) {
    for (const char* text : {"'; DROP TABLE books; --", "\" OR \"\"=\"", "%", "_", "\\", "a\\'b",
                             "$1", "?1", ":id", "/* */", "{\"a\":[1]}", "\xc3\xa4", ""}) {
        add(text, 1, "0.00", 1, 1);
        const std::string title = text;
        EXPECT_EQ(wait(session.query<Book>().where(&Book::title, equals, title).one()).title, text);
        EXPECT_EQ(wait(session.query<Book>().where(column<&Book::title>.in({title})).one()).title,
                  text);
        EXPECT_GE(
            wait(session.query<Book>().where(column<&Book::title>.starts_with(title)).count()), 1);
        EXPECT_EQ(wait(session.fetch_one<std::string>("SELECT title FROM books WHERE title = :t",
                                                      arg("t", title))),
                  title);
        EXPECT_EQ(wait(session.query<Book>()
                           .where(&Book::title, equals, title)
                           .update(set(&Book::title, title + "!"))),
                  1);
        EXPECT_EQ(wait(session.query<Book>().where(&Book::title, equals, title + "!").remove()), 1);
        EXPECT_EQ(wait(authors.where(&Author::name, equals, title).count()), 0);
    }
    EXPECT_EQ(wait(session.query<Book>().count()), 3);
}

TEST_P(Queries, an_error_names_the_statement_and_none_of_its_values) {
    wait(session.execute(sql("DROP TABLE reviews")));
    const auto said = [&](auto pending) -> std::string {
        try {
            (void)wait(std::move(pending));
            return "nothing";
        } catch (const std::exception& error) {
            return error.what();
        }
    };
    const std::string secret = "hunter2";
    for (const std::string& message :
         {said(authors.create({.name = secret + std::string(50, 'x')})),
          said(authors.upsert({.name = secret + std::string(50, 'x')}, &Author::name)),
          said(books.create({.author_id = 77, .title = secret})),
          said(reviews.where(&Review::stars, equals, 4242).all()),
          said(session.execute("UPDATE books SET pages = :p WHERE title <> :t", arg("p", secret),
                               arg("t", secret))),
          said(
              session.execute("INSERT INTO authors (name) VALUES (:a), (:a)", arg("a", secret)))}) {
        EXPECT_NE(message, "nothing");
        EXPECT_EQ(message.find(secret), std::string::npos) << message;
        EXPECT_EQ(message.find("4242"), std::string::npos) << message;
    }
}

}  // namespace
}  // namespace portico::db
