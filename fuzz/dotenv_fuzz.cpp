#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "portico/settings/dotenv.hpp"

// Besides not crashing: a line number is one of the text's, and a name has only a name's
// characters.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
    const auto read = portico::settings::parse_dotenv(text);
    for (const auto& error : read.errors) {
        if (error.line == 0 || error.line > lines) std::abort();
    }
    for (const auto& entry : read.entries) {
        if (entry.line == 0 || entry.line > lines || entry.name.empty()) std::abort();
        if (entry.name.find_first_of(" =\n\"'") != std::string::npos) std::abort();
        if (entry.value.size() > size) std::abort();
    }
    return 0;
}
