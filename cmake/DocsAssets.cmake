# The pages' scripts: swagger-ui-dist, redoc and @scalar/api-reference (MIT), fixed versions from
# npm, checked against the SHA-512 that npm publishes, never committed. Nothing of them is run at
# build time.
#
#     cmake -DOUT=<folder> -P cmake/DocsAssets.cmake
cmake_minimum_required(VERSION 3.25)

set(swagger-ui-dist_VERSION 5.35.0)
set(swagger-ui-dist_SHA512
    "U06rpMtW9V3XPGOBeamTUSr0Z09jMX4IJuANpE/EZbAhw0G8CgwrzU4YmXkn/h0wCDNsXdGarTNNHC3sU8yVUQ==")
set(redoc_VERSION 2.5.4)
set(redoc_SHA512
    "M6jWhG1qoBnH6TFmzJnstyCZ87HmOY/UzDm78mHiYihEdlV/YcS9ogOo1NlElnJMeLsyxHFe2yFc4sNjHTrABQ==")

set(scalar_PACKAGE "@scalar/api-reference")
set(scalar_VERSION 1.46.4)
set(scalar_SHA512
    "EpCcOG15Ry8DKNs/f5AdRA97s1B5kGPekzANpnK0j1IpyU4Sb/mfdyfB00WC+vUo7hfc4BFRSkkiPa5SSM7fng==")
set(packages swagger-ui-dist redoc scalar)

file(MAKE_DIRECTORY ${OUT})
file(LOCK ${OUT} DIRECTORY TIMEOUT 300)
set(stamp "")
foreach(package ${packages})
    string(APPEND stamp "${package} ${${package}_VERSION}\n")
endforeach()
if(EXISTS ${OUT}/stamp)
    file(READ ${OUT}/stamp present)
    if(present STREQUAL stamp)
        return()
    endif()
endif()

find_program(NPM npm REQUIRED)
find_program(OPENSSL openssl REQUIRED)
foreach(name ${packages})
    set(package ${name})
    if(DEFINED ${name}_PACKAGE)
        set(package ${${name}_PACKAGE})
    endif()
    set(version ${${name}_VERSION})
    message(STATUS "Fetching ${package} ${version} for the docs pages")
    execute_process(COMMAND ${NPM} pack --silent ${package}@${version} WORKING_DIRECTORY ${OUT}
        OUTPUT_QUIET ERROR_VARIABLE error RESULT_VARIABLE failed)
    if(failed)
        message(FATAL_ERROR "npm pack ${package}@${version} failed:\n${error}")
    endif()
    # npm calls the archive of "@scalar/api-reference" scalar-api-reference.
    string(REGEX REPLACE "^@" "" archive ${package})
    string(REPLACE "/" "-" archive ${archive})
    set(archive ${OUT}/${archive}-${version}.tgz)
    execute_process(COMMAND ${OPENSSL} dgst -sha512 -binary ${archive}
        COMMAND ${OPENSSL} base64 -A OUTPUT_VARIABLE digest)
    if(NOT digest STREQUAL ${name}_SHA512)
        file(REMOVE ${archive})
        message(FATAL_ERROR "${package} ${version} is not the archive that was reviewed: its SHA-512 "
            "is ${digest}")
    endif()
    file(ARCHIVE_EXTRACT INPUT ${archive} DESTINATION ${OUT}/${name})
    file(REMOVE ${archive})
endforeach()

file(COPY_FILE ${OUT}/swagger-ui-dist/package/swagger-ui-bundle.js ${OUT}/swagger-ui-bundle.js)
file(COPY_FILE ${OUT}/swagger-ui-dist/package/swagger-ui.css ${OUT}/swagger-ui.css)
file(COPY_FILE ${OUT}/swagger-ui-dist/package/favicon-32x32.png ${OUT}/favicon.png)
file(COPY_FILE ${OUT}/swagger-ui-dist/package/oauth2-redirect.js ${OUT}/oauth2-redirect.js)

# ReDoc shows its maker's logo from a remote host: no page of ours may leave the machine.
file(READ ${OUT}/redoc/package/bundles/redoc.standalone.js redoc)
string(REPLACE "https://cdn.redoc.ly/redoc/logo-mini.svg"
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E" redoc "${redoc}")
if(redoc MATCHES "cdn\\.redoc\\.ly")
    message(FATAL_ERROR "redoc ${redoc_VERSION} still asks a remote host for its logo")
endif()
file(WRITE ${OUT}/redoc.standalone.js "${redoc}")
file(COPY_FILE ${OUT}/scalar/package/dist/browser/standalone.js
    ${OUT}/scalar.standalone.js)

find_program(GZIP gzip REQUIRED)
foreach(name swagger-ui-bundle.js swagger-ui.css redoc.standalone.js scalar.standalone.js)
    execute_process(COMMAND ${GZIP} -9 -n -k -f ${OUT}/${name} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
file(REMOVE_RECURSE ${OUT}/swagger-ui-dist ${OUT}/redoc ${OUT}/scalar)
file(WRITE ${OUT}/stamp "${stamp}")
