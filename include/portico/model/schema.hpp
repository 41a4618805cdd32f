#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "portico/model/json.hpp"
#include "portico/model/type.hpp"

namespace portico::model {

/// Collects the named schemas that others refer to: an OpenAPI document's `components.schemas`.
///
/// Models and enums appear once, under their name; `Page<Item>` is "Page_Item_", `Partial<Item>` is
/// "PartialItem". Of two types of one name the second gets its namespaces into it, "shop__Item".
/// A model that is both sent and answered, and not the same in both, is two: "Item-Input" requires
/// what has no default, "Item-Output" every member. JSON Schema 2020-12, Pydantic's wording.
class SchemaBuilder {
public:
    enum class Mode : std::uint8_t {
        validation,     ///< What may be sent: a member with a default is not required.
        serialization,  ///< What is answered: every member is there.
    };

    /// References are `prefix` + name: "#/components/schemas/" in OpenAPI, "#/$defs/" elsewhere.
    /// `separate` false: one schema for a model that is sent and answered, as it may be sent, if
    /// there is one that holds for both: not where names differ, or members are computed.
    explicit SchemaBuilder(std::string prefix = "#/components/schemas/", bool separate = true);

    /// The schema of a slot with its constraints, title and examples; a model is a `$ref`.
    [[nodiscard]] Json schema_of(Slot slot, Mode mode);

    /// Once every schema has been asked for: a model that turned out to be sent only, or answered
    /// only, loses its "-Input" or "-Output", in the definitions and in all that `document` holds.
    void settle(Json& document);

    /// The definitions that the schemas given so far refer to, sorted by name.
    [[nodiscard]] const std::map<std::string, Json>& definitions() const noexcept {
        return definitions_;
    }

private:
    struct Named {
        std::string name;
        bool differs;  ///< As it is sent and as it is answered are two schemas.
    };

    Json shape_of(Slot slot, Mode mode);
    Json reference(const Type& type, Mode mode);
    Json object_schema(const Type& type, Mode mode, bool differs);
    Json property(Slot slot, std::string_view alias, Mode mode);
    const Named& named(const Type& type);
    std::string free_name(const Type& type) const;
    bool differs(const Type& type) const;

    std::string prefix_;
    bool separate_;
    std::map<std::string, Json> definitions_;
    std::map<const Type*, Named> named_;
    std::set<std::string> names_;
};

/// One schema that stands alone, with its `$defs`.
[[nodiscard]] Json json_schema(Slot slot,
                               SchemaBuilder::Mode mode = SchemaBuilder::Mode::validation);

/// The title that a name gives: "item_id" is "Item Id".
[[nodiscard]] std::string title_of(std::string_view name);

}  // namespace portico::model
