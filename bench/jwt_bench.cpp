#include <benchmark/benchmark.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <string>

#include "portico/auth/jwt.hpp"
#include "portico/crypto/hmac.hpp"

// What verifying the access token of a request costs, and how much of it is the MAC.
namespace {

using namespace portico;

constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef";
constexpr std::string_view kClaims =
    R"({"sub":"alice","uid":7,"ver":1,"scopes":["read","write"],"typ":"access"})";

auth::JwtKey key() {
    return auth::JwtKey::hmac(auth::Algorithm::HS256, kSecret).value();
}

std::string token() {
    const auth::JwtSigner signer{{.key = key(), .issuer = "MyAPI", .audience = "MyAPI"}};
    return signer.sign_json(kClaims, core::system_clock());
}

void one_shot_mac(benchmark::State& state) {
    const std::string text = token();
    std::array<unsigned char, EVP_MAX_MD_SIZE> out;
    unsigned size = 0;
    for (auto _ : state) {
        HMAC(EVP_sha256(), kSecret.data(), static_cast<int>(kSecret.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), out.data(), &size);
        benchmark::DoNotOptimize(out);
    }
}
BENCHMARK(one_shot_mac);

void reused_mac(benchmark::State& state) {
    const std::string text = token();
    const crypto::Hmac mac{crypto::Sha::sha256, crypto::SecretKey(kSecret)};
    std::array<char, crypto::Hmac::kMaxSize> out;
    for (auto _ : state) benchmark::DoNotOptimize(mac.sign(text, out));
}
BENCHMARK(reused_mac)->ThreadRange(1, 2);

void verify_hs256(benchmark::State& state) {
    const std::string text = token();
    const auth::JwtVerifier verifier{{.keys = {key()}, .issuer = "MyAPI", .audience = "MyAPI"}};
    for (auto _ : state) {
        benchmark::DoNotOptimize(verifier.verify(text, core::system_clock()).has_value());
    }
    state.counters["bytes"] = static_cast<double>(text.size());
}
BENCHMARK(verify_hs256);

}  // namespace
