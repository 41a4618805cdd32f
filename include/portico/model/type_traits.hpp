#pragma once

namespace portico::model {

/// How a type of your own becomes a model's member: as a text.
///
///     template <>
///     struct portico::model::TypeTraits<Colour> {
///         /// A value, or the sentence that says what is wrong with the text.
///         static std::expected<Colour, std::string> parse(std::string_view text);
///         static std::string print(const Colour& colour);
///         /// Optional: what it is called, and its JSON Schema; else a plain string.
///         static constexpr std::string_view name = "Colour";
///         static constexpr std::string_view schema = R"({"type":"string","format":"color"})";
///     };
///
/// An enum takes the names of its enumerators in the range -8 to 64, unless a table says other:
///
///     template <>
///     struct portico::model::TypeTraits<Level> {
///         static constexpr EnumValue values[] = {{"low", 1}, {"high", 1000}};
///     };
///
/// With `static constexpr bool by_value = true;` it is its number in JSON, 1 or 1000.
template <class T>
struct TypeTraits {};

}  // namespace portico::model
