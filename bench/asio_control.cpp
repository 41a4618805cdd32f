// The control: what a careful programmer gets from Asio's coroutines in fifty lines, with a parser
// that believes whatever it is sent. A strict server should not cost much more.
//
//     asio_control PORT

#include <boost/asio.hpp>
#include <cstdlib>
#include <string>
#include <string_view>

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

struct Request {
    std::string_view method;
    std::string_view target;
    std::size_t content_length = 0;
};

/// The size of the head; 0: not all of it is there.
std::size_t parse(std::string_view text, Request& request) {
    const auto end = text.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    const auto first = text.find(' ');
    const auto second = text.find(' ', first + 1);
    request.method = text.substr(0, first);
    request.target = text.substr(first + 1, second - first - 1);
    for (auto line = text.find("\r\n"); line < end; line = text.find("\r\n", line + 2)) {
        if (text.substr(line + 2, 15) == "Content-Length:") {
            request.content_length = static_cast<std::size_t>(std::atoll(text.data() + line + 17));
        }
    }
    return end + 4;
}

asio::awaitable<void> serve(tcp::socket socket) {
    std::string in(16384, '\0');
    std::string out;
    std::size_t filled = 0;
    for (;;) {
        const auto [error, count] =
            co_await socket.async_read_some(asio::buffer(in.data() + filled, in.size() - filled),
                                            asio::as_tuple(asio::use_awaitable));
        if (error) co_return;
        filled += count;
        Request request;
        while (const std::size_t head = parse({in.data(), filled}, request)) {
            out =
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"
                "Date: Tue, 24 Nov 2026 00:00:00 GMT\r\nContent-Length: 13\r\n\r\nHello, world!";
            co_await asio::async_write(socket, asio::buffer(out), asio::use_awaitable);
            in.erase(0, head);
            in.resize(16384);
            filled -= head;
        }
    }
}

asio::awaitable<void> accept_all(tcp::acceptor acceptor) {
    for (;;) {
        auto socket = co_await acceptor.async_accept(asio::use_awaitable);
        socket.set_option(tcp::no_delay(true));
        asio::co_spawn(acceptor.get_executor(), serve(std::move(socket)), asio::detached);
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    asio::io_context context{1};
    asio::signal_set signals{context, SIGTERM};
    signals.async_wait([&](auto, auto) { context.stop(); });
    const auto port = static_cast<unsigned short>(std::atoi(argv[1]));
    tcp::acceptor acceptor{context, {asio::ip::make_address("127.0.0.1"), port}};
    asio::co_spawn(context, accept_all(std::move(acceptor)), asio::detached);
    context.run();
}
