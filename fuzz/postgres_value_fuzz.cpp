// Values as a server sends them, of any type: nothing is read beyond them, and what is decoded can
// be sent back.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "db/postgres/array_text.hpp"
#include "db/postgres/decode.hpp"
#include "db/postgres/encode.hpp"
#include "db/postgres/type_oid.hpp"
#include "portico/db/error.hpp"

using namespace portico::db;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace postgres;
    constexpr std::array<unsigned, 24> kTypes{
        kBool, kBytea,   kName,   kInt8,   kInt2,  kInt4,      kText,        kOid,
        kJson, kXml,     kFloat4, kFloat8, kDate,  kBpchar,    kVarchar,     kUnknown,
        kTime, kNumeric, kVoid,   kUuid,   kJsonb, kTimestamp, kTimestamptz, kNumericArray};
    if (size == 0) return 0;
    const unsigned type = kTypes[data[0] % kTypes.size()];
    const std::string_view bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
    std::string text;
    for (const bool binary : {true, false}) {
        const Value value =
            binary ? decode_binary(type, bytes, text) : decode_text(type, bytes, text);
        const std::array<unsigned, 1> types{type};
        Encoder encoder;
        try {
            encoder.encode({&value, 1}, types);
        } catch (const Error&) {
        }
    }
    std::string array;
    (void)write_array(bytes, type, array);
    return 0;
}
