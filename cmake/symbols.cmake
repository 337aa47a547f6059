# SPDX-License-Identifier: MIT
# Writes the names that the public headers declare, in the forms that linkers read.
#   cmake -DNODE=node -DAPI=scripts/api.mjs -DARGUMENTS=[host|corpus|js] -DOUT=path/without/ending -P symbols.cmake
# OUT.txt one name a line; OUT.map a version script; OUT.roots and OUT.exports response files of linker options.

execute_process(COMMAND ${NODE} ${API} symbols ${ARGUMENTS} OUTPUT_VARIABLE names COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[A-Za-z0-9_]+" names "${names}")
if(NOT names)
  message(FATAL_ERROR "the public headers declare no function")
endif()

function(write ending before each after)
  set(text "${before}")
  foreach(name IN LISTS names)
    string(REPLACE "@" "${name}" line "${each}")
    string(APPEND text "${line}\n")
  endforeach()
  file(WRITE ${OUT}.${ending} "${text}${after}")
endfunction()

write(txt "" "@" "")
write(map "{\nglobal:\n" "  @;" "local:\n  *;\n};\n")
write(roots "" "--undefined=@" "")
write(exports "" "--export=@" "")
