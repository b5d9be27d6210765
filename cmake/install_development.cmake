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
  file(READ ${CMAKE_SOURCE_DIR}/lib/${header}.hpp text)
  string(REGEX MATCHALL "#include \"[^\"]+\\.hpp\"" includes "${text}")
  foreach(include ${includes})
    string(REGEX REPLACE "#include \"(.+)\\.hpp\"" "\\1" name "${include}")
    if(NOT name IN_LIST done AND NOT name IN_LIST todo)
      list(APPEND todo ${name})
    endif()
  endforeach()
  string(REPLACE "#include \"" "#include \"vtoken/" text "${text}")
  set(to ${CMAKE_INSTALL_INCLUDEDIR}/vtoken/${header}.hpp)
  file(WRITE ${root}/${to} "${text}")
  list(APPEND CMAKE_INSTALL_MANIFEST_FILES ${CMAKE_INSTALL_PREFIX}/${to})
endwhile()

# Linked statically, always: what the archives call stands in Libs and Requires.
function(pkg_config_file PC_NAME PC_DESCRIPTION PC_REQUIRES PC_LIBS)
  configure_file(${CMAKE_SOURCE_DIR}/cmake/vtoken.pc.in ${root}/${CMAKE_INSTALL_LIBDIR}/pkgconfig/${PC_NAME}.pc @ONLY)
endfunction()
pkg_config_file(vtoken-token "Vault tokens, taken to pieces and made, offline" "libcrypto" "-lvtoken-token -pthread -ldl")
pkg_config_file(vtoken "Vault tokens in servers and local stores" "vtoken-token = ${PROJECT_VERSION}, sqlite3" "-lvtoken-client -lm")
foreach(name vtoken vtoken-token)
  list(APPEND CMAKE_INSTALL_MANIFEST_FILES ${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/pkgconfig/${name}.pc)
endforeach()
