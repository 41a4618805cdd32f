#pragma once

#include <cerrno>
#include <system_error>

namespace portico::app {

/// That there is no file that may be read under a path; all else is a failure of the machine.
[[nodiscard]] inline bool is_absence(const std::error_code& error) noexcept {
    switch (error.value()) {
        case ENOENT:
        case ENOTDIR:
        case EISDIR:
        case EPERM:  // a device, a pipe, a socket
        case EACCES:
        case ELOOP:
        case ENAMETOOLONG:
            return true;
        default:
            return false;
    }
}

}  // namespace portico::app
