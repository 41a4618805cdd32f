#include "model/reader.hpp"

/// std::tuple, std::pair and std::array: arrays whose length is known.
namespace portico::model {

using detail::details_of;

bool Reader::tuple(Slot slot, void* out, const Location& at, unsigned depth) {
    const auto& details = details_of<detail::TupleDetails>(*slot.type);
    if (in_.peek() != '[') {
        return details.is_array
                   ? refuse(slot, at, depth, "list_type", "Input should be a valid list")
                   : refuse(slot, at, depth, "tuple_type", "Input should be a valid tuple");
    }
    const char* from = in_.at();
    const std::size_t first_fault = faults_->size();
    std::size_t count = 0;
    if (!in_.open(depth)) return false;
    for (bool done = false;; ++count) {
        if (!in_.next_item(count == 0, done)) return false;
        if (done) break;
        const Location here(count, &at);
        if (count >= details.count || enough()) {
            if (!in_.skip_value(depth + 1)) return false;
        } else if (!value(details.items[details.is_array ? 0 : count], details.at(out, count), here,
                          depth + 1)) {
            return false;
        }
        in_.skip_space();
        if (in_.take(']')) {
            ++count;
            break;
        }
        if (!in_.take(',')) return in_.fail("Expecting ',' delimiter");
    }
    const char* const what = details.is_array ? "List" : "Tuple";
    if (count > details.count) {
        static_cast<void>(faults_->take_from(first_fault));
        fault(slot, at, too_many(what, details.count, count), from);
    } else if (count < details.count && details.is_array) {
        if (faults_->size() == first_fault) {
            fault(slot, at, too_few(what, details.count, count), from);
        }
    } else if (count < details.count) {
        for (; count < details.count && !enough(); ++count) {
            const Location here(count, &at);
            fault(slot, here, {"missing", "Field required"}, from);
        }
    } else if (slot.annotations != nullptr && slot.annotations->check != nullptr &&
               faults_->size() == first_fault && !enough() && !run_check(slot, out, problem_)) {
        fault(slot, at, problem_, from);
    }
    return true;
}

}  // namespace portico::model
