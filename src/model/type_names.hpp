#pragma once

#include <string>
#include <string_view>

/// What people read of a type that the compiler has spelled.
namespace portico::model {

/// "Page<Item>" of "Page<shop::(anonymous namespace)::Item>"; a std::string is "string".
[[nodiscard]] std::string readable_name(std::string_view spelled);

/// "shop::Page<shop::Item>" as a key of a document: letters, digits and "_". `qualified` keeps the
/// namespaces, as "shop__Page_shop__Item_".
[[nodiscard]] std::string definition_key(std::string_view spelled, bool qualified);

}  // namespace portico::model
