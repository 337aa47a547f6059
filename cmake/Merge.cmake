# SPDX-License-Identifier: MIT
# Static libraries for users: one object of ours and the parts of our dependencies that it needs, with only the
# declared functions visible, so nothing clashes with another copy of a dependency in the user's program.

find_program(OL_NODE node REQUIRED)
file(GLOB_RECURSE ol_api_inputs CONFIGURE_DEPENDS sdk/include/openledger/*.h scripts/api/*.mjs bindings/js/exports.txt)

#   ol_symbols(OUT [host|corpus|js]): makes OUT.txt, OUT.map, OUT.roots and OUT.exports from the public headers
function(ol_symbols out)
  add_custom_command(
    OUTPUT ${out}.txt ${out}.map ${out}.roots ${out}.exports
    COMMAND ${CMAKE_COMMAND} -DNODE=${OL_NODE} -DAPI=${PROJECT_SOURCE_DIR}/scripts/api.mjs -DARGUMENTS=${ARGN}
            -DOUT=${out} -P ${PROJECT_SOURCE_DIR}/cmake/symbols.cmake
    DEPENDS ${ol_api_inputs} ${PROJECT_SOURCE_DIR}/scripts/api.mjs ${PROJECT_SOURCE_DIR}/cmake/symbols.cmake
    COMMENT "Listing the declared functions ${ARGN}"
    VERBATIM)
endfunction()

#   ol_merge(TARGET OUTPUT library.a SYMBOLS path/without/ending OBJECTS target DEPENDENCIES target...)
function(ol_merge target)
  cmake_parse_arguments(arg "" "OUTPUT;SYMBOLS;OBJECTS" "DEPENDENCIES" ${ARGN})
  set(archives)
  foreach(dependency IN LISTS arg_DEPENDENCIES)
    get_target_property(libraries ${dependency} INTERFACE_LINK_LIBRARIES)
    list(APPEND archives ${libraries})
  endforeach()
  list(FILTER archives INCLUDE REGEX "\\.a$") # a shared library stays outside, and the user links it
  set(sweep --gc-sections)
  if(OL_SANITIZE OR OL_COVERAGE OR OL_FUZZ)
    set(sweep) # instrumentation keeps tables that nothing refers to
  endif()
  set(whole ${CMAKE_CURRENT_BINARY_DIR}/${target}.whole.o)
  set(merged ${CMAKE_CURRENT_BINARY_DIR}/${target}.o)
  add_custom_command(
    OUTPUT ${arg_OUTPUT}
    COMMAND ${CMAKE_LINKER} -r ${sweep} @${arg_SYMBOLS}.roots -o ${whole} $<TARGET_OBJECTS:${arg_OBJECTS}>
            --start-group ${archives} --end-group
    COMMAND ${CMAKE_OBJCOPY} --keep-global-symbols=${arg_SYMBOLS}.txt --strip-unneeded ${whole} ${merged}
    COMMAND ${CMAKE_COMMAND} -E rm -f ${arg_OUTPUT}
    COMMAND ${CMAKE_AR} rcs ${arg_OUTPUT} ${merged}
    DEPENDS $<TARGET_OBJECTS:${arg_OBJECTS}> ${arg_SYMBOLS}.txt ${arg_SYMBOLS}.roots ${archives}
    COMMENT "Merging ${arg_OUTPUT}"
    COMMAND_EXPAND_LISTS VERBATIM)
  add_custom_target(${target} ALL DEPENDS ${arg_OUTPUT})
  add_dependencies(${target} ${arg_OBJECTS})
endfunction()
