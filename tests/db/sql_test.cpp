#include "portico/db/sql.hpp"

#include <gtest/gtest.h>

namespace portico::db {
namespace {

std::string written(Sql statement, Dialect dialect) {
    std::string out;
    write_sql(statement.text(), nullptr, dialect, out);
    return out;
}

TEST(SqlText, names_become_numbers_in_the_order_of_their_first_use) {
    constexpr Sql statement = "SELECT :b, :a, :b";
    ASSERT_EQ(statement.parameter_count(), 2U);
    EXPECT_EQ(statement.parameter(0), "b");
    EXPECT_EQ(statement.parameter(1), "a");
    EXPECT_EQ(written(statement, Dialect::sqlite), "SELECT ?1, ?2, ?1");
    EXPECT_EQ(written(statement, Dialect::postgresql), "SELECT $1, $2, $1");
}

TEST(SqlText, what_is_quoted_a_comment_or_a_cast_is_no_name) {
    constexpr Sql statement =
        "SELECT ':a', \"x:b\", 'it''s :c', y::text /* :d */ FROM t -- :e\nWHERE f = :f";
    ASSERT_EQ(statement.parameter_count(), 1U);
    EXPECT_EQ(statement.parameter(0), "f");
    EXPECT_EQ(written(statement, Dialect::postgresql),
              "SELECT ':a', \"x:b\", 'it''s :c', y::text /* :d */ FROM t -- :e\nWHERE f = $1");
}

TEST(SqlText, names_that_begin_alike_are_different) {
    EXPECT_EQ(written("SELECT :id, :id_2, :i", Dialect::sqlite), "SELECT ?1, ?2, ?3");
}

}  // namespace
}  // namespace portico::db
