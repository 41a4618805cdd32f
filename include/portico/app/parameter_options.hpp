#pragma once

/// How a parameter is sent, where that is not one text under its name. They stand where constraints
/// stand: in the parameter, or in `Annotated` at a member of a `Query<Model>`, `Form<Model>`, ….
namespace portico::app {

// NOLINTBEGIN(readability-identifier-naming): they are written as functions are.

/// `Header<std::string, "x_token", convert_underscores(false)>`: the field is called as written. By
/// default the underscores of a header's name stand for hyphens. Beside a whole model it holds for
/// all members.
struct convert_underscores {
    bool on;
    consteval explicit convert_underscores(bool value) : on(value) {}
    using Mark = convert_underscores;
};

/// `Query<std::vector<int>, "ids", explode(false)>`: the list is one text, `ids=1,2,3`. By default
/// it is a text for each item, `ids=1&ids=2&ids=3`. An encoded comma in a query (%2C) separates no
/// items.
struct explode {
    bool on;
    consteval explicit explode(bool value) : on(value) {}
    using Mark = explode;
};

// NOLINTEND(readability-identifier-naming)

/// `Query<Filter, "filter", as_json>`: the value, of any type, is sent as a JSON text.
struct AsJson {
    using Mark = AsJson;
};
inline constexpr AsJson as_json{};

/// `Query<std::optional<int>, "limit", required>`: must be sent although it may be null; without
/// it, an optional need not be.
struct Required {
    using Mark = Required;
};
inline constexpr Required required{};

}  // namespace portico::app
