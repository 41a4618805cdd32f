#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "portico/redis/client.hpp"
#include "portico/testing/fake_clock.hpp"
#include "portico/testing/test_reactor.hpp"

namespace portico::redis::test {

using portico::testing::FakeClock;
using portico::testing::TestReactor;

/// Opens a client or fails the test with the reason.
inline Client open(ClientOptions options) {
    auto client = Client::open(std::move(options));
    if (!client) throw std::runtime_error(client.error());
    return *std::move(client);
}

/// Tasks that run side by side, each in a context of its own, and what became of them.
class Side {
public:
    explicit Side(TestReactor& reactor) : reactor_(reactor) {}
    ~Side() {
        for (const auto& run : runs_) EXPECT_TRUE(run->ended);
    }
    Side(const Side&) = delete;
    Side& operator=(const Side&) = delete;

    core::Context& start(core::Task<void> task) {
        auto& run = *runs_.emplace_back(std::make_unique<Run>(reactor_));
        core::spawn(
            run.context, std::move(task),
            [](void* user, std::exception_ptr error) {
                auto& ended = *static_cast<Run*>(user);
                ended.error = std::move(error);
                ended.ended = true;
            },
            &run);
        return run.context;
    }
    [[nodiscard]] bool ended(std::size_t i) const { return runs_.at(i)->ended; }
    [[nodiscard]] std::exception_ptr error(std::size_t i) const { return runs_.at(i)->error; }
    /// What the task has thrown, as a sentence; "" for nothing.
    [[nodiscard]] std::string what(std::size_t i) const {
        if (!runs_.at(i)->error) return "";
        try {
            std::rethrow_exception(runs_.at(i)->error);
        } catch (const std::exception& error) {
            return error.what();
        }
    }
    template <class E>
    [[nodiscard]] bool threw(std::size_t i) const {
        if (!runs_.at(i)->error) return false;
        try {
            std::rethrow_exception(runs_.at(i)->error);
        } catch (const E&) {
            return true;
        } catch (...) {
            return false;
        }
    }
    void wait() {
        reactor_.run_until([&] {
            for (const auto& run : runs_) {
                if (!run->ended) return false;
            }
            return true;
        });
    }

private:
    struct Run {
        explicit Run(core::Reactor& reactor) : context(reactor) {}
        core::Context context;
        bool ended = false;
        std::exception_ptr error;
    };
    TestReactor& reactor_;
    std::vector<std::unique_ptr<Run>> runs_;
};

/// A folder that is gone with the object.
class Folder {
public:
    Folder() {
        std::string pattern = ::testing::TempDir() + "portico-redis-XXXXXX";
        path_ = ::mkdtemp(pattern.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

/// A server that says what the test tells it to, on a Unix socket. Never waits.
class ScriptedServer {
public:
    ScriptedServer() {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path().copy(address.sun_path, sizeof address.sun_path - 1);
        listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
            ::listen(listener_, 16) != 0) {
            throw std::runtime_error("listen");
        }
    }
    ~ScriptedServer() {
        hang_up();
        ::close(listener_);
    }
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    [[nodiscard]] std::string path() const { return folder_.file("s"); }
    [[nodiscard]] std::string url() const { return "unix://" + path(); }

    /// Takes the next connection. False: there is none.
    [[nodiscard]] bool accept() {
        hang_up();
        connection_ = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        return connection_ >= 0;
    }
    /// What has come, as words: a line for each.
    [[nodiscard]] std::string read() {
        std::string bytes;
        std::array<char, 4096> chunk;
        ssize_t size = 0;
        while ((size = ::recv(connection_, chunk.data(), chunk.size(), 0)) > 0) {
            bytes.append(chunk.data(), static_cast<std::size_t>(size));
        }
        std::string words;
        for (std::size_t at = 0; at < bytes.size();) {
            const std::size_t end = bytes.find("\r\n", at);
            const auto number = std::stoul(bytes.substr(at + 1, end - at - 1));
            if (bytes[at] == '*') {
                if (!words.empty()) words += '\n';
                at = end + 2;
            } else {
                if (!words.empty() && words.back() != '\n') words += ' ';
                words.append(bytes, end + 2, number);
                at = end + 2 + number + 2;
            }
        }
        return words;
    }
    void write(std::string_view bytes) const {
        ASSERT_EQ(::send(connection_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(bytes.size()));
    }
    void hang_up() {
        if (connection_ >= 0) ::close(std::exchange(connection_, -1));
    }
    /// From now on nobody can connect.
    void disappear() {
        hang_up();
        ::unlink(path().c_str());
    }

private:
    Folder folder_;
    int listener_ = -1;
    int connection_ = -1;
};

}  // namespace portico::redis::test
