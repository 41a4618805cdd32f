# install(): headers, archives, find_package(Portico CONFIG) and portico.pc.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Portico)
get_property(rooms GLOBAL PROPERTY PORTICO_ROOMS)

install(TARGETS portico ${rooms} EXPORT PorticoTargets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/portico DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(EXPORT PorticoTargets NAMESPACE Portico:: DESTINATION ${package_dir})

configure_package_config_file(cmake/PorticoConfig.cmake.in PorticoConfig.cmake
    INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
# Before 1.0 a minor version may change the API.
write_basic_package_version_file(PorticoConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
    ${PROJECT_BINARY_DIR}/PorticoConfig.cmake ${PROJECT_BINARY_DIR}/PorticoConfigVersion.cmake
    cmake/PorticoCompiler.cmake cmake/PorticoDependencies.cmake
    DESTINATION ${package_dir})

# A static library is linked before those that it uses, so the rooms go last to first.
set(PORTICO_PC_LIBS "")
foreach(room IN LISTS rooms)
    get_target_property(type ${room} TYPE)
    if(type STREQUAL "STATIC_LIBRARY")
        list(PREPEND PORTICO_PC_LIBS -l${room})
    endif()
endforeach()
list(JOIN PORTICO_PC_LIBS " " PORTICO_PC_LIBS)
# The prefix is where the file lies, so that an installed tree can be moved.
file(RELATIVE_PATH PORTICO_PC_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
string(REGEX REPLACE "/$" "" PORTICO_PC_PREFIX ${PORTICO_PC_PREFIX})
configure_file(cmake/portico.pc.in portico.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/portico.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
