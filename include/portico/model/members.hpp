#pragma once

#include <cstddef>

/// The members of an aggregate, for each number of them up to 64. C++23 can't name "all bindings"
/// (C++26 can: P1061), so there is a rung for every count; nothing else is here.
namespace portico::model::detail {

inline constexpr std::size_t kMostMembers = 64;

/// An object that is never made: the addresses of its members are names, at compile time.
template <class T>
struct Unmade {
    T value;
};

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-internal"
#pragma clang diagnostic ignored "-Wundefined-var-template"
#endif

template <class T>
extern const Unmade<T> unmade;

/// Its own signature, which spells the members out: "… <&unmade.value.id, &unmade.value.name>".
template <auto... Pointers>
consteval const char* spell() {
    return __PRETTY_FUNCTION__;
}

template <std::size_t Count>
struct Members;

// clang-format off
#define PORTICO_SAME(m) m
#define PORTICO_ADDRESS(m) &m
#define PORTICO_LIST_1(f) f(m1)
#define PORTICO_LIST_2(f) PORTICO_LIST_1(f), f(m2)
#define PORTICO_LIST_3(f) PORTICO_LIST_2(f), f(m3)
#define PORTICO_LIST_4(f) PORTICO_LIST_3(f), f(m4)
#define PORTICO_LIST_5(f) PORTICO_LIST_4(f), f(m5)
#define PORTICO_LIST_6(f) PORTICO_LIST_5(f), f(m6)
#define PORTICO_LIST_7(f) PORTICO_LIST_6(f), f(m7)
#define PORTICO_LIST_8(f) PORTICO_LIST_7(f), f(m8)
#define PORTICO_LIST_9(f) PORTICO_LIST_8(f), f(m9)
#define PORTICO_LIST_10(f) PORTICO_LIST_9(f), f(m10)
#define PORTICO_LIST_11(f) PORTICO_LIST_10(f), f(m11)
#define PORTICO_LIST_12(f) PORTICO_LIST_11(f), f(m12)
#define PORTICO_LIST_13(f) PORTICO_LIST_12(f), f(m13)
#define PORTICO_LIST_14(f) PORTICO_LIST_13(f), f(m14)
#define PORTICO_LIST_15(f) PORTICO_LIST_14(f), f(m15)
#define PORTICO_LIST_16(f) PORTICO_LIST_15(f), f(m16)
#define PORTICO_LIST_17(f) PORTICO_LIST_16(f), f(m17)
#define PORTICO_LIST_18(f) PORTICO_LIST_17(f), f(m18)
#define PORTICO_LIST_19(f) PORTICO_LIST_18(f), f(m19)
#define PORTICO_LIST_20(f) PORTICO_LIST_19(f), f(m20)
#define PORTICO_LIST_21(f) PORTICO_LIST_20(f), f(m21)
#define PORTICO_LIST_22(f) PORTICO_LIST_21(f), f(m22)
#define PORTICO_LIST_23(f) PORTICO_LIST_22(f), f(m23)
#define PORTICO_LIST_24(f) PORTICO_LIST_23(f), f(m24)
#define PORTICO_LIST_25(f) PORTICO_LIST_24(f), f(m25)
#define PORTICO_LIST_26(f) PORTICO_LIST_25(f), f(m26)
#define PORTICO_LIST_27(f) PORTICO_LIST_26(f), f(m27)
#define PORTICO_LIST_28(f) PORTICO_LIST_27(f), f(m28)
#define PORTICO_LIST_29(f) PORTICO_LIST_28(f), f(m29)
#define PORTICO_LIST_30(f) PORTICO_LIST_29(f), f(m30)
#define PORTICO_LIST_31(f) PORTICO_LIST_30(f), f(m31)
#define PORTICO_LIST_32(f) PORTICO_LIST_31(f), f(m32)
#define PORTICO_LIST_33(f) PORTICO_LIST_32(f), f(m33)
#define PORTICO_LIST_34(f) PORTICO_LIST_33(f), f(m34)
#define PORTICO_LIST_35(f) PORTICO_LIST_34(f), f(m35)
#define PORTICO_LIST_36(f) PORTICO_LIST_35(f), f(m36)
#define PORTICO_LIST_37(f) PORTICO_LIST_36(f), f(m37)
#define PORTICO_LIST_38(f) PORTICO_LIST_37(f), f(m38)
#define PORTICO_LIST_39(f) PORTICO_LIST_38(f), f(m39)
#define PORTICO_LIST_40(f) PORTICO_LIST_39(f), f(m40)
#define PORTICO_LIST_41(f) PORTICO_LIST_40(f), f(m41)
#define PORTICO_LIST_42(f) PORTICO_LIST_41(f), f(m42)
#define PORTICO_LIST_43(f) PORTICO_LIST_42(f), f(m43)
#define PORTICO_LIST_44(f) PORTICO_LIST_43(f), f(m44)
#define PORTICO_LIST_45(f) PORTICO_LIST_44(f), f(m45)
#define PORTICO_LIST_46(f) PORTICO_LIST_45(f), f(m46)
#define PORTICO_LIST_47(f) PORTICO_LIST_46(f), f(m47)
#define PORTICO_LIST_48(f) PORTICO_LIST_47(f), f(m48)
#define PORTICO_LIST_49(f) PORTICO_LIST_48(f), f(m49)
#define PORTICO_LIST_50(f) PORTICO_LIST_49(f), f(m50)
#define PORTICO_LIST_51(f) PORTICO_LIST_50(f), f(m51)
#define PORTICO_LIST_52(f) PORTICO_LIST_51(f), f(m52)
#define PORTICO_LIST_53(f) PORTICO_LIST_52(f), f(m53)
#define PORTICO_LIST_54(f) PORTICO_LIST_53(f), f(m54)
#define PORTICO_LIST_55(f) PORTICO_LIST_54(f), f(m55)
#define PORTICO_LIST_56(f) PORTICO_LIST_55(f), f(m56)
#define PORTICO_LIST_57(f) PORTICO_LIST_56(f), f(m57)
#define PORTICO_LIST_58(f) PORTICO_LIST_57(f), f(m58)
#define PORTICO_LIST_59(f) PORTICO_LIST_58(f), f(m59)
#define PORTICO_LIST_60(f) PORTICO_LIST_59(f), f(m60)
#define PORTICO_LIST_61(f) PORTICO_LIST_60(f), f(m61)
#define PORTICO_LIST_62(f) PORTICO_LIST_61(f), f(m62)
#define PORTICO_LIST_63(f) PORTICO_LIST_62(f), f(m63)
#define PORTICO_LIST_64(f) PORTICO_LIST_63(f), f(m64)

#define PORTICO_RUNG(count)                                          \
    template <>                                                      \
    struct Members<count> {                                          \
        template <class T, class Visit>                              \
        static void visit(T& object, Visit visit) {                  \
            auto& [PORTICO_LIST_##count(PORTICO_SAME)] = object;     \
            visit(PORTICO_LIST_##count(PORTICO_SAME));               \
        }                                                            \
        template <class T>                                           \
        static consteval const char* names() {                       \
            auto& [PORTICO_LIST_##count(PORTICO_SAME)] = unmade<T>.value; \
            return spell<PORTICO_LIST_##count(PORTICO_ADDRESS)>();   \
        }                                                            \
    };

PORTICO_RUNG(1) PORTICO_RUNG(2) PORTICO_RUNG(3) PORTICO_RUNG(4) PORTICO_RUNG(5) PORTICO_RUNG(6) PORTICO_RUNG(7) PORTICO_RUNG(8)
PORTICO_RUNG(9) PORTICO_RUNG(10) PORTICO_RUNG(11) PORTICO_RUNG(12) PORTICO_RUNG(13) PORTICO_RUNG(14) PORTICO_RUNG(15) PORTICO_RUNG(16)
PORTICO_RUNG(17) PORTICO_RUNG(18) PORTICO_RUNG(19) PORTICO_RUNG(20) PORTICO_RUNG(21) PORTICO_RUNG(22) PORTICO_RUNG(23) PORTICO_RUNG(24)
PORTICO_RUNG(25) PORTICO_RUNG(26) PORTICO_RUNG(27) PORTICO_RUNG(28) PORTICO_RUNG(29) PORTICO_RUNG(30) PORTICO_RUNG(31) PORTICO_RUNG(32)
PORTICO_RUNG(33) PORTICO_RUNG(34) PORTICO_RUNG(35) PORTICO_RUNG(36) PORTICO_RUNG(37) PORTICO_RUNG(38) PORTICO_RUNG(39) PORTICO_RUNG(40)
PORTICO_RUNG(41) PORTICO_RUNG(42) PORTICO_RUNG(43) PORTICO_RUNG(44) PORTICO_RUNG(45) PORTICO_RUNG(46) PORTICO_RUNG(47) PORTICO_RUNG(48)
PORTICO_RUNG(49) PORTICO_RUNG(50) PORTICO_RUNG(51) PORTICO_RUNG(52) PORTICO_RUNG(53) PORTICO_RUNG(54) PORTICO_RUNG(55) PORTICO_RUNG(56)
PORTICO_RUNG(57) PORTICO_RUNG(58) PORTICO_RUNG(59) PORTICO_RUNG(60) PORTICO_RUNG(61) PORTICO_RUNG(62) PORTICO_RUNG(63) PORTICO_RUNG(64)

#undef PORTICO_RUNG
#undef PORTICO_LIST_1
#undef PORTICO_LIST_2
#undef PORTICO_LIST_3
#undef PORTICO_LIST_4
#undef PORTICO_LIST_5
#undef PORTICO_LIST_6
#undef PORTICO_LIST_7
#undef PORTICO_LIST_8
#undef PORTICO_LIST_9
#undef PORTICO_LIST_10
#undef PORTICO_LIST_11
#undef PORTICO_LIST_12
#undef PORTICO_LIST_13
#undef PORTICO_LIST_14
#undef PORTICO_LIST_15
#undef PORTICO_LIST_16
#undef PORTICO_LIST_17
#undef PORTICO_LIST_18
#undef PORTICO_LIST_19
#undef PORTICO_LIST_20
#undef PORTICO_LIST_21
#undef PORTICO_LIST_22
#undef PORTICO_LIST_23
#undef PORTICO_LIST_24
#undef PORTICO_LIST_25
#undef PORTICO_LIST_26
#undef PORTICO_LIST_27
#undef PORTICO_LIST_28
#undef PORTICO_LIST_29
#undef PORTICO_LIST_30
#undef PORTICO_LIST_31
#undef PORTICO_LIST_32
#undef PORTICO_LIST_33
#undef PORTICO_LIST_34
#undef PORTICO_LIST_35
#undef PORTICO_LIST_36
#undef PORTICO_LIST_37
#undef PORTICO_LIST_38
#undef PORTICO_LIST_39
#undef PORTICO_LIST_40
#undef PORTICO_LIST_41
#undef PORTICO_LIST_42
#undef PORTICO_LIST_43
#undef PORTICO_LIST_44
#undef PORTICO_LIST_45
#undef PORTICO_LIST_46
#undef PORTICO_LIST_47
#undef PORTICO_LIST_48
#undef PORTICO_LIST_49
#undef PORTICO_LIST_50
#undef PORTICO_LIST_51
#undef PORTICO_LIST_52
#undef PORTICO_LIST_53
#undef PORTICO_LIST_54
#undef PORTICO_LIST_55
#undef PORTICO_LIST_56
#undef PORTICO_LIST_57
#undef PORTICO_LIST_58
#undef PORTICO_LIST_59
#undef PORTICO_LIST_60
#undef PORTICO_LIST_61
#undef PORTICO_LIST_62
#undef PORTICO_LIST_63
#undef PORTICO_LIST_64
#undef PORTICO_ADDRESS
#undef PORTICO_SAME
// clang-format on

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

}  // namespace portico::model::detail
