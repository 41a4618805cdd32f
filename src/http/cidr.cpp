#include "portico/http/cidr.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <span>
#include <stdexcept>

#include "http/bytes.hpp"

namespace portico::http {

namespace {

// RFC 4291 §2.5.5.2: the first 96 bits of an IPv4-mapped address.
constexpr int kMappedBits = 96;

std::expected<int, CidrError> parse_length(std::string_view text, int most) noexcept {
    if (text.empty() || !is_digit(text[0]) || (text[0] == '0' && text.size() > 1)) {
        return std::unexpected(CidrError::bad_length);
    }
    int length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (error != std::errc{} || end != text.data() + text.size() || length > most) {
        return std::unexpected(CidrError::bad_length);
    }
    return length;
}

template <class Texts>
std::expected<CidrSet, CidrSet::Fault> parse_all(const Texts& texts) {
    std::vector<Cidr> blocks;
    blocks.reserve(std::size(texts));
    for (const std::string_view text : texts) {
        const auto block = Cidr::parse(text);
        if (!block) return std::unexpected(CidrSet::Fault{blocks.size(), block.error()});
        blocks.push_back(*block);
    }
    return CidrSet(std::move(blocks));
}

}  // namespace

std::string_view describe(CidrError error) noexcept {
    switch (error) {
        case CidrError::bad_address:
            return "expected an IPv4 or IPv6 address, alone or with a prefix length, such as "
                   "10.0.0.0/8";
        case CidrError::bad_length:
            return "expected a prefix length in 0–32 (IPv4) or 0–128 (IPv6) after the slash";
        case CidrError::host_bits_set:
            return "expected the bits below the prefix length to be zero: 10.0.0.0/8, not "
                   "10.0.0.1/8; for one address leave the length out";
    }
    return {};
}

std::expected<Cidr, CidrError> Cidr::parse(std::string_view text) noexcept {
    const std::size_t slash = text.find('/');
    const std::string_view written = text.substr(0, slash);
    const auto address = IpAddress::parse(written);
    if (!address) return std::unexpected(CidrError::bad_address);
    if (slash == std::string_view::npos) return Cidr(*address);

    const bool mapped = address->is_v4() && written.find(':') != std::string_view::npos;
    auto length = parse_length(text.substr(slash + 1), mapped ? 128 : address->bits());
    if (!length) return std::unexpected(length.error());
    if (mapped) {
        // A shorter block would hold IPv6 addresses too: the mapped prefix is then a host part.
        if (*length < kMappedBits) return std::unexpected(CidrError::host_bits_set);
        *length -= kMappedBits;
    }
    // RFC 4632 §3.1: "the bits after the prefix are zero". We refuse what others mask away:
    // 10.0.0.1/8 is more often a slip for /32 than a wish for sixteen million addresses.
    if (address->prefix(*length) != *address) return std::unexpected(CidrError::host_bits_set);
    return Cidr(*address, static_cast<std::uint8_t>(*length));
}

std::string Cidr::to_string() const {
    return network_.to_string() + "/" + std::to_string(length_);
}

namespace {

template <class Number>
Number number_at(std::span<const std::uint8_t> bytes) noexcept {
    Number number;
    std::memcpy(&number, bytes.data(), sizeof number);
    return std::endian::native == std::endian::little ? std::byteswap(number) : number;
}

std::uint32_t number_of(const IpAddress& address) noexcept {
    return number_at<std::uint32_t>(address.bytes());
}
std::pair<std::uint64_t, std::uint64_t> halves_of(const IpAddress& address) noexcept {
    return {number_at<std::uint64_t>(address.bytes()),
            number_at<std::uint64_t>(address.bytes().subspan(8))};
}

/// How many of the sorted numbers are at most that one. Without a branch that depends on them: it
/// would be guessed wrong every other time.
template <class Number>
std::size_t count_up_to(const std::vector<Number>& sorted, const Number& most) noexcept {
    std::size_t base = 0;
    for (std::size_t left = sorted.size(); left > 0;) {
        const std::size_t half = (left + 1) / 2;
        base += sorted[base + half - 1] <= most ? half : 0;
        left -= half;
    }
    return base;
}

}  // namespace

CidrSet::CidrSet(std::vector<Cidr> blocks) : blocks_(std::move(blocks)) {
    // Two blocks are apart or one contains the other, and the larger sorts first.
    std::ranges::sort(blocks_);
    auto kept = blocks_.begin();
    for (const Cidr& block : blocks_) {
        if (kept != blocks_.begin() && std::prev(kept)->contains(block)) continue;
        *kept++ = block;
    }
    blocks_.erase(kept, blocks_.end());
    for (const Cidr& block : blocks_) {
        const auto length = static_cast<unsigned>(block.length());
        if (block.network().is_v4()) {
            const std::uint32_t first = number_of(block.network());
            first_v4_.push_back(first);
            last_v4_.push_back(length == 0 ? ~0U : first | ~(~0U << (32 - length)));
        } else {
            const auto [upper, lower] = halves_of(block.network());
            constexpr std::uint64_t kAll = ~0ULL;
            const std::uint64_t low = length >= 128 ? 0
                                      : length > 64 ? kAll >> (length - 64)
                                                    : kAll;
            const std::uint64_t high = length >= 64 ? 0 : kAll >> length;
            first_v6_.emplace_back(upper, lower);
            last_v6_.emplace_back(upper | high, lower | low);
        }
    }
}

CidrSet::CidrSet(std::initializer_list<std::string_view> texts) {
    auto parsed = parse_all(texts);
    if (!parsed) {
        const auto& [index, error] = parsed.error();
        throw std::invalid_argument("\"" + std::string(std::data(texts)[index]) +
                                    "\": " + std::string(describe(error)));
    }
    *this = *std::move(parsed);
}

std::expected<CidrSet, CidrSet::Fault> CidrSet::parse(std::span<const std::string> texts) {
    return parse_all(texts);
}

std::expected<CidrSet, CidrSet::Fault> CidrSet::parse(
    std::initializer_list<std::string_view> texts) {
    return parse_all(texts);
}

bool CidrSet::contains(const IpAddress& address) const noexcept {
    // No two blocks overlap, so the last that begins before the address is the only one.
    if (address.is_v4()) {
        const std::uint32_t number = number_of(address);
        const std::size_t after = count_up_to(first_v4_, number);
        return after != 0 && number <= last_v4_[after - 1];
    }
    const Halves halves = halves_of(address);
    const std::size_t after = count_up_to(first_v6_, halves);
    return after != 0 && halves <= last_v6_[after - 1];
}

}  // namespace portico::http
