#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/pattern.hpp"
#include "portico/http/method.hpp"

namespace portico::app {

/// Finds the route of a path, the first registered of those that match.
///
/// A tree of segments: texts are looked up, parts are tried; a subtree whose first route comes
/// later than the best so far is not entered. Matching allocates nothing and visits each node of
/// the tree at most once, so no path can make it slow.
class RouteTree {
public:
    static constexpr std::uint32_t kNone = UINT32_MAX;

    /// What a route answers: a method's requests, or those that ask for a WebSocket.
    using Slot = std::size_t;
    static constexpr Slot kWebSocket = http::kMethodCount + 1;  // `Method::other` has one too
    [[nodiscard]] static constexpr Slot slot_of(http::Method method) noexcept {
        return static_cast<Slot>(method);
    }

    struct Found {
        std::uint32_t route = kNone;
        /// Where there is no route: the slots, as bits, that have one with that path.
        std::uint32_t slots = 0;
        /// The values of the route's parts, as they stand in the path.
        std::array<std::string_view, kMostParts> values;
    };

    RouteTree() : nodes_(1) {}

    /// Routes are added in the order of their precedence: `route` grows.
    void add(const Pattern& pattern, Slot slot, std::uint32_t route);

    [[nodiscard]] Found find(Slot slot, std::string_view path) const noexcept;

private:
    struct Node {
        struct Part {
            Segment segment;
            std::uint32_t child;
        };
        std::vector<std::pair<std::string, std::uint32_t>> texts;  // sorted
        std::vector<Part> parts;
        std::array<std::uint32_t, kWebSocket + 1> routes = none();
        std::uint32_t first = kNone;  // the least route in this subtree
    };

    static constexpr std::array<std::uint32_t, kWebSocket + 1> none() {
        std::array<std::uint32_t, kWebSocket + 1> routes{};
        routes.fill(kNone);
        return routes;
    }

    struct Search;
    void search(std::uint32_t node, std::string_view rest, bool ended, std::size_t depth,
                Search& search) const noexcept;
    std::uint32_t child_for(std::uint32_t node, const Segment& segment);

    std::vector<Node> nodes_;
};

}  // namespace portico::app
