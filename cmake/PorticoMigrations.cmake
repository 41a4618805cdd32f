# portico_migrations(<target> FOLDER <folder> HEADER <name.hpp> NAMESPACE <namespace>)
#
# Makes the SQL files of a folder part of a program: #include "<name.hpp>" gives
# <namespace>::migrations(), a span for portico::db::Migrations. Where the folder has a folder
# "sqlite" or "postgresql", their files are each for one back end; else its files are for any.
function(portico_migrations target)
    cmake_parse_arguments(ARG "" "FOLDER;HEADER;NAMESPACE" "" ${ARGN})
    cmake_path(ABSOLUTE_PATH ARG_FOLDER BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} OUTPUT_VARIABLE folder)
    file(GLOB files CONFIGURE_DEPENDS ${folder}/sqlite/*.sql ${folder}/postgresql/*.sql)
    if(NOT files)
        file(GLOB files CONFIGURE_DEPENDS ${folder}/*.sql)
    endif()
    list(SORT files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
    set(entries "")
    foreach(file IN LISTS files)
        cmake_path(GET file STEM stem)
        if(NOT stem MATCHES "^0*([1-9][0-9]*)_(.+)$")
            message(FATAL_ERROR "expected a name like 0001_create_users.sql, got ${file}")
        endif()
        set(number ${CMAKE_MATCH_1})
        set(name ${CMAKE_MATCH_2})
        cmake_path(GET file PARENT_PATH parent)
        set(dialect "{}")
        if(NOT parent STREQUAL folder)
            cmake_path(GET parent FILENAME dialect)
            set(dialect "portico::db::Dialect::${dialect}")
        endif()
        file(READ ${file} sql)
        string(APPEND entries
            "    {${number}, \"${name}\", R\"portico(${sql})portico\", ${dialect}},\n")
    endforeach()
    cmake_path(GET ARG_HEADER STEM stem)
    set(generated ${CMAKE_CURRENT_BINARY_DIR}/migrations/${target})
    file(WRITE ${generated}/${ARG_HEADER}.new
        "#pragma once\n\n#include <span>\n\n#include \"portico/db/driver.hpp\"\n\n"
        "namespace ${ARG_NAMESPACE} {\n\n"
        "std::span<const portico::db::Migration> migrations() noexcept;\n\n}\n")
    file(WRITE ${generated}/${stem}.cpp.new
        "#include \"${ARG_HEADER}\"\n\nnamespace ${ARG_NAMESPACE} {\n\n"
        "static constexpr portico::db::Migration kMigrations[]{\n${entries}};\n\n"
        "std::span<const portico::db::Migration> migrations() noexcept { return kMigrations; }\n\n}\n")
    configure_file(${generated}/${ARG_HEADER}.new ${generated}/${ARG_HEADER} COPYONLY)
    configure_file(${generated}/${stem}.cpp.new ${generated}/${stem}.cpp COPYONLY)
    target_sources(${target} PRIVATE ${generated}/${stem}.cpp)
    target_include_directories(${target} PRIVATE ${generated})
endfunction()
