#include "redis/reply_parser.hpp"

#include <hiredis/read.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace portico::redis {
namespace {

/// Of a status, an error or a number; a length has far fewer.
constexpr std::size_t kMaxLine = std::size_t{64} * 1024;
constexpr std::size_t kMaxLength = 18;
/// An array may announce what never comes, so no more than this is reserved for it.
constexpr std::size_t kMaxReserved = 256;

Reply::Kind kind_of(int type) {
    switch (type) {
        case REDIS_REPLY_STATUS:
            return Reply::Kind::status;
        case REDIS_REPLY_ERROR:
            return Reply::Kind::error;
        default:
            return Reply::Kind::bulk;
    }
}

}  // namespace

/// What hiredis calls to make values. A null pointer from these ends the reading, as "out of
/// memory". No exception may pass through it: it is C.
struct ReplyParser::Functions {
    static void* string(const redisReadTask* task, char* text, std::size_t size) noexcept {
        auto& self = *static_cast<ReplyParser*>(task->privdata);
        if (size > self.limits_.max_bytes - self.bytes_) return nullptr;
        self.bytes_ += size;
        return make(task, [&](Reply& reply) {
            reply.kind_ = kind_of(task->type);
            reply.text_.assign(text, size);
        });
    }
    static void* array(const redisReadTask* task, int size) noexcept {
        auto& self = *static_cast<ReplyParser*>(task->privdata);
        const auto count = static_cast<std::size_t>(size);
        if (size < 0 || count > self.limits_.max_elements - self.elements_) return nullptr;
        self.elements_ += count;
        return make(task, [&](Reply& reply) {
            reply.kind_ = Reply::Kind::array;
            reply.elements_.reserve(std::min(count, kMaxReserved));
        });
    }
    static void* integer(const redisReadTask* task, long long value) noexcept {
        return make(task, [&](Reply& reply) {
            reply.kind_ = Reply::Kind::integer;
            reply.integer_ = value;
        });
    }
    static void* nil(const redisReadTask* task) noexcept {
        return make(task, [](Reply&) {});
    }
    static void free(void*) noexcept {}  // the parser's own value holds all

    template <class Fill>
    static Reply* make(const redisReadTask* task, Fill fill) noexcept {
        try {
            Reply* const reply = static_cast<ReplyParser*>(task->privdata)->add(task);
            fill(*reply);
            return reply;
        } catch (const std::bad_alloc&) {
            return nullptr;
        }
    }
};

void ReplyParser::FreeReader::operator()(redisReader* reader) const noexcept {
    redisReaderFree(reader);
}

ReplyParser::ReplyParser(const ReplyLimits& limits) : limits_(limits) {
    static redisReplyObjectFunctions functions{&Functions::string, &Functions::array,
                                               &Functions::integer, &Functions::nil,
                                               &Functions::free};
    reader_.reset(redisReaderCreateWithFunctions(&functions));
    if (!reader_) throw std::bad_alloc();
    reader_->privdata = this;
}

void ReplyParser::feed(std::string_view bytes) {
    if (redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) != REDIS_OK) {
        fail("out of memory");
    }
}

ReplyParser::Result ReplyParser::next(Reply& to) {
    if (!error_.empty()) return Result::failed;
    void* complete = nullptr;
    const int result = redisReaderGetReply(reader_.get(), &complete);
    if (result != REDIS_OK) {
        return fail(reader_->err == REDIS_ERR_OOM ? "more than the limits of an answer allow"
                                                  : std::string(reader_->errstr));
    }
    if (complete == nullptr) {
        if (announces_too_much()) return fail("more than the limits of an answer allow");
        return Result::more;
    }
    to = std::exchange(root_, Reply());
    bytes_ = 0;
    elements_ = 0;
    return Result::reply;
}

/// An element goes behind its elder siblings, which are complete: nothing points at those any more,
/// so their array may grow.
Reply* ReplyParser::add(const redisReadTask* task) {
    if (task->parent == nullptr) return &root_;
    return &static_cast<Reply*>(task->parent->obj)->elements_.emplace_back();
}

/// Whether what has begun and is not complete is longer than is allowed: hiredis itself would
/// collect its bytes without a bound.
bool ReplyParser::announces_too_much() {
    const redisReader& reader = *reader_;
    if (reader.ridx < 0 || reader.len <= reader.pos) return false;
    const std::string_view rest(reader.buf + reader.pos, reader.len - reader.pos);
    const int type = reader.rstack[reader.ridx].type;
    if (type < 0) return false;
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    if (type != REDIS_REPLY_STRING) {
        return line.size() > (type == REDIS_REPLY_ARRAY ? kMaxLength : kMaxLine);
    }
    if (line.size() > kMaxLength) return true;
    if (line.size() == rest.size()) return false;
    std::size_t length = 0;
    for (const char digit : line) {
        if (digit < '0' || digit > '9') return false;  // hiredis refuses what is no number
        length = length * 10 + static_cast<std::size_t>(digit - '0');
    }
    return length > limits_.max_bulk || length > limits_.max_bytes - bytes_;
}

ReplyParser::Result ReplyParser::fail(std::string why) {
    error_ = std::move(why);
    return Result::failed;
}

}  // namespace portico::redis
