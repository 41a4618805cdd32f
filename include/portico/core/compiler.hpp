#pragma once

// For programs that come by neither CMake nor its refusal: what follows would compile, and then
// corrupt memory. GCC before 14 destroys members twice in `co_await f(Aggregate{…})`,
// `co_await f([captured] {…})` and `condition ? co_await a : b`.
#if defined(__clang__)
#if __clang_major__ < 19
#error "Portico needs Clang 19 or newer"
#endif
#elif defined(__GNUC__) && __GNUC__ < 14
#error "Portico needs Clang 19, or GCC 14 or newer: older GCCs miscompile coroutines"
#endif
