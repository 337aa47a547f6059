# SPDX-License-Identifier: MIT
# Toolchain file: Emscripten's compiler for bare WebAssembly modules. None of its JavaScript is used.

set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
set(OL_WASM ON)

find_program(OL_EMCC emcc REQUIRED)
find_program(OL_EMAR emar REQUIRED)
find_program(OL_EMRANLIB emranlib REQUIRED)
set(CMAKE_C_COMPILER ${OL_EMCC})
set(CMAKE_AR ${OL_EMAR} CACHE FILEPATH "")
set(CMAKE_RANLIB ${OL_EMRANLIB} CACHE FILEPATH "")

# Debian's emcc finds its own modules only where Debian's node looks, which another node does not.
if(IS_DIRECTORY /usr/share/nodejs)
  set(OL_EMCC_LAUNCHER ${CMAKE_COMMAND} -E env NODE_PATH=/usr/share/nodejs)
  set(CMAKE_C_COMPILER_LAUNCHER ${OL_EMCC_LAUNCHER})
  set(CMAKE_C_LINKER_LAUNCHER ${OL_EMCC_LAUNCHER})
  set(ENV{NODE_PATH} /usr/share/nodejs)
endif()

set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_C_COMPILER_WORKS TRUE)
set(CMAKE_SIZEOF_VOID_P 4)
set(CMAKE_STATIC_LIBRARY_PREFIX lib)
set(CMAKE_STATIC_LIBRARY_SUFFIX .a)
set(CMAKE_EXECUTABLE_SUFFIX .wasm)
set(CMAKE_C_USE_RESPONSE_FILE_FOR_OBJECTS 1)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
