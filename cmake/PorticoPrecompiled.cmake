# With PORTICO_PRECOMPILED, the headers that most sources share are compiled once: a build from
# nothing takes half the time, a change of one source no less. Builds that are thrown away want it.
#
# portico_precompile(<target>): the sources of the target are compiled so.

add_library(portico_flags INTERFACE)
target_compile_options(portico_flags INTERFACE -Wall -Wextra -Wconversion -Wshadow
    -Wno-missing-field-initializers $<$<BOOL:${PORTICO_WERROR}>:-Werror>)

if(PORTICO_PRECOMPILED)
    # A precompiled header serves the sources that are compiled with its very options. Without its
    # time ccache knows it again.
    target_compile_options(portico_flags INTERFACE -pthread
        "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
    add_library(portico_precompiled OBJECT ${CMAKE_CURRENT_LIST_DIR}/precompiled/precompiled.cpp)
    target_link_libraries(portico_precompiled PRIVATE portico_flags fmt::fmt)
    target_compile_features(portico_precompiled PRIVATE cxx_std_23)
    target_precompile_headers(portico_precompiled PRIVATE
        ${CMAKE_CURRENT_LIST_DIR}/precompiled/precompiled.hpp)
endif()

function(portico_precompile target)
    if(PORTICO_PRECOMPILED)
        target_precompile_headers(${target} REUSE_FROM portico_precompiled)
    endif()
endfunction()
