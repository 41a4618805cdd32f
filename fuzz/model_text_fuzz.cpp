// What the types of models read, they write as what they read as the same again: URLs, times,
// durations, addresses, UUIDs, e-mail addresses, decimals, sizes and base64, from texts and from
// numbers. The first byte says which.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "portico/model/byte_size.hpp"
#include "portico/model/bytes.hpp"
#include "portico/model/date_time.hpp"
#include "portico/model/decimal.hpp"
#include "portico/model/details.hpp"
#include "portico/model/duration.hpp"
#include "portico/model/email.hpp"
#include "portico/model/ip.hpp"
#include "portico/model/slot_of.hpp"
#include "portico/model/time_of_day.hpp"
#include "portico/model/url.hpp"
#include "portico/model/uuid.hpp"

namespace {

using namespace portico::model;

void require(bool holds) {
    if (!holds) std::abort();
}

template <class T>
void round_trip(std::string_view text) {
    const auto& details = detail::details_of<detail::TextDetails>(*slot_of<T>().type);
    for (const auto read : {details.parse, details.parse_number}) {
        detail::TextFault fault;
        T value;
        if (read == nullptr) continue;
        if (!read(text, &value, fault)) {
            require(!fault.type.empty() && !fault.msg.empty());
            continue;
        }
        std::string written;
        details.print(&value, written);
        T again;
        require(details.parse(written, &again, fault));
        require(value == again);
        std::string rewritten;
        details.print(&again, rewritten);
        require(written == rewritten);
    }
}

template <class... T>
void round_trip_of(std::uint8_t which, std::string_view text) {
    std::uint8_t next = 0;
    ((which % sizeof...(T) == next++ ? round_trip<T>(text) : void()), ...);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    round_trip_of<HttpUrl, AnyUrl, PostgresDsn, RedisDsn, FileUrl, DateTime, NaiveDateTime, Date,
                  Time, Duration, IPvAnyAddress, IPvAnyNetwork, Uuid, Email, Decimal, Base64Bytes,
                  Base64UrlBytes, ByteSize, IPvAnyInterface, IPv4Interface, IPv6Interface,
                  IPv4Network, IPv6Network>(data[0], text);
    return 0;
}
