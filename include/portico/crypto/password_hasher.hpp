#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "portico/core/executor.hpp"
#include "portico/core/task.hpp"

namespace portico::crypto {

/// What one hash costs. The default is OWASP's first choice: 23 ms and 19 MiB.
struct PasswordCost {
    std::uint32_t memory_kib = 19 * 1024;  ///< 8 × lanes to 1 GiB.
    std::uint32_t passes = 2;              ///< 1–64.
    std::uint32_t lanes = 1;               ///< 1–64; they are computed one after another.

    [[nodiscard]] bool operator==(const PasswordCost&) const = default;
};

/// What a check of a password found.
struct PasswordCheck {
    bool matches = false;
    /// The stored hash was made with another cost or scheme: store this one instead. Only where
    /// the password matches.
    std::optional<std::string> new_hash;

    [[nodiscard]] explicit operator bool() const noexcept { return matches; }
};

/// Hashes passwords with Argon2id (RFC 9106) into PHC strings, and checks them.
///
/// The plain members take the time that the cost says, so nothing calls them on a loop: the
/// awaitable ones run on the given executor, which is the program's `Executors::hashing`, and throw
/// `Overloaded` when its queue is full. They own their copy of the password and wipe it. The hasher
/// must outlive them. Thread-safe.
///
///     const PasswordHasher hasher;
///     std::string hash = co_await hasher.hash(executors.hashing, password);
///     auto user = co_await users.by_name(name);
///     auto check = co_await hasher.check(executors.hashing,
///                                        user ? std::optional(user->hash) : std::nullopt,
///                                        password);
///     if (!check) throw …;                                  // also when there is no such user
///     if (check.new_hash) user->hash = *check.new_hash;
class PasswordHasher {
public:
    static constexpr bool thread_safe = true;
    /// A longer password is refused before anything is computed.
    static constexpr std::size_t kMaxPasswordBytes = 1024;

    /// Throws `std::invalid_argument` for a cost outside its ranges.
    explicit PasswordHasher(PasswordCost cost = {});

    /// A PHC string with a random salt of 16 bytes: `$argon2id$v=19$m=19456,t=2,p=1$…$…`.
    /// Throws `std::length_error` for a password above the bound, `std::bad_alloc` without memory.
    [[nodiscard]] std::string hash(std::string_view password) const;

    /// Compares a password with a stored hash; no hash stands for a user who does not exist.
    ///
    /// Costs the same whether there is a hash or not: an answer's time does not tell which names
    /// exist. A stored text that is no Argon2 hash (another scheme, or one whose cost exceeds 1 GiB
    /// or 64 passes) never matches, and costs that too. Argon2i and Argon2d hashes are checked,
    /// and replaced.
    [[nodiscard]] PasswordCheck check(const std::optional<std::string>& stored,
                                      std::string_view password) const;

    /// True when `stored` is not what `hash` would make: another cost, version or scheme.
    [[nodiscard]] bool needs_rehash(std::string_view stored) const;

    [[nodiscard]] core::Task<std::string> hash(core::Executor& executor,
                                               std::string password) const;
    [[nodiscard]] core::Task<PasswordCheck> check(core::Executor& executor,
                                                  std::optional<std::string> stored,
                                                  std::string password) const;

    [[nodiscard]] const PasswordCost& cost() const noexcept { return cost_; }
    /// How often Argon2 was computed since the hasher was made.
    [[nodiscard]] std::uint64_t computations() const noexcept { return computations_; }

private:
    [[nodiscard]] bool matches(std::string_view stored, std::string_view password) const;
    void compute_in_vain(std::string_view password) const;

    PasswordCost cost_;
    mutable std::atomic<std::uint64_t> computations_{0};
};

}  // namespace portico::crypto
