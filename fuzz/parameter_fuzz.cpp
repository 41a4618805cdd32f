#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "portico/model/annotated.hpp"
#include "portico/model/date_time.hpp"
#include "portico/model/decimal.hpp"
#include "portico/model/email.hpp"
#include "portico/model/read.hpp"
#include "portico/model/uuid.hpp"
#include "portico/model/write.hpp"

namespace {

using namespace portico::model;

enum class Colour { red, green, blue };

/// What a parameter's text is read as is written as JSON that is read the same.
template <class T>
void round_trip(std::string_view text) {
    T value{};
    Faults faults;
    if (!read_text({&text, 1}, slot_of<T>(), &value, Location("query"), faults)) {
        if (faults.empty()) std::abort();
        return;
    }
    const std::string written = to_json(value);
    const auto again = read_json<T>(written);
    if (!again || to_json(*again) != written) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    round_trip<bool>(text);
    round_trip<std::int8_t>(text);
    round_trip<std::uint64_t>(text);
    round_trip<double>(text);
    round_trip<Annotated<std::string, pattern("^[a-z]+$"), max_length(20)>>(text);
    round_trip<Decimal>(text);
    round_trip<Email>(text);
    round_trip<Uuid>(text);
    round_trip<DateTime>(text);
    round_trip<Date>(text);
    round_trip<Colour>(text);
    return 0;
}
