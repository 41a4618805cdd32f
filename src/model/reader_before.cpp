#include "model/reader.hpp"
#include "portico/model/json.hpp"

namespace portico::model {

/// Hands the value to a validator before it is read, then reads what that made of it.
bool Reader::rewritten(Slot slot, void* out, const Location& at, unsigned depth, Before before,
                       bool of_model) {
    const char* from = in_.at();
    Json input;
    if (!any_value(input, depth)) return false;
    if (const auto sentence = before(input)) {
        fault(slot, at, value_error(*sentence), from);
        return true;
    }
    const std::string json = input.dump();
    Annotations annotations;
    if (slot.annotations != nullptr) {
        annotations = *slot.annotations;
        annotations.before = nullptr;
        slot.annotations = &annotations;
    }
    Reader inner(json, *faults_);
    inner.strict_ = strict_;
    inner.probing_ = probing_;
    inner.hidden_ = hidden_;
    inner.prepared_ = of_model;
    if (!inner.value(slot, out, at, depth)) {
        fault(slot, at, value_error("nested too deeply by a before_validator"), from);
    }
    gave_up_ = gave_up_ || inner.gave_up_;
    inexact_ = inexact_ || inner.inexact_;
    members_read_ += inner.members_read_;
    return true;
}

}  // namespace portico::model
