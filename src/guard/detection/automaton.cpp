#include "guard/detection/automaton.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <unordered_map>

namespace portico::guard::detail {
namespace {

constexpr std::size_t kMaxStates = 20'000;
constexpr std::size_t kAlignment = 16;

using Set = std::vector<std::uint32_t>;  // of nodes, sorted

struct SetHash {
    std::size_t operator()(const Set& set) const noexcept {
        std::uint64_t hash = 0xcbf29ce484222325;
        for (const std::uint32_t node : set) hash = (hash ^ node) * 0x100000001b3;
        return hash ^ (hash >> 32);
    }
};

}  // namespace

/// Makes the automaton's states as they are met: each is the set of nodes that a text may be in
/// (Rabin and Scott's construction).
class Automaton::Compiler {
public:
    explicit Compiler(const Nfa& nfa) : nfa_(nfa) {}

    std::optional<Automaton> compile(std::span<const PatternStart> starts) {
        number_classes();
        note_owners();
        intern({});
        for (unsigned before = 0; before < 3; ++before) {
            Set set;
            for (const PatternStart& start : starts) {
                if (start.anchor == Anchor::text_start && before != text_start) continue;
                if (start.anchor == Anchor::word_start && before == word) continue;
                append_closure(start.node, set);
            }
            // A state of its own, though the same nodes may be met later: there is nothing yet that
            // a control character could be in the middle of.
            head_.start[before] = static_cast<std::uint32_t>(sets_.size());
            tidy(set);
            sets_.push_back(std::move(set));
        }
        first_inner_ = sets_.size();
        for (std::size_t from = 1; from < sets_.size(); ++from) {
            if (sets_.size() > kMaxStates) return std::nullopt;
            expand(from);
        }
        return write();
    }

private:
    struct Move {
        std::uint32_t by;
        std::uint32_t to;
        bool operator==(const Move&) const = default;
        auto operator<=>(const Move&) const = default;
    };

    void number_classes() {
        std::map<std::string, std::uint8_t> known;
        std::vector<int> samples;
        for (int b = 0; b < 256; ++b) {
            std::string signature{is_dropped(b) ? 'd' : '-', is_word(b) ? 'w' : '-'};
            for (const ByteSet& set : nfa_.sets) {
                signature += set[static_cast<std::size_t>(b)] ? '1' : '0';
            }
            const auto [at, added] =
                known.try_emplace(signature, static_cast<std::uint8_t>(samples.size()));
            if (added) samples.push_back(b);
            head_.classes[static_cast<std::size_t>(b)] = at->second;
        }
        head_.end_class = static_cast<unsigned>(samples.size());
        stride_ = head_.end_class + 1;
        word_.assign(stride_, false);
        for (unsigned c = 0; c < samples.size(); ++c) {
            word_[c] = is_word(samples[c]);
            if (is_dropped(samples[c])) dropped_.push_back(c);
        }
        for (const ByteSet& set : nfa_.sets) {
            auto& classes = takes_.emplace_back();
            for (unsigned c = 0; c < samples.size(); ++c) {
                if (set[static_cast<std::size_t>(samples[c])]) classes.push_back(c);
            }
        }
    }

    void note_owners() {
        // A pattern's nodes follow its accepting one.
        owner_.resize(nfa_.nodes.size());
        std::uint32_t pattern = 0;
        for (std::size_t node = 0; node < nfa_.nodes.size(); ++node) {
            if (nfa_.nodes[node].kind == Nfa::Kind::accept) pattern = nfa_.nodes[node].next;
            owner_[node] = pattern;
        }
        closures_.resize(nfa_.nodes.size());
    }

    [[nodiscard]] Nfa::Kind kind_of(std::uint32_t node) const { return nfa_.nodes[node].kind; }

    /// What can be reached from `node` for nothing.
    void append_closure(std::uint32_t node, Set& set) {
        Set& closure = closures_[node];
        if (closure.empty()) {
            Set open{node};
            Set seen;
            while (!open.empty()) {
                const std::uint32_t at = open.back();
                open.pop_back();
                if (std::ranges::find(seen, at) != seen.end()) continue;
                seen.push_back(at);
                if (kind_of(at) == Nfa::Kind::split) {
                    open.push_back(nfa_.nodes[at].other);
                    open.push_back(nfa_.nodes[at].next);
                } else {
                    closure.push_back(at);
                }
            }
        }
        set.insert(set.end(), closure.begin(), closure.end());
    }

    /// Sorted, each node once, and of a pattern that has matched no more than that.
    void tidy(Set& set) const {
        std::ranges::sort(set);
        set.erase(std::ranges::unique(set).begin(), set.end());
        Set done;
        for (const std::uint32_t node : set) {
            if (kind_of(node) == Nfa::Kind::accept) done.push_back(owner_[node]);
        }
        if (done.empty()) return;
        std::erase_if(set, [&](std::uint32_t node) {
            return kind_of(node) != Nfa::Kind::accept &&
                   std::ranges::find(done, owner_[node]) != done.end();
        });
    }

    std::uint32_t intern(Set&& set) {
        const auto next = static_cast<std::uint32_t>(sets_.size());
        const auto [at, added] = known_.try_emplace(std::move(set), next);
        if (added) sets_.push_back(at->first);
        return at->second;
    }

    void add_moves(const Set& nodes, bool word_ended) {
        for (const std::uint32_t node : nodes) {
            const auto& [kind, set, next, other] = nfa_.nodes[node];
            if (kind == Nfa::Kind::end) moves_.push_back({head_.end_class, next});
            if (kind == Nfa::Kind::accept && word_ended) {
                for (unsigned by = 0; by < stride_; ++by) {
                    if (!word_[by]) moves_.push_back({by, node});
                }
            }
            if (kind != Nfa::Kind::bytes) continue;
            for (const unsigned by : takes_[set]) {
                if (!word_ended || !word_[by]) moves_.push_back({by, next});
            }
        }
    }

    void expand(std::size_t from) {
        moves_.clear();
        add_moves(sets_[from], false);
        // Where a word may end, what is behind it is tried for the bytes that end it.
        Set behind;
        for (const std::uint32_t node : sets_[from]) {
            if (kind_of(node) == Nfa::Kind::word_end) append_closure(nfa_.nodes[node].next, behind);
        }
        add_moves(behind, true);
        if (from >= first_inner_) {
            for (const unsigned by : dropped_) {
                for (const std::uint32_t node : sets_[from]) {
                    if (kind_of(node) != Nfa::Kind::accept) moves_.push_back({by, node});
                }
            }
        }
        std::ranges::sort(moves_);
        moves_.erase(std::ranges::unique(moves_).begin(), moves_.end());

        rows_.resize(std::max(rows_.size(), (from + 1) * stride_));
        std::vector<std::pair<std::span<const Move>, std::uint32_t>> same;
        for (std::size_t i = 0; i < moves_.size();) {
            std::size_t end = i;
            while (end < moves_.size() && moves_[end].by == moves_[i].by) ++end;
            const std::span group(moves_.begin() + static_cast<std::ptrdiff_t>(i), end - i);
            // Many bytes lead to the same place.
            auto at = std::ranges::find_if(same, [&](const auto& other) {
                return std::ranges::equal(other.first, group, {}, &Move::to, &Move::to);
            });
            if (at == same.end()) {
                Set set;
                for (const Move& move : group) append_closure(move.to, set);
                tidy(set);
                same.emplace_back(group, intern(std::move(set)));
                at = same.end() - 1;
            }
            rows_[from * stride_ + moves_[i].by] = static_cast<std::uint16_t>(at->second);
            i = end;
        }
    }

    /// Numbers the states so that those which accept come last, and writes the tables.
    Automaton write() {
        const std::size_t count = sets_.size();
        auto storage = std::make_shared<Storage>();
        const auto accepts = [&](std::size_t state) {
            return std::ranges::any_of(sets_[state], [&](std::uint32_t node) {
                return kind_of(node) == Nfa::Kind::accept;
            });
        };
        std::vector<std::uint32_t> order(count);
        std::uint32_t number = 0;
        for (std::size_t s = 0; s < count; ++s) {
            if (!accepts(s)) order[s] = number++;
        }
        head_.first_accepting = number;
        for (std::size_t s = 0; s < count; ++s) {
            if (!accepts(s)) continue;
            order[s] = number++;
            const auto first = static_cast<std::uint32_t>(storage->ids.size());
            for (const std::uint32_t node : sets_[s]) {
                if (kind_of(node) == Nfa::Kind::accept) storage->ids.push_back(owner_[node]);
            }
            storage->accepts.push_back(
                {first, static_cast<std::uint32_t>(storage->ids.size()) - first});
        }
        storage->next.resize(count * stride_);
        rows_.resize(count * stride_);
        for (std::size_t s = 0; s < count; ++s) {
            for (unsigned by = 0; by < stride_; ++by) {
                storage->next[order[s] * stride_ + by] =
                    static_cast<std::uint16_t>(order[rows_[s * stride_ + by]]);
            }
        }
        for (auto& start : head_.start) start = order[start];
        head_.states = static_cast<std::uint32_t>(count);
        head_.accepts = static_cast<std::uint32_t>(storage->accepts.size());
        head_.ids = static_cast<std::uint32_t>(storage->ids.size());
        return {head_, storage->next, storage->accepts, storage->ids, storage};
    }

    const Nfa& nfa_;
    Head head_;
    unsigned stride_ = 0;
    std::vector<std::vector<unsigned>> takes_;  // a set of bytes → its classes
    std::vector<bool> word_;                    // by class
    std::vector<unsigned> dropped_;             // classes
    std::vector<std::uint32_t> owner_;          // a node → its pattern
    std::vector<Set> closures_;                 // of nodes, once they are asked for
    std::unordered_map<Set, std::uint32_t, SetHash> known_;
    std::deque<Set> sets_;  // a state → its nodes
    std::size_t first_inner_ = 0;
    std::vector<Move> moves_;
    std::vector<std::uint16_t> rows_;
};

std::expected<Automaton, std::string> Automaton::build(const Nfa& nfa,
                                                       std::span<const PatternStart> starts) {
    auto out = Compiler(nfa).compile(starts);
    if (!out) {
        return std::unexpected(
            "these patterns together need more than 20000 states: \".*\" or a long repetition near "
            "the start of one is the likely cause");
    }
    return std::move(*out);
}

Automaton::Automaton(const Head& head, std::span<const std::uint16_t> next,
                     std::span<const Accepts> accepts, std::span<const std::uint32_t> ids,
                     std::shared_ptr<const Storage> storage)
    : class_(head.classes),
      end_class_(head.end_class),
      stride_(head.end_class + 1),
      start_(head.start),
      first_accepting_(head.first_accepting),
      next_(next),
      accepts_(accepts),
      ids_(ids),
      storage_(std::move(storage)) {}

void Automaton::save(std::string& out) const {
    Head head{.classes = class_,
              .end_class = end_class_,
              .start = start_,
              .first_accepting = first_accepting_,
              .states = static_cast<std::uint32_t>(states()),
              .accepts = static_cast<std::uint32_t>(accepts_.size()),
              .ids = static_cast<std::uint32_t>(ids_.size())};
    const auto append = [&](const void* bytes, std::size_t size) {
        out.append(static_cast<const char*>(bytes), size);
        out.resize((out.size() + kAlignment - 1) / kAlignment * kAlignment);
    };
    append(&head, sizeof head);
    append(next_.data(), next_.size_bytes());
    append(accepts_.data(), accepts_.size_bytes());
    append(ids_.data(), ids_.size_bytes());
}

Automaton Automaton::load(std::string_view& saved) {
    const auto take = [&]<class T>(std::size_t count) {
        // They were written by `save`, as what they are read as, at an aligned place.
        const std::span<const T> out(reinterpret_cast<const T*>(saved.data()), count);
        saved.remove_prefix((out.size_bytes() + kAlignment - 1) / kAlignment * kAlignment);
        return out;
    };
    const Head& head = take.operator()<Head>(1).front();
    const auto next =
        take.operator()<std::uint16_t>(std::size_t{head.states} * (head.end_class + 1));
    const auto accepts = take.operator()<Accepts>(head.accepts);
    const auto ids = take.operator()<std::uint32_t>(head.ids);
    return {head, next, accepts, ids, nullptr};
}

bool Automaton::may_start(Before before, std::span<const unsigned> prefix) const noexcept {
    std::uint32_t state = start_[before];
    for (const unsigned byte : prefix) {
        state = next_[state * stride_ + (byte == kEnd ? end_class_ : class_[byte])];
        if (state == kDead) return false;
        if (state >= first_accepting_) return true;
        if (byte == kEnd) return false;
    }
    return true;
}

std::size_t Automaton::memory() const noexcept {
    return next_.size_bytes() + accepts_.size_bytes() + ids_.size_bytes();
}

}  // namespace portico::guard::detail
