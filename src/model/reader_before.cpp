#include <string>
#include <utility>

#include "model/reader.hpp"
#include "portico/model/json.hpp"
#include "portico/model/member_options.hpp"

/// Values that a validator sees as JSON before they are read.
namespace portico::model {

/// Reads a JSON text that a validator has made.
void Reader::read_again(std::string_view json, Slot slot, void* out, const Location& at,
                        unsigned depth, bool prepared, Faults& faults) {
    Reader inner(json, faults);
    inner.strict_ = strict_;
    inner.probing_ = probing_;
    inner.hidden_ = hidden_;
    inner.prepared_ = prepared;
    if (!inner.value(slot, out, at, depth)) {
        inner.faults_->add(at, "value_error", "Value error, nested too deeply by a validator",
                           "null", R"({"error":{}})");
    }
    inexact_ = inexact_ || inner.inexact_;
    members_read_ += inner.members_read_;
}

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
    Annotations annotations;
    if (slot.annotations != nullptr) {
        annotations = *slot.annotations;
        annotations.before = nullptr;
        slot.annotations = &annotations;
    }
    const std::size_t faults_before = faults_->size();
    read_again(input.dump(), slot, out, at, depth, of_model, *faults_);
    gave_up_ = gave_up_ || (probing_ && faults_->size() != faults_before);
    return true;
}

class Reader::Wrapped final : public WrappedRead {
public:
    Wrapped(Reader& reader, const Json& input, Slot slot, void* out, const Location& at,
            unsigned depth)
        : reader_(reader), input_(input), slot_(slot), out_(out), at_(at), depth_(depth) {}

    bool operator()() override {
        faults.clear();
        reader_.read_again(input_.dump(), slot_, out_, at_, depth_, false, faults);
        return faults.empty();
    }
    void forget() noexcept override { faults.clear(); }

    Faults faults;

private:
    Reader& reader_;
    const Json& input_;
    Slot slot_;
    void* out_;
    const Location& at_;
    unsigned depth_;
};

/// Lets a validator read the value, or do without.
bool Reader::wrapped(Slot slot, void* out, const Location& at, unsigned depth) {
    const char* from = in_.at();
    Json input;
    if (!any_value(input, depth)) return false;
    Annotations inside = *slot.annotations;
    inside.wrap = nullptr;
    Wrapped read(*this, input, {slot.type, &inside}, out, at, depth);
    if (const auto sentence = slot.annotations->wrap(input, out, read)) {
        fault(slot, at, value_error(*sentence), from);
        return true;
    }
    for (const Fault& each : read.faults.list()) faults_->add(each);
    gave_up_ = gave_up_ || (probing_ && !read.faults.empty());
    return true;
}

}  // namespace portico::model
