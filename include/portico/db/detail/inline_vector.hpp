#pragma once

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

namespace portico::db::detail {

/// A vector of trivial values whose first `N` need no memory of their own. Copying one copies only
/// what is in it.
template <class T, std::size_t N>
    requires std::is_trivially_copyable_v<T>
class InlineVector {
public:
    InlineVector() noexcept {}  // NOLINT(modernize-use-equals-default): `bytes_` stay as they are
    InlineVector(const InlineVector& other) : size_(other.size_), more_(other.more_) {
        if (more_.empty()) std::copy_n(other.first(), size_, first());
    }
    InlineVector(InlineVector&& other) noexcept
        : size_(std::exchange(other.size_, 0)), more_(std::move(other.more_)) {
        if (more_.empty()) std::copy_n(other.first(), size_, first());
        other.more_.clear();
    }
    InlineVector& operator=(const InlineVector& other) {
        if (this == &other) return *this;
        size_ = other.size_;
        more_ = other.more_;
        if (more_.empty()) std::copy_n(other.first(), size_, first());
        return *this;
    }
    InlineVector& operator=(InlineVector&& other) noexcept {
        if (this == &other) return *this;
        size_ = std::exchange(other.size_, 0);
        more_ = std::move(other.more_);
        if (more_.empty()) std::copy_n(other.first(), size_, first());
        other.more_.clear();
        return *this;
    }
    ~InlineVector() = default;

    void push_back(T value) { append(&value, 1); }
    void append(const T* values, std::size_t count) {
        if (more_.empty() && size_ + count <= N) {
            std::copy_n(values, count, first() + size_);
        } else {
            if (more_.empty()) more_.assign(first(), first() + size_);
            more_.insert(more_.end(), values, values + count);
        }
        size_ += count;
    }
    void pop_back() {
        --size_;
        if (!more_.empty()) more_.pop_back();
    }

    [[nodiscard]] T* data() noexcept { return more_.empty() ? first() : more_.data(); }
    [[nodiscard]] const T* data() const noexcept { return more_.empty() ? first() : more_.data(); }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] T& operator[](std::size_t index) noexcept { return data()[index]; }
    [[nodiscard]] const T& operator[](std::size_t index) const noexcept { return data()[index]; }
    [[nodiscard]] T* begin() noexcept { return data(); }
    [[nodiscard]] T* end() noexcept { return data() + size_; }
    [[nodiscard]] const T* begin() const noexcept { return data(); }
    [[nodiscard]] const T* end() const noexcept { return data() + size_; }

private:
    [[nodiscard]] T* first() noexcept { return reinterpret_cast<T*>(bytes_); }
    [[nodiscard]] const T* first() const noexcept { return reinterpret_cast<const T*>(bytes_); }

    alignas(T) std::byte bytes_[N * sizeof(T)];
    std::size_t size_ = 0;
    std::vector<T> more_;  // all of them, once there are more than N
};

}  // namespace portico::db::detail
