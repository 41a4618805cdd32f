#include "tests/conformance/apps/apps.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

namespace portico::conformance {
namespace {

enum class Color { red, green, blue };
enum class Single { only };
enum class Level { low = 1, high = 10 };

/// A type as the whole JSON body and as the query parameter `v`; the answer is the value.
template <class T, auto... Constraints>
void typed(App& app, const std::string& path) {
    app.post(path, [](Body<T, "", Constraints...> value) -> T { return *value; });
    app.get(path, [](Query<T, "v", Constraints...> value) -> T { return *value; });
}

/// A type that only a body can have.
template <class T, auto... Constraints>
void bodied(App& app, const std::string& path) {
    app.post(path, [](Body<T, "", Constraints...> value) -> T { return *value; });
}

}  // namespace
}  // namespace portico::conformance

template <>
struct portico::model::TypeTraits<portico::conformance::Level> {
    static constexpr bool by_value = true;
};

namespace portico::conformance {

AppPointer make_types() {
    auto made = std::make_unique<App>(AppOptions{.title = "types"});
    App& app = *made;
    typed<std::int64_t>(app, "/int");
    typed<double>(app, "/float");
    typed<bool>(app, "/bool");
    typed<std::string>(app, "/str");
    typed<Uuid>(app, "/uuid");
    typed<DateTime>(app, "/datetime");
    typed<Date>(app, "/date");
    typed<NaiveDateTime>(app, "/naive");
    typed<Time>(app, "/time");
    typed<Duration>(app, "/duration");
    typed<PastDate>(app, "/past-date");
    typed<FutureDate>(app, "/future-date");
    typed<PastDateTime>(app, "/past");
    typed<FutureDateTime>(app, "/future");
    typed<Decimal>(app, "/decimal");
    typed<Email>(app, "/email");
    typed<SecretString>(app, "/secret");
    typed<Color>(app, "/color");
    typed<Single>(app, "/single");
    typed<std::vector<std::int64_t>>(app, "/int-list");
    typed<std::vector<std::string>>(app, "/str-list");
    typed<std::set<std::int64_t>>(app, "/int-set");
    bodied<std::map<std::string, std::int64_t>>(app, "/int-map");
    bodied<std::vector<std::vector<std::int64_t>>>(app, "/int-lists");
    bodied<std::map<std::string, std::vector<Color>>>(app, "/color-map");
    bodied<std::map<std::int64_t, std::string>>(app, "/int-keys");
    bodied<std::map<Color, std::int64_t>>(app, "/color-keys");
    bodied<std::tuple<std::int64_t, std::string>>(app, "/pair");
    bodied<std::array<std::int64_t, 3>>(app, "/triple");
    typed<Level>(app, "/level");
    bodied<Json>(app, "/any");
    typed<std::variant<std::int64_t, std::string>>(app, "/int-or-str");
    typed<std::variant<std::int64_t, bool>>(app, "/int-or-bool");

    typed<std::int64_t, gt(0), lt(10)>(app, "/open-range");
    typed<std::int64_t, ge(1), le(10)>(app, "/range");
    typed<double, gt(0.5), le(10.5)>(app, "/float-range");
    typed<std::int64_t, multiple_of(5)>(app, "/fives");
    typed<double, multiple_of(0.5)>(app, "/halves");
    typed<std::string, min_length(2), max_length(4)>(app, "/short");
    typed<std::string, min_length(1), max_length(1)>(app, "/char");
    typed<std::string, pattern("^[a-z]+$")>(app, "/lower");
    typed<Decimal, max_digits(5), decimal_places(2)>(app, "/price");
    typed<Decimal, gt(0), le(100)>(app, "/percent");
    typed<std::vector<std::int64_t>, min_length(1), max_length(3)>(app, "/few");
    typed<std::set<std::int64_t>, min_length(2), max_length(3)>(app, "/few-different");
    bodied<std::map<std::string, std::int64_t>, min_length(1), max_length(2)>(app, "/small-map");
    bodied<std::int64_t, strict>(app, "/strict-int");
    bodied<double, strict>(app, "/strict-float");
    bodied<bool, strict>(app, "/strict-bool");
    bodied<std::string, strict>(app, "/strict-str");
    bodied<std::vector<Annotated<std::string, min_length(2)>>>(app, "/words");
    return made;
}

}  // namespace portico::conformance
