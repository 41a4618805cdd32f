#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "portico/app/route.hpp"
#include "portico/app/security.hpp"

namespace portico::app {

/// One field that a parameter is read from: itself, or a member of a `Query<Model>`.
struct TextField {
    enum class Style : std::uint8_t {
        plain,   ///< A text, or one for each item of a list.
        commas,  ///< A list in one text.
        json,    ///< A JSON text.
        nested,  ///< A model whose members are sent as "name[member]".
    };

    std::string name;  ///< As it is sent.
    std::size_t offset = 0;
    model::Slot slot;
    bool required = false;
    Style style = Style::plain;
    std::vector<std::string> other_names = {};  ///< Taken when those before were not sent.
};

/// A parameter that is read from the request, made ready for it.
struct Binding {
    const ParameterTable* table = nullptr;
    model::Slot slot;
    bool required = false;
    std::vector<TextField> fields;  ///< One, or with a whole model one for each member.
};

/// A function that is called for a route: dependencies, and last the handler.
struct PlanNode {
    const FunctionTable* function = nullptr;
    void* object = nullptr;
    std::shared_ptr<void> keep;
    const DependencyTable* dependency = nullptr;  ///< Null: an object, or the handler.
    const SecurityScheme* scheme = nullptr;
    bool secured = false;
    std::vector<Argument> arguments;
    std::vector<Binding> bindings;        ///< One for each parameter; most are empty.
    std::vector<std::uint16_t> children;  ///< The dependencies that it needs.
    const ResultTable* value = nullptr;   ///< Of the result, awaited.
    std::uint32_t task_offset = 0;
    std::uint32_t value_offset = 0;
    SecurityScopes scopes;
};

struct Step {
    enum class Kind : std::uint8_t { bind, call };
    Kind kind;
    std::uint16_t node;
    std::uint16_t parameter = 0;
};

/// What happens for a request of one route, in order: the credentials' steps, then the body, then
/// the rest, whose last step calls the handler.
struct Plan {
    std::vector<PlanNode> nodes;
    std::vector<Step> credentials;
    std::vector<Step> body;
    std::vector<Step> rest;
    std::uint32_t size = 0;  ///< Of the block that all arguments and results of a request lie in.
    std::uint32_t alignment = 1;
    bool reads_json = false;
    bool reads_form = false;
    bool reads_files = false;
    bool keyed = false;  ///< The JSON body is an object of several named bodies.
    bool secured = false;
    static constexpr std::uint32_t kNowhere = UINT32_MAX;
    std::uint32_t response_offset = kNowhere;
    std::uint32_t background_offset = kNowhere;
    std::uint32_t websocket_offset = kNowhere;

    [[nodiscard]] const PlanNode& handler() const noexcept { return nodes.back(); }
};

struct Override {
    const FunctionTable* function = nullptr;
    std::shared_ptr<void> object;
    bool used = false;
};
using Overrides = std::map<const DependencyTable*, Override>;

/// The function's name as it was written, for messages: "get_session".
[[nodiscard]] std::string name_of(const DependencyTable& dependency);

/// Makes the plan of a handler with the dependencies of its route, outermost router first. Throws
/// `std::invalid_argument` for what a template can't see: two bodies of which one has no name.
[[nodiscard]] Plan make_plan(const FunctionTable& function, std::shared_ptr<void> handler,
                             const std::vector<Dependency>& dependencies, Overrides& overrides);

}  // namespace portico::app
