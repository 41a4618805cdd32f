#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "portico/core/clock.hpp"
#include "portico/core/keyed_hash.hpp"
#include "portico/core/task.hpp"

namespace portico::auth {

/// Remembers for a moment which token ids (`jti`) are revoked, so that not every request asks the
/// database, which keeps the list until the tokens expire.
///
/// A revocation of this process counts at once, one of another process within `staleness`. That a
/// token was revoked is kept until it expires: it does not come back. Memory is bounded; what finds
/// no room is asked for again. Thread-safe; one for the program.
///
///     const bool revoked = co_await cache.is_revoked(claims.jti, expires_at, [&] {
///         return revocations.contains(claims.jti);      // a Task<bool>
///     });
class RevocationCache {
public:
    static constexpr bool thread_safe = true;

    struct Options {
        std::chrono::milliseconds staleness{1000};  ///< 0: the store is asked each time.
        std::size_t capacity = 65'536;              ///< Tokens; 64 bytes each.
    };

    enum class Known : std::uint8_t { unknown, alive, revoked };

    explicit RevocationCache(const core::Clock& clock = core::system_clock());
    explicit RevocationCache(Options options, const core::Clock& clock = core::system_clock());
    RevocationCache(const RevocationCache&) = delete;
    RevocationCache& operator=(const RevocationCache&) = delete;
    ~RevocationCache();

    /// Asks the store by `ask`, a callable that returns `Task<bool>`, unless the answer is known.
    /// The text must outlive the task.
    template <class Ask>
    [[nodiscard]] core::Task<bool> is_revoked(std::string_view jti,
                                              core::Clock::SystemTime expires_at, Ask ask) {
        const Known known = look_up(jti);
        if (known != Known::unknown) co_return known == Known::revoked;
        const auto asked_at = clock_.steady_now();
        const bool revoked = co_await ask();
        if (revoked) {
            revoke(jti, expires_at);
        } else {
            remember_alive(jti, asked_at);
        }
        co_return revoked;
    }

    /// A token is revoked: call it with the write to the store. If that is rolled back the token
    /// stays dead in this process, which its owner had wished.
    void revoke(std::string_view jti, core::Clock::SystemTime expires_at);

    [[nodiscard]] Known look_up(std::string_view jti) const;
    /// The store, asked at that time, did not have it.
    void remember_alive(std::string_view jti, core::Clock::SteadyTime asked_at);

    /// Whatever was not revoked is asked for again: after news of revocations may have been missed.
    void forget_alive();

    [[nodiscard]] std::size_t size() const;

private:
    struct Shard;

    [[nodiscard]] Shard& shard_of(const core::Fingerprint& key) const noexcept;

    Options options_;
    const core::Clock& clock_;
    core::KeyedHash hash_;
    std::unique_ptr<Shard[]> shards_;
};

}  // namespace portico::auth
