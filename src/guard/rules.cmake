include(${PROJECT_SOURCE_DIR}/cmake/PorticoEmbed.cmake)

# What detection looks for is compiled here, so that a program need not when it starts.
get_target_property(sources portico_guard SOURCES)
list(FILTER sources EXCLUDE REGEX guard/rules/compiler.cpp$)
set_property(TARGET portico_guard PROPERTY SOURCES ${sources})

# Always optimised: its work is the same for every preset.
set(sources compile automaton pattern rule_file names)
list(TRANSFORM sources PREPEND guard/detection/)
list(TRANSFORM sources APPEND .cpp)
add_executable(portico_guard_rules guard/rules/compiler.cpp ${sources})
target_link_libraries(portico_guard_rules PRIVATE portico_flags fmt::fmt)
target_include_directories(portico_guard_rules PRIVATE ${PROJECT_SOURCE_DIR}/include ${CMAKE_CURRENT_SOURCE_DIR})
target_compile_features(portico_guard_rules PRIVATE cxx_std_23)
target_compile_options(portico_guard_rules PRIVATE -O2)

set(compiled ${CMAKE_CURRENT_BINARY_DIR}/guard/built_in)
file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/guard)
file(GLOB rules CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/rules/*.rules)
add_custom_command(OUTPUT ${compiled}.rules ${compiled}.tables
    COMMAND portico_guard_rules ${compiled}.rules ${compiled}.tables ${rules}
    DEPENDS portico_guard_rules ${rules} COMMENT "Compiling the rules of detection" VERBATIM)
portico_embed(portico_guard HEADER guard_rules.hpp NAMESPACE portico::guard::rules
    FILES ${compiled}.rules ${compiled}.tables)
target_sources(portico_guard PRIVATE ${compiled}.rules ${compiled}.tables)
