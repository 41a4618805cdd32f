#pragma once

#include <type_traits>

namespace portico::app::detail {

template <class R, class... A>
struct SignatureOf {
    using Result = R;
    template <template <class...> class To>
    using Apply = To<A...>;
};

/// The parameters and the result of a function or of an object's one call operator.
template <class F>
struct Signature {
    static_assert(
        requires { &F::operator(); },
        "a handler or dependency must be a function, or an object with exactly one "
        "operator() whose parameters have types: a generic lambda can't be bound");
    using Type = typename Signature<decltype(&F::operator())>::Type;
};

template <class R, class... A>
struct Signature<R(A...)> {
    using Type = SignatureOf<R, A...>;
};
template <class R, class... A>
struct Signature<R(A...) noexcept> : Signature<R(A...)> {};
template <class R, class... A>
struct Signature<R (*)(A...)> : Signature<R(A...)> {};
template <class R, class... A>
struct Signature<R (*)(A...) noexcept> : Signature<R(A...)> {};
template <class R, class C, class... A>
struct Signature<R (C::*)(A...)> : Signature<R(A...)> {};
template <class R, class C, class... A>
struct Signature<R (C::*)(A...) const> : Signature<R(A...)> {};
template <class R, class C, class... A>
struct Signature<R (C::*)(A...) noexcept> : Signature<R(A...)> {};
template <class R, class C, class... A>
struct Signature<R (C::*)(A...) const noexcept> : Signature<R(A...)> {};

template <class F>
using SignatureType = typename Signature<std::remove_cvref_t<F>>::Type;

}  // namespace portico::app::detail
