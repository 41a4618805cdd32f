# The tests of one room: every tests/<name>/**/*_test.cpp in one binary, portico_<name>_tests.
# THREADS marks a room whose tests start threads: those run under ThreadSanitizer too
# (target portico_threaded_tests, label "threads").
#
# portico_tests(<name> [THREADS] DEPENDS <rooms> LINK <libraries>)

add_custom_target(portico_threaded_tests)

# GoogleTest is most of what a test compiles, so it is compiled once. Test bodies are not worth
# optimising: with the sanitizers that doubles the time it takes to build them.
add_library(portico_test_settings INTERFACE)
target_compile_options(portico_test_settings INTERFACE $<$<CONFIG:Debug>:-O0>
    "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
target_link_libraries(portico_test_settings INTERFACE portico_flags fmt::fmt GTest::gtest_main GTest::gmock)
add_library(portico_test_pch OBJECT ${CMAKE_CURRENT_LIST_DIR}/../tests/support/pch.cpp)
target_link_libraries(portico_test_pch PRIVATE portico_test_settings)
target_compile_features(portico_test_pch PRIVATE cxx_std_23)
target_precompile_headers(portico_test_pch PRIVATE <gmock/gmock.h> <gtest/gtest.h>
    $<$<BOOL:${PORTICO_PRECOMPILED}>:${CMAKE_CURRENT_LIST_DIR}/precompiled/precompiled.hpp>)

function(portico_tests name)
    cmake_parse_arguments(TESTS "THREADS" "" "DEPENDS;LINK" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${name}/*_test.cpp)
    if(NOT sources)
        return()
    endif()
    set(target portico_${name}_tests)
    list(TRANSFORM TESTS_DEPENDS PREPEND portico_)
    add_executable(${target} ${sources})
    target_link_libraries(${target} PRIVATE ${TESTS_DEPENDS} ${TESTS_LINK} portico_test_settings)
    target_precompile_headers(${target} REUSE_FROM portico_test_pch)
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
    target_compile_definitions(${target} PRIVATE
        PORTICO_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/${name}/data")
    add_test(NAME ${name} COMMAND ${target})
    set_tests_properties(${name} PROPERTIES
        TIMEOUT 300
        ENVIRONMENT "GTEST_OUTPUT=xml:${PROJECT_BINARY_DIR}/reports/${name}.xml")
    if(TESTS_THREADS)
        set_tests_properties(${name} PROPERTIES LABELS threads)
        add_dependencies(portico_threaded_tests ${target})
    endif()
endfunction()
