// Tables that belong together: joins, sums by group, relations loaded by one query, and a list that
// is read page by page, by a signed cursor. See docs/db.md. The database is ./books.db.
#include <iostream>

#include <portico/crypto/random.hpp>
#include <portico/db.hpp>
#include <portico/db/schema.hpp>
#include <portico/pagination/page.hpp>
#include <portico/portico.hpp>
using namespace portico;

struct Author {
    static constexpr auto table = db::Table{"authors"};

    Annotated<std::int64_t, primary_key> id = 0;
    Annotated<std::string, max_length(100), unique(nocase)> name;
};

struct Book {
    static constexpr auto table = db::Table{"books"};

    Annotated<std::int64_t, primary_key> id = 0;
    Annotated<std::int64_t, foreign_key("authors.id", on_delete::cascade)> author_id;
    Annotated<std::string, max_length(200)> title;
    Annotated<Decimal, decimal_places(2)> price = Decimal{};
    Annotated<std::optional<DateTime>, soft_delete> deleted_at = empty;
};

struct BookCreate {
    Annotated<std::string, min_length(1), max_length(100)> author;
    Annotated<std::string, min_length(1), max_length(200)> title;
    Annotated<Decimal, ge(0), decimal_places(2)> price;
};
struct BookPublic {
    std::int64_t id;
    std::string title;
    std::string author;
};
struct Shelf {
    std::string name;
    std::int64_t books = 0;
    std::optional<Decimal> worth;
};

Session get_session(State<Database> database) {
    return database->session();
}

int main(int argc, char** argv) {
    auto database = Database::open({.url = "sqlite:///./books.db"});
    if (!database) {
        std::cerr << database.error().what() << "\n";
        return 1;
    }
    // Written down once as `create_table_sql<Author>()` prints it, this is a migration.
    static const std::string schema = db::create_table_sql<Author>() + db::create_table_sql<Book>();
    static const db::Migration migrations[] = {{1, "create_books", schema, {}}};
    if (auto ready = db::Migrations(migrations).prepare(*database, true); !ready) {
        std::cerr << ready.error().what() << "\n";
        return 1;
    }
    // A program that runs for long has its key from its settings.
    const pagination::CursorCodec<std::int64_t> cursors(crypto::SecretKey(crypto::random_token()),
                                                        "GET /books");

    App app{{.title = "Books"}};
    app.state(*std::move(database));

    app.post("/books",
             [](BookCreate book, Depends<get_session> session) -> Task<Created<BookPublic>> {
                 const db::Repository<Author> authors{*session};
                 // Two requests with the same new author make one of them.
                 const auto [author, is_new] =
                     co_await authors.get_or_create({.name = book.author}, &Author::name);
                 const Book made = co_await db::Repository<Book>{*session}.create(
                     {.author_id = author.id.value, .title = book.title, .price = book.price});
                 co_return BookPublic{made.id, made.title, author.name};
             });

    app.get("/books",
            [cursors](Query<pagination::CursorParams> page,
                      Depends<get_session> session) -> Task<pagination::CursorPage<BookPublic>> {
                std::optional<std::int64_t> position;
                if (page->cursor) {
                    const auto decoded = cursors.decode(*page->cursor);
                    if (!decoded) {
                        throw HTTPException(422,
                                            "cursor " + std::string(describe(decoded.error())));
                    }
                    position = *decoded;
                }
                const int limit = page->limit;
                auto books = co_await session->query<Book>().after(position).limit(limit + 1).all();
                // One query for the authors of all, not one for each.
                const auto authors = co_await db::load<Author>(*session, books, &Book::author_id);
                co_return pagination::make_page(
                    std::move(books), static_cast<std::size_t>(limit), cursors,
                    [](const Book& book) { return book.id.value; },
                    [&](const Book& book) {
                        return BookPublic{book.id, book.title, authors.of(book)->name};
                    });
            });

    app.get("/shelves", [](Depends<get_session> session) -> Task<std::vector<Shelf>> {
        co_return co_await session->query<Author>()
            .left_join<Book>()
            .group_by(&Author::id, &Author::name)
            .order_by(descending(db::count(&Book::id)))
            .order_by(&Author::name)
            .select<Shelf>(&Author::name, db::as("books", db::count(&Book::id)),
                           db::as("worth", db::sum(&Book::price)))
            .all();
    });

    app.delete_(
        "/books/{book_id}",
        [](Path<std::int64_t, "book_id"> id, Depends<get_session> session) -> Task<NoContent> {
            // Marked: it is in no list any more, and can be restored.
            if (!co_await db::Repository<Book>{*session}.remove(*id)) {
                throw NotFoundError("Book", *id);
            }
            co_return NoContent{};
        });
    return run(app, argc, argv);
}
