# SPDX-License-Identifier: MIT
# What `cmake --install` puts where: headers, libraries, the command line, pkg-config files, a CMake package.
include(CMakePackageConfigHelpers)

# Dependencies that are not inside libopenledger.a because they are shared libraries of the system.
set(OL_PUBLIC_LIBRARIES)
foreach(dependency IN LISTS OL_CORE_DEPS)
  get_target_property(libraries ${dependency} INTERFACE_LINK_LIBRARIES)
  list(FILTER libraries EXCLUDE REGEX "\\.a$")
  list(APPEND OL_PUBLIC_LIBRARIES ${libraries})
endforeach()
string(REPLACE ";" " " OL_PC_LIBRARIES "${OL_PUBLIC_LIBRARIES}")
string(REPLACE ";" " " OL_PC_HOST_LIBRARIES "${OL_HOST_LIBRARIES}")

set(OL_CORPUS_LIBRARIES)
foreach(dependency IN LISTS OL_CORPUS_DEPS)
  get_target_property(libraries ${dependency} INTERFACE_LINK_LIBRARIES)
  list(FILTER libraries EXCLUDE REGEX "\\.a$")
  list(APPEND OL_CORPUS_LIBRARIES ${libraries})
endforeach()

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/openledger)
configure_package_config_file(cmake/openledgerConfig.cmake.in openledgerConfig.cmake INSTALL_DESTINATION ${package_dir}
                              PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR)
write_basic_package_version_file(openledgerConfigVersion.cmake COMPATIBILITY SameMinorVersion)
# pkg-config files find the prefix from where they lie, so an installation can be moved.
file(RELATIVE_PATH OL_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" OL_PC_PREFIX "${OL_PC_PREFIX}")
configure_file(cmake/openledger.pc.in openledger.pc @ONLY)

set(headers_not_installed)
if(NOT OL_HOST)
  set(headers_not_installed PATTERN host.h EXCLUDE PATTERN server.h EXCLUDE)
endif()
if(NOT OL_CORPUS)
  list(APPEND headers_not_installed PATTERN corpus.h EXCLUDE)
endif()
install(DIRECTORY sdk/words/ DESTINATION ${CMAKE_INSTALL_DATADIR}/openledger/words)
install(DIRECTORY sdk/erc7730/ DESTINATION ${CMAKE_INSTALL_DATADIR}/openledger/erc7730)
install(DIRECTORY sdk/include/openledger DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} ${headers_not_installed})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/libopenledger.a DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS openledger_shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/openledgerConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/openledgerConfigVersion.cmake DESTINATION ${package_dir})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/openledger.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
if(OL_HOST)
  configure_file(cmake/openledger-host.pc.in openledger-host.pc @ONLY)
  install(FILES ${host_library} DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/openledger-host.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
  install(TARGETS openledger_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
if(OL_CORPUS)
  install(FILES ${corpus_library} DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()
