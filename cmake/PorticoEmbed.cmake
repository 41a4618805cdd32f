# portico_embed(TARGET HEADER <path below the build's include folder> NAMESPACE <ns> FILES <f>…)
#
# Puts files into the program as read-only bytes and declares one std::string_view each, named
# after the file: "swagger-ui.css" becomes swagger_ui_css. The bytes are never copied.
enable_language(ASM)

function(portico_embed target)
    cmake_parse_arguments(EMBED "" "HEADER;NAMESPACE" "FILES" ${ARGN})
    set(folder ${CMAKE_CURRENT_BINARY_DIR}/embedded/${target})
    set(assembly "    .section .rodata\n")
    set(declarations "")
    string(REPLACE "::" "_" prefix ${EMBED_NAMESPACE})
    foreach(file IN LISTS EMBED_FILES)
        get_filename_component(name ${file} NAME)
        string(MAKE_C_IDENTIFIER ${name} name)
        set(symbol ${prefix}_${name})
        string(APPEND assembly
            "    .global ${symbol}_begin\n    .hidden ${symbol}_begin\n"
            "    .global ${symbol}_end\n    .hidden ${symbol}_end\n"
            "    .balign 16\n${symbol}_begin:\n    .incbin \"${file}\"\n${symbol}_end:\n    .byte 0\n")
        string(APPEND declarations
            "extern \"C\" const char ${symbol}_begin[];\nextern \"C\" const char ${symbol}_end[];\n"
            "namespace ${EMBED_NAMESPACE} {\n"
            "[[nodiscard]] inline std::string_view ${name}() noexcept {\n"
            "    return {${symbol}_begin, static_cast<std::size_t>(${symbol}_end - ${symbol}_begin)};\n"
            "}\n}  // namespace ${EMBED_NAMESPACE}\n\n")
    endforeach()
    string(APPEND assembly "    .section .note.GNU-stack,\"\",%progbits\n")
    file(CONFIGURE OUTPUT ${folder}/embedded.S CONTENT "${assembly}" @ONLY)
    file(CONFIGURE OUTPUT ${folder}/${EMBED_HEADER} @ONLY CONTENT
        "#pragma once\n\n#include <cstddef>\n#include <string_view>\n\n${declarations}")
    set_source_files_properties(${folder}/embedded.S PROPERTIES OBJECT_DEPENDS "${EMBED_FILES}")
    target_sources(${target} PRIVATE ${folder}/embedded.S)
    target_include_directories(${target} PRIVATE ${folder})
endfunction()
