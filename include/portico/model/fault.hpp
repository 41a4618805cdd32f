#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace portico::model {

/// Where in the input something is: "body", "items", 3, "price". A chain on the stack of the
/// reader, so that a valid input costs nothing.
class Location {
public:
    explicit Location(std::string_view key, const Location* parent = nullptr) noexcept
        : parent_(parent), key_(key) {}
    explicit Location(std::size_t index, const Location* parent) noexcept
        : parent_(parent), index_(index), is_index_(true) {}

    [[nodiscard]] const Location* parent() const noexcept { return parent_; }
    [[nodiscard]] bool is_index() const noexcept { return is_index_; }
    [[nodiscard]] std::string_view key() const noexcept { return key_; }
    [[nodiscard]] std::size_t index() const noexcept { return index_; }

private:
    const Location* parent_;
    std::string_view key_;
    std::size_t index_ = 0;
    bool is_index_ = false;
};

/// One thing that is wrong with an input, in Pydantic's terms.
struct Fault {
    /// A key, cut to 100 bytes, or an index of the path to the value.
    struct Step {
        std::string key;
        std::size_t index = 0;
        bool is_index = false;
    };

    std::vector<Step> loc;
    std::string type;   ///< "string_too_short"
    std::string msg;    ///< "String should have at least 3 characters"
    std::string input;  ///< The offending value as JSON, cut to 100 bytes; "null" when absent.
    std::string ctx;    ///< A JSON object, {"min_length":3}; empty: none.

    /// "body.items.3.price"
    [[nodiscard]] std::string joined_loc() const;
};

/// Every fault of one input, the first 50 of them: an answer can't be made larger than that by
/// what is sent.
class Faults {
public:
    static constexpr std::size_t kMost = 50;
    static constexpr std::size_t kInputBytes = 100;

    void add(const Location& at, std::string_view type, std::string msg,
             std::string_view input_json, std::string ctx_json = {});
    void add(Fault fault);

    [[nodiscard]] bool empty() const noexcept { return faults_.empty(); }
    /// No more are kept: a reader may stop.
    [[nodiscard]] bool full() const noexcept { return faults_.size() >= kMost; }
    [[nodiscard]] std::size_t size() const noexcept { return faults_.size(); }
    [[nodiscard]] std::span<const Fault> list() const noexcept { return faults_; }
    void clear() noexcept { faults_.clear(); }
    /// Removes the faults from the `first`th on and returns them.
    [[nodiscard]] std::vector<Fault> take_from(std::size_t first);

    /// `[{"type":…,"loc":[…],"msg":…,"input":…,"ctx":…}]`, FastAPI's order of keys.
    [[nodiscard]] std::string to_json() const;
    /// "body.email: msg; query.limit: msg"
    [[nodiscard]] std::string to_text() const;

private:
    std::vector<Fault> faults_;
};

}  // namespace portico::model
