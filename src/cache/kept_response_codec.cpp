#include "cache/kept_response_codec.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>

namespace portico::cache {
namespace {

using std::chrono::milliseconds;

constexpr char kVersion = '1';
constexpr std::uint64_t kMaxFields = 1000;
/// The year 2255: the clock's nanoseconds have 63 bits.
constexpr std::uint64_t kMaxTime = 9'000'000'000'000;

void put_number(std::string& out, std::uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>(number >> shift & 0xffU);
}

void put_text(std::string& out, std::string_view text) {
    put_number(out, text.size());
    out += text;
}

void put_time(std::string& out, core::Clock::SystemTime time) {
    const auto since = std::chrono::floor<milliseconds>(time.time_since_epoch()).count();
    put_number(out, static_cast<std::uint64_t>(since));
}

class Reader {
public:
    explicit Reader(std::string_view bytes) noexcept : bytes_(bytes) {}

    [[nodiscard]] std::optional<std::uint64_t> number(std::uint64_t most) {
        if (bytes_.size() < 8) return std::nullopt;
        std::uint64_t number = 0;
        for (unsigned i = 0; i < 8; ++i) {
            number |= std::uint64_t{static_cast<unsigned char>(bytes_[i])} << (8 * i);
        }
        bytes_.remove_prefix(8);
        if (number > most) return std::nullopt;
        return number;
    }
    [[nodiscard]] std::optional<std::string_view> text() {
        const auto size = number(std::numeric_limits<std::uint64_t>::max());
        if (!size || *size > bytes_.size()) return std::nullopt;
        const auto text = bytes_.substr(0, *size);
        bytes_.remove_prefix(*size);
        return text;
    }
    [[nodiscard]] std::optional<core::Clock::SystemTime> time() {
        const auto since = number(kMaxTime);
        if (!since) return std::nullopt;
        return core::Clock::SystemTime(milliseconds(*since));
    }
    [[nodiscard]] bool at_end() const noexcept { return bytes_.empty(); }

private:
    std::string_view bytes_;
};

bool is_vary(std::string_view names) {
    while (!names.empty()) {
        const auto comma = names.find(',');
        if (!http::is_token(names.substr(0, comma))) return false;
        if (comma == names.npos) return true;
        names.remove_prefix(comma + 1);
    }
    return true;
}

}  // namespace

std::string encode(const KeptResponse& response, std::string_view generation) {
    std::string out(1, kVersion);
    put_text(out, generation);
    put_number(out, static_cast<std::uint64_t>(response.status));
    put_time(out, response.made_at);
    put_time(out, response.expires_at);
    put_text(out, response.vary);
    put_number(out, response.headers.size());
    for (const auto field : response.headers) {
        put_text(out, field.name);
        put_text(out, field.value);
    }
    put_text(out, response.body);
    return out;
}

std::shared_ptr<const KeptResponse> decode(std::string_view bytes, std::string_view generation) {
    if (!bytes.starts_with(kVersion)) return nullptr;
    Reader reader(bytes.substr(1));
    if (reader.text() != generation) return nullptr;
    const auto status = reader.number(599);
    const auto made_at = reader.time();
    const auto expires_at = reader.time();
    const auto vary = reader.text();
    const auto fields = reader.number(kMaxFields);
    if (!status || !made_at || !expires_at || !vary || !fields) return nullptr;
    if (*status != 0 && *status < 200) return nullptr;
    if (!is_vary(*vary)) return nullptr;

    auto response = std::make_shared<KeptResponse>(KeptResponse{.status = static_cast<int>(*status),
                                                                .vary = std::string(*vary),
                                                                .made_at = *made_at,
                                                                .expires_at = *expires_at});
    for (std::uint64_t i = 0; i < *fields; ++i) {
        const auto name = reader.text();
        const auto value = reader.text();
        if (!name || !value || !http::is_token(*name) || !http::is_field_value(*value)) {
            return nullptr;
        }
        response->headers.add(*name, *value);
    }
    const auto body = reader.text();
    if (!body || !reader.at_end()) return nullptr;
    response->body = *body;
    return response;
}

}  // namespace portico::cache
