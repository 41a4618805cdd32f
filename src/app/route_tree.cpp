#include "app/route_tree.hpp"

#include <algorithm>

namespace portico::app {

struct RouteTree::Search {
    Slot slot;
    Found found;
    std::array<std::string_view, kMostParts> values;
};

std::uint32_t RouteTree::child_for(std::uint32_t node, const Segment& segment) {
    const auto fresh = static_cast<std::uint32_t>(nodes_.size());
    if (segment.name.empty()) {
        auto& texts = nodes_[node].texts;
        const auto at = std::ranges::lower_bound(texts, segment.prefix, {},
                                                 &std::pair<std::string, std::uint32_t>::first);
        if (at != texts.end() && at->first == segment.prefix) return at->second;
        texts.emplace(at, segment.prefix, fresh);
    } else {
        for (const auto& part : nodes_[node].parts) {
            if (part.segment.prefix == segment.prefix && part.segment.suffix == segment.suffix &&
                part.segment.converter == segment.converter) {
                return part.child;
            }
        }
        nodes_[node].parts.push_back({segment, fresh});
    }
    nodes_.emplace_back();
    return fresh;
}

void RouteTree::add(const Pattern& pattern, Slot slot, std::uint32_t route) {
    std::uint32_t node = 0;
    nodes_[node].first = std::min(nodes_[node].first, route);
    for (const Segment& segment : pattern.segments) {
        node = child_for(node, segment);
        nodes_[node].first = std::min(nodes_[node].first, route);
    }
    auto& first = nodes_[node].routes[slot];
    first = std::min(first, route);
}

void RouteTree::search(std::uint32_t index, std::string_view rest, bool ended, std::size_t depth,
                       Search& search) const noexcept {
    const Node& node = nodes_[index];
    if (ended) {
        auto route = node.routes[search.slot];
        // RFC 9110 §9.3.2: HEAD is GET without the content.
        if (search.slot == slot_of(http::Method::head) && route == kNone) {
            route = node.routes[slot_of(http::Method::get)];
        }
        if (route == kNone) {
            for (Slot slot = 0; slot < node.routes.size(); ++slot) {
                if (node.routes[slot] != kNone) search.found.slots |= 1U << slot;
            }
        } else if (route < search.found.route) {
            search.found.route = route;
            std::copy_n(search.values.begin(), depth, search.found.values.begin());
        }
        return;
    }
    const auto slash = rest.find('/');
    const auto segment = rest.substr(0, slash);
    const auto after = slash == rest.npos ? std::string_view{} : rest.substr(slash + 1);
    const bool last = slash == rest.npos;

    const auto text = std::lower_bound(
        node.texts.begin(), node.texts.end(), segment,
        [](const auto& entry, std::string_view wanted) { return entry.first < wanted; });
    if (text != node.texts.end() && text->first == segment &&
        nodes_[text->second].first < search.found.route) {
        this->search(text->second, after, last, depth, search);
    }
    for (const auto& part : node.parts) {
        if (nodes_[part.child].first >= search.found.route) continue;
        if (part.segment.converter == Converter::path) {
            search.values[depth] = rest;
            this->search(part.child, {}, true, depth + 1, search);
        } else if (part.segment.takes(segment, search.values[depth])) {
            this->search(part.child, after, last, depth + 1, search);
        }
    }
}

RouteTree::Found RouteTree::find(Slot slot, std::string_view path) const noexcept {
    Search state{.slot = slot, .found = {}, .values = {}};
    if (path.starts_with('/')) search(0, path.substr(1), false, 0, state);
    return state.found;
}

}  // namespace portico::app
