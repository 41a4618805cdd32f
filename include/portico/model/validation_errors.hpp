#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "portico/model/fault.hpp"
#include "portico/model/type.hpp"

namespace portico::model {

/// What a model's `validate` finds wrong with its members together, and where.
///
///     void validate(ValidationErrors& errors) const {
///         if (until < from) errors.add_at(until, "must not be before from");
///         if (guests.empty()) errors.add("nobody comes");
///     }
class ValidationErrors {
public:
    /// A step of a path: a member's name outside, or an index.
    struct Step {
        // NOLINTBEGIN(google-explicit-constructor): {"items", 3} reads as a path.
        Step(const char* its_key) : key(its_key) {}
        Step(std::string_view its_key) : key(its_key) {}
        template <std::integral I>
        Step(I its_index) : index(static_cast<std::size_t>(its_index)), is_index(true) {}
        // NOLINTEND(google-explicit-constructor)

        std::string_view key;
        std::size_t index = 0;
        bool is_index = false;
    };
    struct Error {
        std::vector<Fault::Step> path;  ///< From the model on; empty: the model as a whole.
        std::string message;
    };

    explicit ValidationErrors(const Type& model, const void* object) noexcept
        : model_(&model), object_(object) {}

    /// Of the model as a whole.
    void add(std::string message) { errors_.push_back({{}, std::move(message)}); }
    /// Of a member, under the name by which it is sent: `add_at(until, "…")`. Also of a member's
    /// member; anything else throws std::logic_error.
    template <class M>
    void add_at(const M& member, std::string message) {
        add_at_address(&member, std::move(message));
    }
    /// Of what a path leads to: `add_at({"items", 3, "price"}, "…")`.
    void add_at(std::initializer_list<Step> path, std::string message);

    [[nodiscard]] std::span<const Error> list() const noexcept { return errors_; }
    [[nodiscard]] bool empty() const noexcept { return errors_.empty(); }

private:
    void add_at_address(const void* member, std::string message);

    const Type* model_;
    const void* object_;
    std::vector<Error> errors_;
};

/// Appends them as faults of what is at `at`: "Value error, …".
void add_errors(const ValidationErrors& errors, const Location& at, std::string_view input_json,
                Faults& faults);

}  // namespace portico::model
