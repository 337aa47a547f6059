# SPDX-License-Identifier: MIT
# HTTP for the native host: libcurl as the client, HTTP only, on mbedTLS with its TLS client and X.509; civetweb as
# the server.
include(ExternalProject)

set(mbed "${SRC}/mbedtls")

# Their headers, with our changes at the end of the configuration.
set(mbed_include "${CMAKE_CURRENT_BINARY_DIR}/mbedtls/include")
file(COPY ${mbed}/include/mbedtls ${mbed}/include/psa DESTINATION ${mbed_include} FILES_MATCHING PATTERN "*.h")
file(READ ${mbed}/include/mbedtls/mbedtls_config.h theirs)
file(READ ${CONFIG}/mbedtls_host.h ours)
file(CONFIGURE OUTPUT ${mbed_include}/mbedtls/mbedtls_config.h CONTENT "@theirs@\n@ours@" @ONLY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CONFIG}/mbedtls_host.h)

file(GLOB mbed_sources ${mbed}/library/*.c)
set(tls ${mbed_sources})
list(FILTER tls INCLUDE REGEX "/(ssl_[a-z0-9_]*|debug|mps_[a-z]*|net_sockets)\\.c$")
set(x509 ${mbed_sources})
list(FILTER x509 INCLUDE REGEX "/(x509[a-z_]*|pkcs7)\\.c$")
set(crypto ${mbed_sources})
list(REMOVE_ITEM crypto ${tls} ${x509})

foreach(part IN ITEMS tls x509 crypto)
  add_dependency(mbed${part} ${${part}})
  target_include_directories(mbed${part} PRIVATE ${mbed_include} ${mbed}/library)
endforeach()

ExternalProject_Add(
  curl
  SOURCE_DIR ${SRC}/curl
  BINARY_DIR ${CMAKE_CURRENT_BINARY_DIR}/curl
  DEPENDS mbedtls mbedx509 mbedcrypto
  CMAKE_ARGS
    -DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE}
    -DCMAKE_C_COMPILER=${CMAKE_C_COMPILER}
    "-DCMAKE_C_FLAGS=${CMAKE_C_FLAGS} -w -ffunction-sections -fdata-sections"
    -DCMAKE_C_FLAGS_RELEASE=-O2\ -DNDEBUG
    -DCMAKE_POSITION_INDEPENDENT_CODE=ON
    -DMBEDTLS_INCLUDE_DIR=${mbed_include}
    -DMBEDTLS_LIBRARY=$<TARGET_FILE:mbedtls>
    -DMBEDX509_LIBRARY=$<TARGET_FILE:mbedx509>
    -DMBEDCRYPTO_LIBRARY=$<TARGET_FILE:mbedcrypto>
    -DCURL_USE_MBEDTLS=ON
    -DCURL_USE_OPENSSL=OFF
    -DCURL_USE_PKGCONFIG=OFF
    -DHTTP_ONLY=ON
    -DBUILD_CURL_EXE=OFF
    -DBUILD_SHARED_LIBS=OFF
    -DBUILD_STATIC_LIBS=ON
    -DBUILD_TESTING=OFF
    -DBUILD_EXAMPLES=OFF
    -DBUILD_LIBCURL_DOCS=OFF
    -DBUILD_MISC_DOCS=OFF
    -DENABLE_CURL_MANUAL=OFF
    -DENABLE_UNIX_SOCKETS=OFF
    -DENABLE_THREADED_RESOLVER=ON
    -DCURL_DISABLE_WEBSOCKETS=ON
    -DCURL_DISABLE_ALTSVC=ON
    -DCURL_DISABLE_HSTS=ON
    -DCURL_DISABLE_COOKIES=ON
    -DCURL_DISABLE_NETRC=ON
    -DCURL_DISABLE_DOH=ON
    -DCURL_DISABLE_FORM_API=ON
    -DCURL_DISABLE_MIME=ON
    -DCURL_DISABLE_NTLM=ON
    -DCURL_DISABLE_KERBEROS_AUTH=ON
    -DCURL_DISABLE_NEGOTIATE_AUTH=ON
    -DCURL_DISABLE_AWS=ON
    -DCURL_DISABLE_DIGEST_AUTH=ON
    -DCURL_DISABLE_BEARER_AUTH=ON
    -DCURL_DISABLE_LIBCURL_OPTION=ON
    -DCMAKE_UNITY_BUILD=ON
    -DENABLE_CURLDEBUG=OFF
    -DCURL_DISABLE_SHA512_256=ON
    -DCURL_DISABLE_PROGRESS_METER=ON
    -DCURL_ZLIB=OFF
    -DCURL_BROTLI=OFF
    -DCURL_ZSTD=OFF
    -DUSE_NGHTTP2=OFF
    -DUSE_LIBIDN2=OFF
    -DCURL_USE_LIBPSL=OFF
    -DCURL_USE_LIBSSH2=OFF
    -DCURL_USE_GSSAPI=OFF
  INSTALL_COMMAND "")
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/curl/lib/libcurl.a DESTINATION lib)
install(DIRECTORY ${SRC}/curl/include/curl DESTINATION include FILES_MATCHING PATTERN "*.h")

# civetweb: HTTP/1.1 and WebSocket, and nothing that touches a file. It is upstream's 1.16 without the distribution's
# patches, so what is known of that is kept out by what is not compiled or called: redirecting to directories
# (CVE-2025-55763) is part of serving files, which NO_FILES leaves out; mg_handle_form_request (CVE-2025-9648), which
# reads forms, is called by nothing, so no link of ours keeps it.
# The quantum is how long it may take to notice that it is to stop.
add_dependency(civetweb ${CONFIG}/civetweb/bounded.c)
target_include_directories(civetweb PRIVATE ${SRC}/civetweb/include ${SRC}/civetweb/src ${CONFIG}/civetweb)
target_compile_definitions(civetweb PRIVATE USE_WEBSOCKET USE_IPV6 NO_SSL NO_CGI NO_CACHING NO_FILES NO_FILESYSTEMS
                                            MG_EXTERNAL_FUNCTION_mg_cry_internal_impl MG_EXTERNAL_FUNCTION_log_access
                                            STOP_FLAG_NEEDS_LOCK SOCKET_TIMEOUT_QUANTUM=100)
install(FILES ${SRC}/civetweb/include/civetweb.h DESTINATION include)
