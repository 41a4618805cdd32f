// A server in a larger program: any free port, a thread of its own, work posted to its loop, an
// end. Type lines; GET /line answers the last one. The end of the input ends the program.
#include <iostream>
#include <thread>

#include <portico/portico.hpp>
using namespace portico;

int main() {
    App app{{.title = "Embedded"}};
    std::string last_line;  // of the loop: read and written there alone, so it needs no lock
    app.get("/line", [&last_line] { return last_line; });

    net::Server server(app, with_lifespan(app, {.port = 0, .workers = 1}));
    if (auto started = server.start(); !started) {
        std::cerr << started.error() << "\n";
        return 1;
    }
    std::cout << "http://127.0.0.1:" << server.port() << std::endl;

    // Its destructor requests the stop and waits: requests in flight are answered.
    const std::jthread thread([&server](std::stop_token stop) {
        if (auto ended = server.run(stop); !ended) std::cerr << ended.error() << "\n";
    });

    std::string line;
    while (std::getline(std::cin, line)) {
        server.post(0, [&last_line, line] { last_line = line; });
    }
    return 0;
}
