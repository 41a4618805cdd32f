#include "portico/model/unscanned.hpp"

#include <gmock/gmock.h>

#include <map>
#include <optional>
#include <variant>

#include "portico/model/annotated.hpp"
#include "portico/model/containers.hpp"
#include "portico/model/member_options.hpp"
#include "portico/model/partial.hpp"
#include "portico/model/reflection.hpp"
#include "portico/model/secret.hpp"
#include "portico/model/slot_of.hpp"

namespace portico::model {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Leaf {
    Annotated<std::string, unscanned> note = "";
    Annotated<std::string> name = "";
};
struct Other {
    Annotated<std::string, unscanned, alias("other_note")> text = "";
};
struct Tree {
    Annotated<std::string, unscanned, validation_alias("html"), validation_alias("/content/body")>
        text = "";
    Annotated<std::vector<Annotated<std::string, unscanned>>> lines = empty;
    Annotated<std::map<std::string, std::optional<Leaf>>> leaves = empty;
    Annotated<std::variant<int, Other>> choice = 1;
    Annotated<std::vector<Tree>> branches = empty;
};
struct Plain {
    int id = 0;
    std::string name;
};

template <class T>
std::vector<std::string> names() {
    return unscanned_names(*slot_of<T>().type);
}

TEST(Unscanned, names_are_found_however_deep_and_as_they_are_sent) {
    EXPECT_THAT(names<Tree>(), ElementsAre("body", "html", "lines", "note", "other_note"));
    EXPECT_THAT(names<std::vector<Leaf>>(), ElementsAre("note"));
    EXPECT_THAT(names<Partial<Leaf>>(), ElementsAre("note"));
    EXPECT_THAT(names<Plain>(), IsEmpty());
    EXPECT_THAT(names<int>(), IsEmpty());
}

TEST(Unscanned, a_value_is_when_what_it_holds_is) {
    using Text = Annotated<std::string, unscanned>;
    EXPECT_TRUE(is_unscanned(slot_of<Text>()));
    EXPECT_TRUE(is_unscanned(slot_of<std::vector<Text>>()));
    EXPECT_FALSE(is_unscanned(slot_of<std::vector<std::string>>()));
    EXPECT_FALSE(is_unscanned(slot_of<Leaf>()));
    EXPECT_TRUE(is_unscanned(slot_of<SecretString>()));
    EXPECT_TRUE(is_unscanned(slot_of<std::optional<SecretString>>()));
}

}  // namespace
}  // namespace portico::model
