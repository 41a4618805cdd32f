#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/scalars.hpp"
#include "model/scanner.hpp"
#include "portico/model/details.hpp"
#include "portico/model/fault.hpp"
#include "portico/model/raw_json.hpp"
#include "portico/model/type.hpp"

namespace portico::model {

/// Reads JSON into objects by their tables, in one pass over the text.
///
/// Every function returns false on an error of syntax alone, which ends the reading; what is valid
/// JSON and wrong is a fault, and the reading goes on behind it.
class Reader {
public:
    Reader(std::string_view json, Faults& faults)
        : in_(json), size_(json.size()), faults_(&faults) {}

    [[nodiscard]] bool document(Slot slot, void* out, const Location& root);
    [[nodiscard]] JsonError error() const { return in_.error(); }

private:
    struct Segment {
        std::size_t field;
        std::size_t first;
        std::size_t last;
    };
    /// A model while its members are read.
    struct Reading {
        const Type& model;
        const detail::ModelTable& table;
        void* out;
        const Location& at;
        unsigned depth;
        const char* opening;
        std::uint64_t& seen;
        std::vector<Segment>& segments;
        /// Of a model with choices: under which of its names each member was sent, and where.
        struct Sent {
            std::size_t field;
            unsigned rank;
            std::string_view name;
            const char* from;
        };
        std::vector<Sent> sent = {};
    };
    using Before = std::optional<std::string> (*)(Json& input);
    struct Ranking {
        int exactness = 0;
        std::size_t members = 0;
        auto operator<=>(const Ranking&) const = default;
    };

    bool value(Slot slot, void* out, const Location& at, unsigned depth);
    bool scalar(Slot slot, void* out, const Location& at, unsigned depth);
    bool optional(Slot slot, void* out, const Location& at, unsigned depth);
    bool array(Slot slot, void* out, const Location& at, unsigned depth);
    bool items(Slot slot, void* out, const Location& at, unsigned depth, std::size_t& count,
               std::size_t most);
    bool tuple(Slot slot, void* out, const Location& at, unsigned depth);
    bool map(Slot slot, void* out, const Location& at, unsigned depth);
    bool entry(const detail::MapDetails& details, void* map, const Scanner::String& key,
               const Location& at, unsigned depth);
    bool object(Slot slot, void* out, const Location& at, unsigned depth);
    bool members(Reading& reading);
    bool member_value(Reading& reading, const Field& field, unsigned rank, std::string_view name,
                      const Location& here, unsigned depth);
    bool unknown_member(Reading& reading, const Scanner::String& key);
    bool unknown(const Type& model, void* out, const Scanner::String& key, const Location& at,
                 unsigned depth);
    bool pass_over(Reading& reading, std::size_t field);
    bool paths(Reading& reading);
    bool follow(Reading& reading, const detail::ModelTable::Choice& path, std::string_view rest,
                const Location& at, unsigned depth);
    void check_object(Slot slot, const Type& model, void* out, const Location& at,
                      std::string_view json);
    void finish_object(Slot slot, const Type& model, void* out, const Location& at,
                       std::string_view json, std::uint64_t seen, std::vector<Segment>& segments,
                       std::size_t first_fault);
    bool variant(Slot slot, void* out, const Location& at, unsigned depth);
    bool tagged(Slot slot, void* out, const Location& at, unsigned depth);
    bool find_tag(std::string_view alias, unsigned depth, std::optional<std::string>& tag);
    bool wrapped(Slot slot, void* out, const Location& at, unsigned depth);
    class Wrapped;
    void read_again(std::string_view json, Slot slot, void* out, const Location& at, unsigned depth,
                    bool prepared, Faults& faults);
    bool rewritten(Slot slot, void* out, const Location& at, unsigned depth, Before before,
                   bool of_model);
    bool alternative(Slot slot, void* out, const Location& at, unsigned depth, bool is_strict,
                     Ranking& ranking);
    bool any(Slot slot, Json& out, const Location& at, unsigned depth);
    bool raw(Slot slot, RawJson& out, const Location& at, unsigned depth);
    bool any_value(Json& out, unsigned depth);

    /// The value at the cursor is of a wrong type.
    bool refuse(Slot slot, const Location& at, unsigned depth, std::string_view type,
                std::string_view msg);
    /// About the value from `from` to the cursor.
    void fault(Slot slot, const Location& at, const Problem& problem, const char* from);
    void fault_of(Slot slot, const Location& at, const Problem& problem, std::string_view json);
    [[nodiscard]] std::string echo(Slot slot, std::string_view json) const;
    [[nodiscard]] bool enough() const noexcept { return faults_->full() || gave_up_; }

    Scanner in_;
    std::size_t size_;
    Faults* faults_;
    Problem problem_;
    bool strict_ = false;   ///< While alternatives of a variant are tried.
    bool probing_ = false;  ///< The first fault decides: only the verdict is wanted.
    bool hidden_ = false;   ///< In a variant one of whose alternatives is or has a secret.
    bool gave_up_ = false;
    bool prepared_ = false;  ///< The model's `before_validate` has seen what is read next.
    bool inexact_ = false;
    std::size_t members_read_ = 0;
    std::size_t bytes_tried_ = 0;
};

/// How Pydantic names a type in the path to an alternative: "int", "list[str]", "ItemCreate".
[[nodiscard]] std::string alternative_name(Slot slot);

/// Whether some member is read from within the member of that name.
[[nodiscard]] bool begins_path(const detail::ModelTable& table, std::string_view key);

/// An object of some type on the stack or, when large, on the heap.
class Temporary {
public:
    explicit Temporary(const Type& type)
        : type_(type),
          at_(type.size <= sizeof buffer_ && type.alignment <= alignof(std::max_align_t)
                  ? buffer_
                  : static_cast<std::byte*>(
                        ::operator new(type.size, std::align_val_t{type.alignment}))) {
        try {
            type.construct(at_);
        } catch (...) {
            free();
            throw;
        }
    }
    ~Temporary() {
        type_.destroy(at_);
        free();
    }
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;

    [[nodiscard]] void* get() noexcept { return at_; }
    void renew() {
        type_.destroy(at_);
        type_.construct(at_);
    }

private:
    void free() noexcept {
        if (at_ != buffer_) ::operator delete(at_, std::align_val_t{type_.alignment});
    }

    const Type& type_;
    std::byte* at_;
    alignas(std::max_align_t) std::byte buffer_[256];
};

}  // namespace portico::model
