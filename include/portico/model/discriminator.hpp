#pragma once

#include <cstddef>

#include "portico/model/constraints.hpp"

namespace portico::model {

/// Which member of a variant's models says which of them an object is. Each model has that member
/// as a `Literal`; one look at it decides, and the faults are those of the one model. A model
/// without that member is never chosen.
///
///     struct Cat { Literal<"cat"> kind; int lives; };
///     struct Dog { Literal<"dog", "puppy"> kind; std::string name; };
///     Annotated<std::variant<Cat, Dog>, discriminator("kind")> pet;
template <std::size_t N>
// NOLINTNEXTLINE(readability-identifier-naming): written as a function is.
struct discriminator : detail::Literal<N> {
    consteval explicit discriminator(const char (&literal)[N]) : detail::Literal<N>(literal) {}
    static constexpr Fits kFits = Fits::variants;
    constexpr void apply(Annotations& to) const { to.discriminator = this->view(); }
};

}  // namespace portico::model
