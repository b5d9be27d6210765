# Run by `cmake --install`: the headers, and what has the prefix in it, which is known only now.
cmake_policy(VERSION 3.25)
set(root $ENV{DESTDIR}${CMAKE_INSTALL_PREFIX})

# Inside the project a header is "token/decode.hpp", installed it is "vtoken/token/decode.hpp", so that folders of other
# programs are never in the way.
set(todo ${public_headers})
set(done)
while(todo)
  list(POP_FRONT todo header)
  list(APPEND done ${header})
  get_filename_component(folder ${header} DIRECTORY)
  set(folder ${CMAKE_INSTALL_INCLUDEDIR}/vtoken/${folder})
  get_filename_component(name ${header}.hpp NAME)
  set(from ${CMAKE_SOURCE_DIR}/lib/${header}.hpp)
  file(READ ${from} text)
  string(REGEX MATCHALL "#include \"[^\"]+\\.hpp\"" includes "${text}")
  foreach(include ${includes})
    string(REGEX REPLACE "#include \"(.+)\\.hpp\"" "\\1" included "${include}")
    if(NOT included IN_LIST done AND NOT included IN_LIST todo)
      list(APPEND todo ${included})
    endif()
  endforeach()
  string(REPLACE "#include \"" "#include \"vtoken/" text "${text}")
  # Installed first, for folders, modes and the manifest.
  file(INSTALL ${from} DESTINATION ${CMAKE_INSTALL_PREFIX}/${folder})
  file(WRITE ${root}/${folder}/${name} "${text}")
endwhile()

# Linked statically, always: what the archives call stands in Libs and Requires.
function(pkg_config_file PC_NAME PC_DESCRIPTION PC_REQUIRES PC_LIBS)
  set(folder ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
  set(from ${CMAKE_SOURCE_DIR}/cmake/vtoken.pc.in)
  file(INSTALL ${from} DESTINATION ${CMAKE_INSTALL_PREFIX}/${folder} RENAME ${PC_NAME}.pc)
  configure_file(${from} ${root}/${folder}/${PC_NAME}.pc @ONLY NO_SOURCE_PERMISSIONS)
  set(CMAKE_INSTALL_MANIFEST_FILES ${CMAKE_INSTALL_MANIFEST_FILES} PARENT_SCOPE)
endfunction()
pkg_config_file(vtoken-token "Vault tokens, taken to pieces and made, offline" "libcrypto" "-lvtoken-token -pthread -ldl")
pkg_config_file(vtoken "Vault tokens in servers and local stores" "vtoken-token = ${PROJECT_VERSION}, sqlite3" "-lvtoken-client -lm")
