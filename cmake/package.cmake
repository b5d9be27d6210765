# Debian packages: `cpack --config build/CPackConfig.cmake` makes vtoken and libvtoken-dev. dpkg-shlibdeps finds what the
# program needs; libcurl, which it loads only when a server is asked, has to be said.
set(VTOKEN_MAINTAINER "vtoken maintainers <maintainers@users.noreply.h-seed-9fac2744.example>" CACHE STRING
  "Who looks after the packages")
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME vtoken)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT ${VTOKEN_MAINTAINER})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL program development)
set(CPACK_VTOKEN_SOURCE ${CMAKE_SOURCE_DIR})
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/cmake/debian.cmake)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME vtoken)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS "libcurl4, ca-certificates")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "bash-completion")
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION "create, look up, renew, revoke and inspect Vault tokens
One small program with the flags and the output of \"vault token\". It asks a
Vault or OpenBao server, or a store of its own: one local file that answers as
a server does. It also tells what a token holds, revokes many tokens by what
they are, and finds tokens that leaked into files.

Servers are asked through libcurl4, which is recommended; stores need nothing
else.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libvtoken-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libssl-dev, libsqlite3-dev, libexpected-dev, nlohmann-json3-dev")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_RECOMMENDS "libcurl4")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS "vtoken")
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION "read Vault tokens and ask Vault servers from C++
Headers and static libraries of vtoken, for CMake and pkg-config: a decoder of
all token formats that does no input and output, and a client for Vault and
OpenBao servers and for vtoken's own stores.")
include(CPack)
