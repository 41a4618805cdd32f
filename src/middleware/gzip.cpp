#include "middleware/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <deque>
#include <limits>
#include <mutex>
#include <utility>

namespace portico::middleware::detail {
namespace {

constexpr int kGzipWindow =
    15 + 16;  // zlib.h, deflateInit2: "add 16 … to write a simple gzip header"
constexpr int kMemoryLevel = 8;
constexpr std::size_t kMostStatic = 64;
constexpr std::size_t kSlack = 64;

class Deflater {
public:
    explicit Deflater(int level) noexcept : level_(level) {
        usable_ = deflateInit2(&stream_, level, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                               Z_DEFAULT_STRATEGY) == Z_OK;
    }
    ~Deflater() {
        if (usable_) deflateEnd(&stream_);
    }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;

    [[nodiscard]] bool usable() const noexcept { return usable_; }
    [[nodiscard]] int level() const noexcept { return level_; }
    void reset() noexcept { deflateReset(&stream_); }

    // Appends what `text` becomes; with Z_FINISH the member's end. At most `most` bytes in all when
    // given: false, and the deflater needs a reset, when that is not enough.
    bool run(std::string_view text, int flush, std::string& out,
             std::size_t most = std::numeric_limits<std::size_t>::max()) {
        // zlib takes the input as non-const, but does not write to it.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
        stream_.avail_in = static_cast<uInt>(text.size());
        do {
            const std::size_t used = out.size();
            const std::size_t room = std::min(most - used, text.size() / 2 + kSlack);
            if (room == 0) return false;
            out.resize(used + room);
            stream_.next_out = reinterpret_cast<Bytef*>(out.data() + used);
            stream_.avail_out = static_cast<uInt>(room);
            deflate(&stream_, flush);
            out.resize(used + room - stream_.avail_out);
        } while (stream_.avail_out == 0);
        return true;
    }

private:
    z_stream stream_{};
    int level_;
    bool usable_;
};

// 256 KiB and 10 µs to make: one for each thread, reused.
Deflater* thread_deflater(int level) {
    thread_local std::optional<Deflater> deflater;
    if (!deflater || deflater->level() != level || !deflater->usable()) deflater.emplace(level);
    return deflater->usable() ? &*deflater : nullptr;
}

std::optional<std::string> gzip_with(Deflater& deflater, std::string_view text) {
    if (text.size() > std::numeric_limits<uInt>::max()) return {};
    deflater.reset();
    std::string out;
    if (!deflater.run(text, Z_FINISH, out, text.size())) return {};
    return out;
}

class GzipStream final : public http::BodyStream {
public:
    GzipStream(std::unique_ptr<http::BodyStream> inner, int level)
        : inner_(std::move(inner)), deflater_(level) {}

    [[nodiscard]] bool usable() const noexcept { return deflater_.usable(); }
    [[nodiscard]] std::unique_ptr<http::BodyStream> give_back() { return std::move(inner_); }

    core::Task<std::optional<std::string>> next() override {
        std::string out;
        while (!ended_) {
            const auto piece = co_await inner_->next();
            if (!piece) {
                ended_ = true;
                deflater_.run({}, Z_FINISH, out);
            } else if (!piece->empty()) {
                deflater_.run(*piece, Z_SYNC_FLUSH, out);
            }
            if (!out.empty()) co_return out;
        }
        co_return std::nullopt;
    }
    core::Task<void> close() override { return inner_->close(); }

private:
    std::unique_ptr<http::BodyStream> inner_;
    Deflater deflater_;
    bool ended_ = false;
};

struct StaticMember {
    std::string_view plain;
    std::string compressed;  ///< Empty: no shorter.
};

}  // namespace

std::optional<std::string> gzip(std::string_view text, int level) {
    Deflater* deflater = thread_deflater(level);
    return deflater != nullptr ? gzip_with(*deflater, text) : std::nullopt;
}

std::optional<std::string_view> gzip_static(std::string_view text) {
    static std::mutex mutex;
    static std::deque<StaticMember> members;  // a deque: what was handed out stays where it is
    const std::scoped_lock lock(mutex);
    for (const auto& [plain, compressed] : members) {
        if (plain.data() != text.data() || plain.size() != text.size()) continue;
        if (compressed.empty()) return {};
        return compressed;
    }
    if (members.size() >= kMostStatic) return {};
    Deflater best(Z_BEST_COMPRESSION);
    auto made = best.usable() ? gzip_with(best, text) : std::nullopt;
    auto& member = members.emplace_back(text, std::move(made).value_or(std::string()));
    member.compressed.shrink_to_fit();
    if (member.compressed.empty()) return {};
    return member.compressed;
}

std::unique_ptr<http::BodyStream> gzip_stream(std::unique_ptr<http::BodyStream>& inner, int level) {
    auto stream = std::make_unique<GzipStream>(std::move(inner), level);
    if (stream->usable()) return stream;
    inner = stream->give_back();
    return nullptr;
}

}  // namespace portico::middleware::detail
