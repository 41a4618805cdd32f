# A room is one static library: include/portico/<room>/ is its API, src/<room>/ its sources and
# private headers, tests/<room>/ its tests (one binary a room). Arrows between rooms are the
# DEPENDS lists in src/CMakeLists.txt; scripts/check holds the includes against them.

# portico_room(<name> DEPENDS <rooms> LINK <libraries that the sources use>)
function(portico_room name)
    cmake_parse_arguments(ROOM "" "" "DEPENDS;LINK" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
    list(TRANSFORM ROOM_DEPENDS PREPEND portico_)
    set(kind INTERFACE)
    set(scope INTERFACE)
    if(sources)
        set(kind STATIC)
        set(scope PUBLIC)
    endif()
    add_library(portico_${name} ${kind} ${sources})
    target_link_libraries(portico_${name} ${scope} ${ROOM_DEPENDS})
    target_compile_features(portico_${name} ${scope} cxx_std_23)
    target_include_directories(portico_${name} ${scope}
        $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
    if(sources)
        target_link_libraries(portico_${name}
            PRIVATE $<BUILD_INTERFACE:portico_flags> ${ROOM_LINK})
        target_include_directories(portico_${name} PRIVATE ${PROJECT_SOURCE_DIR}/src)
        portico_precompile(portico_${name})
    endif()
    set_target_properties(portico_${name} PROPERTIES EXPORT_NAME ${name})
    add_library(Portico::${name} ALIAS portico_${name})
    set_property(GLOBAL APPEND PROPERTY PORTICO_ROOMS portico_${name})
endfunction()
