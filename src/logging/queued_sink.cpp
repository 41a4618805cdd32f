#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "logging/line.hpp"
#include "portico/logging/sink.hpp"

namespace portico::logging {
namespace {

using std::chrono::milliseconds;

// POSIX write(2), pipe(7): after POLLOUT a pipe takes PIPE_BUF (4096) bytes without blocking, and
// writes of at most so many are not mixed with those of other processes.
constexpr std::size_t kPipeBytes = 4096;
constexpr std::size_t kKeptBytes = std::size_t{256} << 10;
constexpr int kPollMillis = 100;

/// What the threads that log share with the one that writes. The writer holds it too, so that a
/// sink whose reader never comes back can be destroyed.
struct Queue {
    std::mutex mutex;
    std::condition_variable wake;
    std::condition_variable progress;
    std::string lines;
    std::uint64_t taken_bytes = 0;
    std::uint64_t done_bytes = 0;
    std::uint64_t untold_drops = 0;
    int next_descriptor = -1;
    bool idle = false;
    bool hurry = false;
    bool stop = false;
    bool stopped = false;
    std::atomic<bool> abandoned{false};
    std::atomic<std::uint64_t> dropped{0};
};

class Writer {
public:
    Writer(std::shared_ptr<Queue> queue, int descriptor, Format format, milliseconds gather)
        : queue_(std::move(queue)), descriptor_(descriptor), format_(format), gather_(gather) {
        look_at_descriptor();
    }
    ~Writer() { ::close(descriptor_); }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    void run() {
        Queue& q = *queue_;
        std::unique_lock lock(q.mutex);
        for (;;) {
            q.idle = true;
            q.wake.wait(lock, [&] {
                return !q.lines.empty() || q.hurry || q.stop || q.next_descriptor != -1;
            });
            q.idle = false;
            q.wake.wait_for(lock, gather_, [&] { return q.hurry || q.stop; });
            q.hurry = false;
            std::swap(q.lines, batch_);
            const std::uint64_t bytes = batch_.size();
            const std::uint64_t drops = std::exchange(q.untold_drops, 0);
            const int next = std::exchange(q.next_descriptor, -1);
            lock.unlock();

            if (next != -1) use(next);
            if (drops != 0) append_drop_notice(drops);
            write_batch();

            lock.lock();
            q.done_bytes += bytes;
            q.progress.notify_all();
            if (q.stop && (q.lines.empty() || q.abandoned)) break;
        }
        q.stopped = true;
        q.progress.notify_all();
    }

private:
    void use(int descriptor) {
        ::close(descriptor_);
        descriptor_ = descriptor;
        torn_ = false;
        look_at_descriptor();
    }

    void look_at_descriptor() {
        struct stat status{};
        is_file_ = ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
    }

    void append_drop_notice(std::uint64_t drops) {
        const Field fields[]{{"lines", drops}};
        detail::append_line({std::chrono::system_clock::now(),
                             Level::warning,
                             "portico.logging",
                             "lines were dropped: the output is too slow or fails",
                             {},
                             fields},
                            format_, batch_);
    }

    void write_batch() {
        std::string_view left = batch_;
        // The output failed in the middle of a line: what comes now begins a line of its own.
        if (torn_ && !left.empty()) torn_ = write_some("\n").value_or(0) != 1;
        while (!left.empty() && !queue_->abandoned) {
            if (!wait_writable()) continue;
            std::string_view piece = left;
            if (!is_file_ && piece.size() > kPipeBytes) {
                const auto end = piece.substr(0, kPipeBytes).rfind('\n');
                piece = piece.substr(0, end == std::string_view::npos ? kPipeBytes : end + 1);
            }
            const auto written = write_some(piece);
            if (!written) {
                lose(left);
                break;
            }
            left.remove_prefix(written.value());
            torn_ = written.value() != 0 ? piece[written.value() - 1] != '\n' : torn_;
        }
        batch_.clear();
        if (batch_.capacity() > kKeptBytes) batch_ = {};
    }

    bool wait_writable() const {
        if (descriptor_ < 0) return true;  // poll(2) would pass over it
        pollfd waiting{descriptor_, POLLOUT, 0};
        return ::poll(&waiting, 1, kPollMillis) > 0;
    }

    // Nothing: the output fails.
    std::optional<std::size_t> write_some(std::string_view piece) const {
        const ssize_t written = ::write(descriptor_, piece.data(), piece.size());
        if (written >= 0) return static_cast<std::size_t>(written);
        if (errno == EINTR || errno == EAGAIN) return 0;
        return {};
    }

    void lose(std::string_view lines) {
        const auto count = static_cast<std::uint64_t>(std::ranges::count(lines, '\n'));
        queue_->dropped.fetch_add(count, std::memory_order_relaxed);
        const std::scoped_lock lock(queue_->mutex);
        queue_->untold_drops += count;
    }

    std::shared_ptr<Queue> queue_;
    int descriptor_;
    Format format_;
    milliseconds gather_;
    bool is_file_ = false;
    bool torn_ = false;
    std::string batch_;
};

class QueuedSink final : public Sink {
public:
    /// Closes `descriptor` at its end. Without a path, there is nothing to open anew.
    QueuedSink(int descriptor, std::string path, Format format, QueueOptions options)
        : options_(options), path_(std::move(path)), queue_(std::make_shared<Queue>()) {
        // The thread takes no signals: they are the program's, and SIGPIPE is a failed write here.
        sigset_t all;
        sigset_t before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        thread_ = std::thread([queue = queue_, descriptor, format, gather = options.gather] {
            pthread_setname_np(pthread_self(), "portico-log");
            Writer(queue, descriptor, format, gather).run();
        });
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
    }

    ~QueuedSink() override {
        {
            std::unique_lock lock(queue_->mutex);
            queue_->stop = true;
            queue_->wake.notify_one();
            queue_->progress.wait_for(lock, options_.drain, [&] { return queue_->stopped; });
            queue_->abandoned = true;
            if (!queue_->stopped) {
                thread_.detach();
                return;
            }
        }
        thread_.join();
    }

    void write(const Record&, std::string_view line) noexcept override {
        {
            const std::scoped_lock lock(queue_->mutex);
            if (queue_->lines.size() + line.size() > options_.capacity) {
                ++queue_->untold_drops;
                queue_->dropped.fetch_add(1, std::memory_order_relaxed);
                return;
            }
            queue_->lines += line;
            queue_->taken_bytes += line.size();
            if (!queue_->idle) return;
            queue_->idle = false;
        }
        queue_->wake.notify_one();
    }

    bool flush(milliseconds patience) noexcept override {
        std::unique_lock lock(queue_->mutex);
        const std::uint64_t until = queue_->taken_bytes;
        queue_->hurry = true;
        queue_->wake.notify_one();
        return queue_->progress.wait_for(lock, patience,
                                         [&] { return queue_->done_bytes >= until; });
    }

    std::expected<void, std::string> reopen() override {
        if (path_.empty()) return {};
        const auto opened = open_file(path_);
        if (!opened) return std::unexpected(opened.error());
        const std::scoped_lock lock(queue_->mutex);
        if (queue_->next_descriptor != -1) ::close(queue_->next_descriptor);
        queue_->next_descriptor = *opened;
        queue_->hurry = true;
        queue_->wake.notify_one();
        return {};
    }

    std::uint64_t dropped() const noexcept override {
        return queue_->dropped.load(std::memory_order_relaxed);
    }

    static std::expected<int, std::string> open_file(const std::string& path) {
        std::error_code ignored;  // open(2) below says what is wrong
        std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
        const int descriptor =
            ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
        if (descriptor >= 0) return descriptor;
        return std::unexpected(
            fmt::format("can't open the log file \"{}\": {}", path, std::strerror(errno)));
    }

private:
    QueueOptions options_;
    std::string path_;
    std::shared_ptr<Queue> queue_;
    std::thread thread_;
};

}  // namespace

std::shared_ptr<Sink> descriptor_sink(int descriptor, Format format, QueueOptions queue) {
    // One of our own: the caller may close theirs while the last lines are on their way.
    const int own = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    return std::make_shared<QueuedSink>(own, std::string(), format, queue);
}

std::expected<std::shared_ptr<Sink>, std::string> file_sink(std::string path, Format format,
                                                            QueueOptions queue) {
    const auto descriptor = QueuedSink::open_file(path);
    if (!descriptor) return std::unexpected(descriptor.error());
    return std::make_shared<QueuedSink>(*descriptor, std::move(path), format, queue);
}

}  // namespace portico::logging
