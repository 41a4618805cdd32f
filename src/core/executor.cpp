#include "portico/core/executor.hpp"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace portico::core {

Overloaded::Overloaded(std::string_view executor)
    : message_("the queue of executor \"" + std::string(executor) + "\" is full") {}

class Executor::Impl {
public:
    explicit Impl(Options options)
        : name_(std::move(options.name)), queue_(std::max<std::size_t>(options.queue_capacity, 1)) {
        const std::size_t count = std::max<std::size_t>(options.threads, 1);
        threads_.reserve(count);
        try {
            for (std::size_t i = 0; i < count; ++i) threads_.emplace_back([this] { run(); });
        } catch (...) {
            stop();
            throw;
        }
    }

    ~Impl() { stop(); }

    bool try_submit(Work work) {
        {
            const std::lock_guard lock(mutex_);
            if (stopping_ || size_ == queue_.size()) return false;
            queue_[(first_ + size_) % queue_.size()] = std::move(work);
            ++size_;
        }
        wake_.notify_one();
        return true;
    }

    const std::string& name() const noexcept { return name_; }

    std::size_t queued() const noexcept {
        const std::lock_guard lock(mutex_);
        return size_;
    }

private:
    void run() {
        pthread_setname_np(pthread_self(), name_.substr(0, 15).c_str());
        while (true) {
            Work work;
            {
                std::unique_lock lock(mutex_);
                wake_.wait(lock, [this] { return stopping_ || size_ > 0; });
                if (size_ == 0) return;
                work = std::move(queue_[first_]);
                first_ = (first_ + 1) % queue_.size();
                --size_;
            }
            work();
        }
    }

    void stop() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        wake_.notify_all();
        for (std::thread& thread : threads_) thread.join();
        threads_.clear();
    }

    const std::string name_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<Work> queue_;  // a ring
    std::size_t first_ = 0;
    std::size_t size_ = 0;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

Executor::Executor(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Executor::~Executor() = default;

bool Executor::try_submit(Work work) {
    return impl_->try_submit(std::move(work));
}

const std::string& Executor::name() const noexcept {
    return impl_->name();
}

std::size_t Executor::queued() const noexcept {
    return impl_->queued();
}

namespace {

std::size_t cores() {
    return std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
}

}  // namespace

Executors::Executors() : Executors(cores() / 2, std::max<std::size_t>(cores(), 4)) {}

Executors::Executors(std::size_t hashing_threads, std::size_t blocking_threads)
    : hashing({.name = "hashing", .threads = hashing_threads}),
      blocking({.name = "blocking", .threads = blocking_threads}) {}

}  // namespace portico::core
