include(${PROJECT_SOURCE_DIR}/cmake/PorticoEmbed.cmake)

# The scripts of /docs, /redoc and /scalar, fetched once for all presets and embedded as read-only bytes.
set(assets ${CMAKE_BINARY_DIR}/docs-assets)
if(PROJECT_IS_TOP_LEVEL)
    set(assets ${PROJECT_SOURCE_DIR}/build/docs-assets)
endif()
execute_process(COMMAND ${CMAKE_COMMAND} -DOUT=${assets} -P ${PROJECT_SOURCE_DIR}/cmake/DocsAssets.cmake
    COMMAND_ERROR_IS_FATAL ANY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/cmake/DocsAssets.cmake)

portico_embed(portico_openapi HEADER openapi_assets.hpp NAMESPACE portico::openapi::assets FILES
    ${assets}/swagger-ui-bundle.js ${assets}/swagger-ui-bundle.js.gz
    ${assets}/swagger-ui.css ${assets}/swagger-ui.css.gz
    ${assets}/redoc.standalone.js ${assets}/redoc.standalone.js.gz
    ${assets}/scalar.standalone.js.gz
    ${assets}/oauth2-redirect.js ${assets}/favicon.png)
