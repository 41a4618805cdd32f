// expect: WebSocket by value
#include <portico/app/app.hpp>

using namespace portico::app;

void f(App& app) {
    app.websocket("/ws", [](WebSocket&) -> portico::core::Task<void> { co_return; });
}
