# Says in PORTICO_COMPILER_REFUSED why this compiler can't build Portico or a program that uses it;
# empty when it can. Read by the build and by the installed PorticoConfig.cmake.

set(PORTICO_COMPILER_REFUSED "")
set(_portico_compiler "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}")
set(_portico_advice
    "Portico needs Clang 19 or newer. On Debian 12:\n"
    "  apt-get install clang-19 libclang-rt-19-dev lld-19\n"
    "  cmake -DCMAKE_C_COMPILER=clang-19 -DCMAKE_CXX_COMPILER=clang++-19 ...\n"
    "In a clone of Portico, scripts/setup does the first and `cmake --preset dev` the second.")
string(JOIN "" _portico_advice ${_portico_advice})

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
        set(PORTICO_COMPILER_REFUSED
            "${_portico_compiler} is refused: GCC before 14 miscompiles coroutines. In\n"
            "  co_await f(Aggregate{...})      co_await f([captured] {...})\n"
            "  condition ? co_await a : b\n"
            "it destroys members twice, so that programs compile and then corrupt memory.\n"
            "${_portico_advice}")
        string(JOIN "" PORTICO_COMPILER_REFUSED ${PORTICO_COMPILER_REFUSED})
    else()
        message(STATUS "Portico: ${_portico_compiler} is meant to work, but untested")
    endif()
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 19)
        set(PORTICO_COMPILER_REFUSED
            "${_portico_compiler} is refused: it lacks parts of C++23 that Portico stands on.\n${_portico_advice}")
    endif()
else()
    message(STATUS "Portico: ${_portico_compiler} is untested; Clang 19 is what it is built with")
endif()
