#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "portico/redis/options.hpp"
#include "portico/redis/reply.hpp"

struct redisReader;
struct redisReadTask;

namespace portico::redis {

/// Reads replies (RESP2) from bytes as they come, within limits: hiredis' reader, which makes
/// `Reply` values instead of its own.
class ReplyParser {
public:
    enum class Result {
        reply,   ///< One is complete.
        more,    ///< None: bytes are missing.
        failed,  ///< Not RESP, or more than the limits allow. For good.
    };

    explicit ReplyParser(const ReplyLimits& limits);

    void feed(std::string_view bytes);
    /// Takes the next reply.
    [[nodiscard]] Result next(Reply& to);
    /// Why it has failed.
    [[nodiscard]] const std::string& error() const noexcept { return error_; }

private:
    struct FreeReader {
        void operator()(redisReader* reader) const noexcept;
    };
    struct Functions;

    Reply* add(const redisReadTask* task);
    [[nodiscard]] bool announces_too_much();
    Result fail(std::string why);

    ReplyLimits limits_;
    std::unique_ptr<redisReader, FreeReader> reader_;
    Reply root_;
    std::size_t bytes_ = 0;     // of the texts of the current reply
    std::size_t elements_ = 0;  // of the arrays of the current reply
    std::string error_;
};

}  // namespace portico::redis
