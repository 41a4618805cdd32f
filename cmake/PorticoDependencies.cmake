# The libraries that the rooms link, in one list for the build and for the installed package.

set(PORTICO_PACKAGES "Threads" "OpenSSL 3" "fmt" "simdjson" "ZLIB" "SQLite3")
# <imported target>=<pkg-config module>, for those that bring no CMake package.
set(PORTICO_MODULES "argon2=libargon2" "re2=re2" "idn2=libidn2" "libpq=libpq" "hiredis=hiredis" "maxminddb=libmaxminddb"
    "prometheus=prometheus-cpp-core")

macro(portico_find_modules)
    find_package(PkgConfig REQUIRED)
    foreach(_portico_module IN LISTS PORTICO_MODULES)
        string(REPLACE "=" ";" _portico_module ${_portico_module})
        list(GET _portico_module 0 _portico_target)
        list(GET _portico_module 1 _portico_module)
        if(NOT TARGET PkgConfig::${_portico_target})
            pkg_check_modules(${_portico_target} REQUIRED IMPORTED_TARGET GLOBAL ${_portico_module})
        endif()
    endforeach()
    if(NOT TARGET re2::re2)
        add_library(re2::re2 INTERFACE IMPORTED GLOBAL)
        target_link_libraries(re2::re2 INTERFACE PkgConfig::re2)
    endif()
endmacro()

macro(portico_find_dependencies)
    foreach(_portico_package IN LISTS PORTICO_PACKAGES)
        string(REPLACE " " ";" _portico_package ${_portico_package})
        find_package(${_portico_package} REQUIRED)
    endforeach()
    portico_find_modules()
endmacro()
