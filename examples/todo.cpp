// Create, read, change, delete: models in and out, a query as a struct, 404 and 409 as results.
#include <map>
#include <mutex>

#include <portico/portico.hpp>
using namespace portico;

struct TodoCreate {
    Annotated<std::string, min_length(1), max_length(200), example("Buy milk")> title;
    Annotated<std::vector<std::string>, max_items(10)> tags = empty;
    Annotated<bool> done = false;
};

struct Todo {
    std::int64_t id;
    std::string title;
    std::vector<std::string> tags;
    bool done;
};

struct TodoQuery {
    std::optional<bool> done;
    Annotated<std::size_t, ge(1), le(100)> limit = 20;
};

// All loops share it, so it locks, and says that handlers may have it as `Todos&`.
class Todos {
public:
    static constexpr bool thread_safe = true;

    Todo add(TodoCreate todo) {
        const std::scoped_lock lock(mutex_);
        const std::int64_t id = ++last_id_;
        return todos_[id] = {id, std::move(todo.title), std::move(todo.tags), todo.done};
    }
    std::vector<Todo> list(const TodoQuery& query) {
        const std::scoped_lock lock(mutex_);
        std::vector<Todo> found;
        for (const auto& [id, todo] : todos_) {
            if (found.size() == query.limit) break;
            if (query.done.value_or(todo.done) == todo.done) found.push_back(todo);
        }
        return found;
    }
    std::optional<Todo> get(std::int64_t id) {
        const std::scoped_lock lock(mutex_);
        const auto found = todos_.find(id);
        if (found == todos_.end()) return std::nullopt;
        return found->second;
    }
    std::optional<Todo> change(std::int64_t id, const Partial<TodoCreate>& changes) {
        const std::scoped_lock lock(mutex_);
        const auto found = todos_.find(id);
        if (found == todos_.end()) return std::nullopt;
        changes.apply_to(found->second);  // what was sent, and only that
        return found->second;
    }
    bool remove(std::int64_t id) {
        const std::scoped_lock lock(mutex_);
        return todos_.erase(id) == 1;
    }

private:
    std::mutex mutex_;
    std::map<std::int64_t, Todo> todos_;
    std::int64_t last_id_ = 0;
};

using TodoId = Path<std::int64_t, "todo_id", ge(1)>;

int main(int argc, char** argv) {
    App app{{.title = "Todo"}};
    app.state(std::make_unique<Todos>());

    app.post("/todos", [](TodoCreate todo, State<Todos> todos) -> Created<Todo> {
        return todos->add(std::move(todo));
    });
    app.get("/todos",
            [](Query<TodoQuery> query, State<Todos> todos) { return todos->list(*query); });
    // Nothing is 404.
    app.get("/todos/{todo_id}", [](TodoId id, State<Todos> todos) { return todos->get(*id); });
    app.patch("/todos/{todo_id}", [](TodoId id, Partial<TodoCreate> changes, State<Todos> todos) {
        return todos->change(*id, changes);
    });
    // An unexpected value is answered as if it were thrown.
    app.delete_("/todos/{todo_id}",
                [](TodoId id, State<Todos> todos) -> std::expected<NoContent, NotFoundError> {
                    if (todos->remove(*id)) return NoContent{};
                    return std::unexpected(NotFoundError("Todo", *id));
                });
    return run(app, argc, argv);
}
