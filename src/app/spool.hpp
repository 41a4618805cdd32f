#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "portico/core/executor.hpp"

namespace portico::app {

/// A temporary file that nobody else can open: made in TMPDIR (or /tmp) with mode 0600 and without
/// a name, so that it is gone with its descriptor however the process ends.
///
/// All functions block, and throw `std::system_error`. The destructor closes on the executor: to
/// free the blocks of a large file takes long.
class Spool {
public:
    explicit Spool(core::Executor& executor) noexcept : executor_(executor) {}
    ~Spool();
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;

    /// Appends; the first call makes the file.
    void write(std::string_view bytes);
    /// Reads exactly `size` bytes, which were written.
    void read(char* to, std::size_t size, std::uint64_t at) const;

    [[nodiscard]] core::Executor& executor() const noexcept { return executor_; }

private:
    core::Executor& executor_;
    int descriptor_ = -1;
};

/// Writes all bytes to a descriptor.
void write_all(int descriptor, std::string_view bytes);

}  // namespace portico::app
