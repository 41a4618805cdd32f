#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "portico/model/annotated.hpp"
#include "portico/model/secret.hpp"
#include "portico/settings/dotenv.hpp"
#include "portico/settings/settings.hpp"

namespace {

using namespace portico::model;
namespace settings = portico::settings;

enum class Mode { development, production };

struct Inner {
    Annotated<int, ge(1), le(9)> level = 1;
    Annotated<std::map<std::string, double>> weights = empty;
};

struct Settings {
    Annotated<int, ge(1), le(65535)> port = 8000;
    Annotated<bool> debug = false;
    Annotated<Mode> mode = Mode::production;
    Annotated<std::vector<std::string>, max_items(3)> origins = empty;
    Annotated<std::string, max_length(9), pattern("^[a-z]*$")> name = "a";
    std::optional<SecretString> key;
    std::optional<double> rate;
    Inner inner;
};

constexpr std::string_view kMarker = "S3CRET-MARKER";

}  // namespace

// The lines of a .env file before a NUL, then arguments, each ended by a NUL. Besides not crashing:
// wrong settings say so, and a secret's value is never among what they say.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string text(reinterpret_cast<const char*>(data), size);
    settings::Options options{.program = "fuzz", .directory = "/nowhere"};
    options.environment.emplace();
    for (const auto& entry : settings::parse_dotenv(text.substr(0, text.find('\0'))).entries) {
        (*options.environment)[entry.name] = entry.value;
    }
    options.environment->insert_or_assign("KEY", std::string(kMarker));
    options.environment->erase("SECRETS_DIR");

    std::vector<const char*> arguments{"fuzz"};
    for (auto at = text.find('\0'); at != std::string::npos && at + 1 < text.size();
         at = text.find('\0', at + 1)) {
        arguments.push_back(text.c_str() + at + 1);
    }
    const auto loaded =
        settings::load<Settings>(static_cast<int>(arguments.size()), arguments.data(), options);
    if (loaded) {
        if (loaded->port < 1 || loaded->port > 65535 || loaded->name.size() > 9) std::abort();
        return 0;
    }
    const auto& exit = loaded.error();
    if (exit.text.empty() || exit.text.back() != '\n') std::abort();
    if (exit.status != 0 && (exit.status != 2 || exit.problems.empty())) std::abort();
    if (text.find(kMarker) == std::string::npos && exit.text.find(kMarker) != std::string::npos) {
        std::abort();
    }
    return 0;
}
