// expect: a WebSocket handler is a coroutine: it returns Task<void>
#include <portico/app/app.hpp>

using namespace portico::app;

void f(App& app) {
    app.websocket("/ws", [](WebSocket) {});
}
