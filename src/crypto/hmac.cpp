#include "portico/crypto/hmac.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <atomic>
#include <new>
#include <stdexcept>

namespace portico::crypto {

namespace {

struct FreeContext {
    void operator()(EVP_MAC_CTX* context) const noexcept { EVP_MAC_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MAC_CTX, FreeContext>;

constexpr const char* name_of(Sha sha) noexcept {
    return sha == Sha::sha256 ? "SHA256" : sha == Sha::sha384 ? "SHA384" : "SHA512";
}

Context keyed_context(Sha sha, const SecretKey& key) {
    EVP_MAC* mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    if (mac == nullptr) throw std::runtime_error("OpenSSL has no HMAC");
    Context context{EVP_MAC_CTX_new(mac)};
    EVP_MAC_free(mac);
    if (!context) throw std::bad_alloc();

    const std::array parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char*>(name_of(sha)), 0),
        OSSL_PARAM_construct_end()};
    // A null key would mean "the one from before".
    const std::string_view bytes = key.empty() ? std::string_view("") : key.reveal();
    if (EVP_MAC_init(context.get(), reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size(), parameters.data()) != 1) {
        throw std::runtime_error("OpenSSL refuses HMAC's digest or key");
    }
    return context;
}

/// A small number of the thread's own: threads rarely meet at one place of an array.
std::size_t thread_number() noexcept {
    static std::atomic<std::size_t> next{0};
    thread_local const std::size_t number = next.fetch_add(1, std::memory_order_relaxed);
    return number;
}

}  // namespace

/// Ready contexts. A call takes one out of its thread's place and puts it back; where another
/// thread has it just then, it copies the first.
class Hmac::Contexts {
public:
    Contexts(Sha sha, const SecretKey& key)
        : size_(digest_size(sha)), first_(keyed_context(sha, key)) {}
    Contexts(const Contexts&) = delete;
    Contexts& operator=(const Contexts&) = delete;
    ~Contexts() {
        for (Place& place : places_) EVP_MAC_CTX_free(place.context.load());
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    void sign(std::string_view text, unsigned char* out) const {
        std::atomic<EVP_MAC_CTX*>& place = places_[thread_number() % places_.size()].context;
        Context context{place.exchange(nullptr, std::memory_order_acquire)};
        if (!context) context.reset(EVP_MAC_CTX_dup(first_.get()));
        if (!context) throw std::bad_alloc();

        std::size_t written = 0;
        if (EVP_MAC_init(context.get(), nullptr, 0, nullptr) != 1 ||
            EVP_MAC_update(context.get(), reinterpret_cast<const unsigned char*>(text.data()),
                           text.size()) != 1 ||
            EVP_MAC_final(context.get(), out, &written, size_) != 1 || written != size_) {
            throw std::bad_alloc();
        }
        Context other{place.exchange(context.release(), std::memory_order_release)};
    }

private:
    struct alignas(64) Place {
        std::atomic<EVP_MAC_CTX*> context{nullptr};
    };

    std::size_t size_;
    Context first_;
    mutable std::array<Place, 16> places_;
};

Hmac::Hmac(Sha sha, const SecretKey& key) : contexts_(std::make_shared<Contexts>(sha, key)) {}

std::size_t Hmac::size() const noexcept {
    return contexts_->size();
}

std::string_view Hmac::sign(std::string_view text, std::span<char> out) const {
    if (out.size() < size()) throw std::length_error("the buffer is shorter than an HMAC tag");
    contexts_->sign(text, reinterpret_cast<unsigned char*>(out.data()));
    return {out.data(), size()};
}

std::string Hmac::sign(std::string_view text) const {
    std::string tag(size(), '\0');
    sign(text, tag);
    return tag;
}

bool Hmac::verify(std::string_view text, std::string_view tag) const {
    std::array<char, kMaxSize> expected;
    return constant_time_equal(sign(text, expected), tag);
}

}  // namespace portico::crypto
