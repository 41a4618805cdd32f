#include "portico/model/validation_errors.hpp"

#include <stdexcept>

namespace portico::model {
namespace {

/// The path to the member at an address within an object; false: no member begins there.
bool find_path(const Type& type, const void* object, const void* address,
               std::vector<Fault::Step>& path) {
    const auto* at = static_cast<const std::byte*>(address);
    for (const Field& field : fields_of(type)) {
        const auto* from = static_cast<const std::byte*>(member(object, field));
        if (at < from || at >= from + field.slot.type->size) continue;
        path.push_back({std::string(field.alias)});
        if (at == from && field.slot.type->kind != Kind::object) return true;
        // The first member of a model is where the model is: the model is meant.
        return at == from || find_path(*field.slot.type, from, address, path);
    }
    return false;
}

void add_below(std::span<const Fault::Step> path, const Location& at, const std::string& message,
               std::string_view input_json, Faults& faults) {
    if (path.empty()) {
        faults.add(at, "value_error", "Value error, " + message, input_json, R"({"error":{}})");
        return;
    }
    const Fault::Step& step = path.front();
    const Location here = step.is_index ? Location(step.index, &at) : Location(step.key, &at);
    add_below(path.subspan(1), here, message, input_json, faults);
}

}  // namespace

void ValidationErrors::add_at(std::initializer_list<Step> path, std::string message) {
    Error& error = errors_.emplace_back();
    for (const Step& step : path) {
        error.path.push_back({std::string(step.key), step.index, step.is_index});
    }
    error.message = std::move(message);
}

void ValidationErrors::add_at_address(const void* member, std::string message) {
    Error& error = errors_.emplace_back();
    if (!find_path(*model_, object_, member, error.path)) {
        throw std::logic_error("ValidationErrors::add_at: this is no member of " +
                               std::string(model_->name));
    }
    error.message = std::move(message);
}

void add_errors(const ValidationErrors& errors, const Location& at, std::string_view input_json,
                Faults& faults) {
    for (const auto& error : errors.list()) {
        add_below(error.path, at, error.message, input_json, faults);
    }
}

}  // namespace portico::model
