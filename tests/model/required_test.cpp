#include "portico/model/slot_of.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <vector>

#include "portico/model/date_time.hpp"
#include "portico/model/secret.hpp"

namespace portico::model {
namespace {

struct Inner {
    Annotated<std::string> first;
    int second;
};

template <class T>
std::string required() {
    std::string out;
    for (const Field& field : fields_of(*slot_of<T>().type)) {
        out += std::string(field.name) + (field.required ? "=REQ " : "=opt ");
    }
    return out;
}

struct DefaultsFirst {
    Annotated<std::vector<std::string>> tags = empty;
    Annotated<int> skip = 0;
    Annotated<std::string> name;
    bool done = false;
    int count = 0;
    int plain;
    Annotated<double> price;
    Annotated<std::vector<std::string>> two = {"a", "b"};
    Annotated<std::string> last;
};

struct RequiredFirst {
    Annotated<std::string> last;
    Annotated<double> price;
    int plain;
    Annotated<std::string> name;
    Annotated<std::vector<std::string>> two = {"a", "b"};
    int count = 0;
    bool done = false;
    Annotated<int> skip = 0;
    Annotated<std::vector<std::string>> tags = empty;
};

struct Special {
    std::optional<int> optional;
    Annotated<std::optional<int>, ge(0)> annotated_optional;
    std::unique_ptr<int> pointer;
    std::string plain_class = "is required all the same";
    Inner nested;
    Annotated<Inner> annotated_nested;
    Annotated<Inner> defaulted_nested = Inner{.first = "x", .second = 1};
    Annotated<Inner> empty_nested = empty;
    Annotated<DateTime> moment;
    Annotated<DateTime> then = DateTime::from_unix_microseconds(0);
};

struct Plain {
    double real;
    bool flag;
    std::int64_t zero = 0;
    // The patterns of the probe, as defaults.
    unsigned char a5 = 0xA5;
    unsigned char a6 = 0x5A;
};

TEST(Required, is_what_has_no_default_in_any_order) {
    EXPECT_EQ(
        required<DefaultsFirst>(),
        "tags=opt skip=opt name=REQ done=opt count=opt plain=REQ price=REQ two=opt last=REQ ");
    EXPECT_EQ(
        required<RequiredFirst>(),
        "last=REQ price=REQ plain=REQ name=REQ two=opt count=opt done=opt skip=opt tags=opt ");
}

TEST(Required, an_optional_never_is_and_a_plain_class_always_is) {
    EXPECT_EQ(required<Special>(),
              "optional=opt annotated_optional=opt pointer=opt plain_class=REQ nested=REQ "
              "annotated_nested=REQ defaulted_nested=opt empty_nested=opt moment=REQ then=opt ");
}

TEST(Required, a_plain_scalar_whose_default_is_the_probes_pattern_is_optional) {
    EXPECT_EQ(required<Plain>(), "real=REQ flag=REQ zero=opt a5=opt a6=opt ");
}

}  // namespace
}  // namespace portico::model
