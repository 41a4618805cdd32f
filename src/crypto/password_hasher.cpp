#include "portico/crypto/password_hasher.hpp"

#include <argon2.h>

#include <new>
#include <span>
#include <stdexcept>

#include "crypto/phc.hpp"
#include "portico/crypto/random.hpp"
#include "portico/crypto/secret.hpp"

namespace portico::crypto {

namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;

/// Fills `phc.hash`, whose size says how much is wanted.
void compute(Phc& phc, std::string_view password) {
    const auto bytes = [](const char* text) {
        return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text));  // only read
    };
    argon2_context context{};
    context.out = bytes(phc.hash.data());
    context.outlen = static_cast<std::uint32_t>(phc.hash.size());
    context.pwd = bytes(password.data());
    context.pwdlen = static_cast<std::uint32_t>(password.size());
    context.salt = bytes(phc.salt.data());
    context.saltlen = static_cast<std::uint32_t>(phc.salt.size());
    context.t_cost = phc.cost.passes;
    context.m_cost = phc.cost.memory_kib;
    context.lanes = phc.cost.lanes;
    context.threads = 1;  // the executor bounds how many cores hashing takes
    context.version = phc.version;
    context.flags = ARGON2_DEFAULT_FLAGS;  // the memory is wiped by default
    const int error = argon2_ctx(&context, static_cast<argon2_type>(phc.variant));
    if (error == ARGON2_MEMORY_ALLOCATION_ERROR) throw std::bad_alloc();
    if (error != ARGON2_OK) throw std::runtime_error(argon2_error_message(error));
}

/// A password that is wiped when the work that owns it ends, run or not.
struct Owned {
    explicit Owned(std::string& text) noexcept {
        password.swap(text);
        wipe(text);  // a short text was copied
    }
    Owned(Owned&& other) noexcept { password.swap(other.password); }
    Owned& operator=(Owned&&) = delete;
    ~Owned() { wipe(password); }

    std::string password;
};

}  // namespace

PasswordHasher::PasswordHasher(PasswordCost cost) : cost_(cost) {
    if (cost.passes < 1 || cost.passes > 64) {
        throw std::invalid_argument("Argon2: expected 1–64 passes, got " +
                                    std::to_string(cost.passes));
    }
    if (cost.lanes < 1 || cost.lanes > 64) {
        throw std::invalid_argument("Argon2: expected 1–64 lanes, got " +
                                    std::to_string(cost.lanes));
    }
    if (cost.memory_kib < 8 * cost.lanes || cost.memory_kib > 1U << 20) {
        throw std::invalid_argument("Argon2: expected 8 KiB a lane to 1 GiB of memory, got " +
                                    std::to_string(cost.memory_kib) + " KiB");
    }
}

std::string PasswordHasher::hash(std::string_view password) const {
    if (password.size() > kMaxPasswordBytes) {
        throw std::length_error("a password has at most 1024 bytes");
    }
    Phc phc{.cost = cost_,
            .salt = std::string(kSaltBytes, '\0'),
            .hash = std::string(kHashBytes, '\0')};
    random_bytes({reinterpret_cast<std::uint8_t*>(phc.salt.data()), phc.salt.size()});
    ++computations_;
    compute(phc, password);
    return format_phc(phc);
}

bool PasswordHasher::matches(std::string_view stored, std::string_view password) const {
    const auto phc = parse_phc(stored);
    if (!phc) {
        compute_in_vain(password);
        return false;
    }
    Phc computed = *phc;
    ++computations_;
    compute(computed, password);
    return constant_time_equal(computed.hash, phc->hash);
}

void PasswordHasher::compute_in_vain(std::string_view password) const {
    Phc phc{.cost = cost_,
            .salt = std::string(kSaltBytes, '\0'),
            .hash = std::string(kHashBytes, '\0')};
    ++computations_;
    compute(phc, password);
}

PasswordCheck PasswordHasher::check(const std::optional<std::string>& stored,
                                    std::string_view password) const {
    if (password.size() > kMaxPasswordBytes) return {};
    if (!stored) {
        compute_in_vain(password);
        return {};
    }
    if (!matches(*stored, password)) return {};
    PasswordCheck result{.matches = true};
    if (needs_rehash(*stored)) result.new_hash = hash(password);
    return result;
}

bool PasswordHasher::needs_rehash(std::string_view stored) const {
    const auto phc = parse_phc(stored);
    return !phc || phc->variant != Phc::Variant::argon2id || phc->version != ARGON2_VERSION_13 ||
           phc->cost != cost_ || phc->salt.size() < kSaltBytes || phc->hash.size() != kHashBytes;
}

core::Task<std::string> PasswordHasher::hash(core::Executor& executor, std::string password) const {
    co_return co_await executor.run(
        [this, owned = Owned(password)] { return hash(owned.password); });
}

core::Task<PasswordCheck> PasswordHasher::check(core::Executor& executor,
                                                std::optional<std::string> stored,
                                                std::string password) const {
    co_return co_await executor.run([this, stored = std::move(stored), owned = Owned(password)] {
        return check(stored, owned.password);
    });
}

}  // namespace portico::crypto
