# What `cmake --install` puts where. Two components: `program` (the command, its manual and completions) and
# `development` (headers, static libraries, a CMake package, pkg-config files), which are two Debian packages too.

# Where Debian's compilers, CMake and pkg-config look, also below /usr/local: a folder for each architecture.
if(CMAKE_LIBRARY_ARCHITECTURE AND EXISTS /etc/debian_version)
  set(CMAKE_INSTALL_LIBDIR lib/${CMAKE_LIBRARY_ARCHITECTURE} CACHE PATH "Where libraries go")
endif()
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# Of the program. man/CMakeLists.txt makes the pages; without scdoc there are none.
set(VTOKEN_ZSH_COMPLETIONS ${CMAKE_INSTALL_DATADIR}/zsh/site-functions CACHE STRING "Where zsh looks for _vtoken")
install(TARGETS vtoken RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
foreach(page ${VTOKEN_MAN_PAGES})
  string(REGEX MATCH "[0-9]$" section ${page})
  install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section} COMPONENT program)
endforeach()
set(completions ${CMAKE_SOURCE_DIR}/completions)
install(FILES ${completions}/vtoken.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME vtoken
  COMPONENT program)
install(FILES ${completions}/_vtoken DESTINATION ${VTOKEN_ZSH_COMPLETIONS} COMPONENT program)
install(FILES ${completions}/vtoken.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d
  COMPONENT program)
install(FILES README.md CHANGELOG.md SECURITY.md ARCHITECTURE.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
install(FILES lib/store/FORMAT.md DESTINATION ${CMAKE_INSTALL_DOCDIR}/lib/store COMPONENT program)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs COMPONENT program
  FILES_MATCHING PATTERN "*.md" PATTERN "*.svg" PATTERN example EXCLUDE)

# Of the libraries: several of ours in one archive each, made from the objects that the program is made from.
#   vtoken::token   formats, offline: lib/base and lib/token
#   vtoken::client  everything but the commands
function(vtoken_archive name)
  foreach(library ${ARGN})
    get_target_property(type ${library} TYPE)
    if(type STREQUAL STATIC_LIBRARY)
      list(APPEND objects $<TARGET_OBJECTS:${library}>)
    endif()
  endforeach()
  add_library(vtoken_${name}_archive STATIC ${objects})
  set_target_properties(vtoken_${name}_archive PROPERTIES OUTPUT_NAME vtoken-${name} EXPORT_NAME ${name} LINKER_LANGUAGE CXX)
  target_compile_features(vtoken_${name}_archive INTERFACE cxx_std_20)
  install(TARGETS vtoken_${name}_archive EXPORT vtoken-${name} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  install(EXPORT vtoken-${name} NAMESPACE vtoken:: FILE vtoken-${name}.cmake DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/vtoken
    COMPONENT development)
endfunction()

vtoken_archive(token vtoken_base vtoken_token)
target_link_libraries(vtoken_token_archive INTERFACE
  $<INSTALL_INTERFACE:tl::expected> $<INSTALL_INTERFACE:OpenSSL::Crypto> Threads::Threads ${CMAKE_DL_LIBS})
vtoken_archive(client vtoken_core vtoken_policy vtoken_store vtoken_remote vtoken_sweep vtoken_renewal vtoken_scan)
target_link_libraries(vtoken_client_archive INTERFACE
  vtoken_token_archive $<INSTALL_INTERFACE:nlohmann_json::nlohmann_json> $<INSTALL_INTERFACE:SQLite::SQLite3> m)

configure_package_config_file(cmake/vtokenConfig.cmake.in ${CMAKE_BINARY_DIR}/package/vtokenConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/vtoken)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/package/vtokenConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/package/vtokenConfig.cmake ${CMAKE_BINARY_DIR}/package/vtokenConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/vtoken COMPONENT development)
install(DIRECTORY docs/example/ DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/libvtoken-dev/examples COMPONENT development)

# The headers that programs include; those that they need come along.
set(public_headers
  token/decode token/explain token/keys token/mask token/mint token/scan
  core/json core/rate_limited_backend core/retrying_backend core/surprise core/token_client
  policy/acl policy/format remote/remote renewal/keeper renewal/wait scan/scan store/admin store/audit_admin store/store sweep/sweep)
foreach(setting PROJECT_VERSION CMAKE_SOURCE_DIR CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR public_headers)
  install(CODE "set(${setting} \"${${setting}}\")" COMPONENT development)
endforeach()
install(SCRIPT cmake/install_development.cmake COMPONENT development)
