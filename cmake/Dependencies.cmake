# SPDX-License-Identifier: MIT
# The libraries that the SDK stands on, as imported targets openledger::NAME. By default they come from the
# prefix that scripts/setup built for this kind of build; with OL_SYSTEM_DEPS from wherever CMake finds them.

option(OL_SYSTEM_DEPS "Use installed libraries instead of those that scripts/setup builds" OFF)
set(OL_DEPS_DIR "${PROJECT_SOURCE_DIR}/build/deps" CACHE PATH "Where scripts/setup put its prefixes")

if(OL_WASM)
  set(ol_prefix ${OL_DEPS_DIR}/wasm)
elseif(OL_SANITIZE OR OL_FUZZ)
  set(ol_prefix ${OL_DEPS_DIR}/asan)
else()
  set(ol_prefix ${OL_DEPS_DIR}/native)
endif()

# Reads the version that a header defines as a string.
function(ol_header_version out file macro)
  file(STRINGS ${file} line REGEX "^#[ \t]*define[ \t]+${macro}[ \t]+\"")
  string(REGEX MATCH "\"([0-9]+(\\.[0-9]+)*)" _ "${line}")
  set(${out} "${CMAKE_MATCH_1}" PARENT_SCOPE)
endfunction()

#   ol_dependency(NAME HEADER h LIBRARIES l... [PREFIX p] [VERSION_FILE f VERSION_MACRO m MINIMUM v [BELOW v]]
#                 [DECLARES function AS version])
# The first of the libraries is the one that is needed; the others are those it needs itself where it is static.
# A header without a version is known by a function that the needed version declares.
function(ol_dependency name)
  cmake_parse_arguments(arg "" "HEADER;PREFIX;VERSION_FILE;VERSION_MACRO;MINIMUM;BELOW;DECLARES;AS" "LIBRARIES" ${ARGN})
  if(OL_SYSTEM_DEPS)
    set(where)
    set(remedy "Install it, name its prefix in CMAKE_PREFIX_PATH, or build without OL_SYSTEM_DEPS.")
  else()
    set(where PATHS ${arg_PREFIX} NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
    set(remedy "Run scripts/setup (it is missing in ${arg_PREFIX}).")
  endif()

  set(needed "${arg_MINIMUM}${arg_AS}")
  find_path(OL_${name}_INCLUDE ${arg_HEADER} PATH_SUFFIXES include ${where})
  if(NOT OL_${name}_INCLUDE)
    message(FATAL_ERROR "${name}: ${arg_HEADER} not found; version ${needed} or newer is needed. ${remedy}")
  endif()
  if(arg_VERSION_FILE)
    ol_header_version(found ${OL_${name}_INCLUDE}/${arg_VERSION_FILE} ${arg_VERSION_MACRO})
    if(found VERSION_LESS arg_MINIMUM OR (arg_BELOW AND NOT found VERSION_LESS arg_BELOW))
      set(range "${arg_MINIMUM} or newer")
      if(arg_BELOW)
        string(APPEND range ", but older than ${arg_BELOW},")
      endif()
      message(FATAL_ERROR "${name}: version ${found} found in ${OL_${name}_INCLUDE}; ${range} is needed. ${remedy}")
    endif()
  elseif(arg_DECLARES)
    file(STRINGS ${OL_${name}_INCLUDE}/${arg_HEADER} found REGEX "${arg_DECLARES} *\\(")
    if(NOT found)
      message(FATAL_ERROR "${name}: the version in ${OL_${name}_INCLUDE} does not declare ${arg_DECLARES}; "
                          "${needed} or newer is needed. ${remedy}")
    endif()
  endif()

  # What lies beside the header belongs to it; another prefix may hold another build of the same library.
  cmake_path(GET OL_${name}_INCLUDE PARENT_PATH beside)
  set(libraries)
  foreach(library IN LISTS arg_LIBRARIES)
    find_library(OL_${name}_LIBRARY_${library} ${library} PATHS ${beside} PATH_SUFFIXES lib NO_DEFAULT_PATH
                 NO_CMAKE_FIND_ROOT_PATH)
    find_library(OL_${name}_LIBRARY_${library} ${library} PATH_SUFFIXES lib ${where})
    if(OL_${name}_LIBRARY_${library})
      list(APPEND libraries ${OL_${name}_LIBRARY_${library}})
    elseif(NOT libraries)
      message(FATAL_ERROR "${name}: lib${library} not found; version ${needed} or newer is needed. ${remedy}")
    endif()
    if(NOT libraries MATCHES "\\.a$")
      break() # a shared library knows what it needs
    endif()
  endforeach()

  add_library(openledger::${name} INTERFACE IMPORTED GLOBAL)
  set_target_properties(openledger::${name} PROPERTIES INTERFACE_LINK_LIBRARIES "${libraries}")
  set_target_properties(openledger::${name} PROPERTIES INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${OL_${name}_INCLUDE})
  set_target_properties(openledger::${name} PROPERTIES INTERFACE_INCLUDE_DIRECTORIES ${OL_${name}_INCLUDE})
endfunction()

ol_dependency(secp256k1 HEADER secp256k1.h LIBRARIES secp256k1 PREFIX ${ol_prefix}
              DECLARES secp256k1_ec_pubkey_sort AS 0.5)
ol_dependency(blst HEADER blst.h LIBRARIES blst PREFIX ${ol_prefix} DECLARES blst_p1s_mult_pippenger AS 0.3.7)
ol_dependency(sodium HEADER sodium.h LIBRARIES sodium PREFIX ${ol_prefix}
              VERSION_FILE sodium/version.h VERSION_MACRO SODIUM_VERSION_STRING MINIMUM 1.0.18)
ol_dependency(mbedcrypto HEADER mbedtls/build_info.h LIBRARIES mbedcrypto PREFIX ${ol_prefix}
              VERSION_FILE mbedtls/build_info.h VERSION_MACRO MBEDTLS_VERSION_STRING MINIMUM 3.6 BELOW 4)
ol_dependency(yyjson HEADER yyjson.h LIBRARIES yyjson PREFIX ${ol_prefix}
              VERSION_FILE yyjson.h VERSION_MACRO YYJSON_VERSION_STRING MINIMUM 0.8)
if(OL_TESTS AND NOT OL_WASM)
  ol_dependency(utf8proc HEADER utf8proc.h LIBRARIES utf8proc PREFIX ${ol_prefix} DECLARES utf8proc_unicode_version AS 2.6)
endif()
set(OL_CORE_DEPS openledger::secp256k1 openledger::blst openledger::sodium openledger::mbedcrypto openledger::yyjson)

if(OL_HOST)
  ol_dependency(curl HEADER curl/curl.h LIBRARIES curl mbedtls mbedx509 mbedcrypto PREFIX ${OL_DEPS_DIR}/host
                VERSION_FILE curl/curlver.h VERSION_MACRO LIBCURL_VERSION MINIMUM 7.87)
  ol_dependency(civetweb HEADER civetweb.h LIBRARIES civetweb PREFIX ${OL_DEPS_DIR}/host
                VERSION_FILE civetweb.h VERSION_MACRO CIVETWEB_VERSION MINIMUM 1.16)
  set(OL_HOST_DEPS openledger::curl openledger::civetweb)
endif()

if(OL_CORPUS)
  ol_dependency(divsufsort HEADER divsufsort.h LIBRARIES divsufsort PREFIX ${ol_prefix} DECLARES divsufsort_version AS 2.0)
  ol_dependency(divsufsort64 HEADER divsufsort64.h LIBRARIES divsufsort64 PREFIX ${ol_prefix}
                DECLARES divsufsort64_version AS 2.0)
  set(OL_CORPUS_DEPS openledger::divsufsort openledger::divsufsort64)
endif()
