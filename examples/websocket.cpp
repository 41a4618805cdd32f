// A chat: what somebody says in a room, everybody in it hears, whichever loop they are on.
#include <portico/portico.hpp>

#include <map>
#include <mutex>

using namespace portico;

struct Line {
    Annotated<std::string, strip_whitespace, min_length(1), max_length(500)> text;
};
struct Said {
    std::string from;
    std::string text;
};

/// Who is in which room, of those whose connections are on one loop: no other loop touches it.
class Rooms {
public:
    void enter(const std::string& room, WebSocket socket) { rooms_[room].push_back(socket); }
    void leave(const std::string& room, WebSocket socket) {
        if (std::erase(rooms_[room], socket); rooms_[room].empty()) rooms_.erase(room);
    }
    /// Who reads too slowly must not hold up the others, nor have what they say pile up.
    void say(const std::string& room, const std::string& message) {
        const auto found = rooms_.find(room);
        if (found == rooms_.end()) return;
        for (WebSocket socket : found->second) {
            if (!socket.try_send_text(message)) {
                socket.close(close_code::try_again_later, "too slow");
            }
        }
    }

private:
    std::map<std::string, std::vector<WebSocket>> rooms_;
};

/// The rooms of all loops.
class Chat {
public:
    static constexpr bool thread_safe = true;

    void add(core::Reactor& loop, Rooms& rooms) {
        const std::scoped_lock lock(mutex_);
        loops_[&loop] = &rooms;
    }
    void say(const std::string& room, const Said& said) {
        const std::string message = model::to_json(said);
        const std::scoped_lock lock(mutex_);
        for (const auto& [loop, rooms] : loops_) {
            loop->post([rooms, room, message] { rooms->say(room, message); });
        }
    }

private:
    std::mutex mutex_;
    std::map<core::Reactor*, Rooms*> loops_;
};

/// In the room for as long as it lives.
class Seat {
public:
    Seat(Rooms& rooms, std::string room, WebSocket socket)
        : rooms_(rooms), room_(std::move(room)), socket_(socket) {
        rooms_.enter(room_, socket_);
    }
    ~Seat() { rooms_.leave(room_, socket_); }
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;

private:
    Rooms& rooms_;
    std::string room_;
    WebSocket socket_;
};

using Room = Path<std::string, "room", max_length(50)>;
using Name = Query<std::string, "name", min_length(1), max_length(20)>;

Task<void> join(WebSocket socket, Room room, Name name, State<Chat> chat, PerLoop<Rooms> rooms) {
    socket.accept();
    chat->add(socket.reactor(), *rooms);
    const Seat seat(*rooms, *room, socket);
    chat->say(*room, {*name, "is here"});
    auto lines = socket.iter_json<Line>();
    while (Line* line = co_await lines.next()) chat->say(*room, {*name, line->text});
    chat->say(*room, {*name, "has left"});
}

constexpr std::string_view kPage = R"(<!doctype html>
<title>Chat</title>
<form><input autofocus maxlength="500"><button>Say</button></form>
<ul></ul>
<script type="module">
    const name = prompt("Who are you?") || "somebody";
    const socket = new WebSocket(`/rooms/lobby?name=${encodeURIComponent(name)}`);
    const show = (text) => {
        const item = document.createElement("li");
        item.textContent = text;
        document.querySelector("ul").append(item);
    };
    socket.onmessage = (event) => {
        const said = JSON.parse(event.data);
        show(`${said.from}: ${said.text}`);
    };
    socket.onclose = (event) => show(`closed: ${event.code} ${event.reason}`);
    document.querySelector("form").onsubmit = (event) => {
        event.preventDefault();
        const input = document.querySelector("input");
        socket.send(JSON.stringify({text: input.value}));
        input.value = "";
    };
</script>
)";

int main(int argc, char** argv) {
    App app{{.title = "Chat"}};
    app.state(std::make_unique<Chat>());
    app.per_loop([] { return Rooms(); });
    app.websocket("/rooms/{room}", join);
    app.get("/", [] { return HTMLResponse(std::string(kPage)); }, {.include_in_schema = false});
    return run(app, argc, argv);
}
