# Checks of the sources as tests, and the tests of the build with sanitizers, so that one ctest covers everything.
# scripts/test makes the folders build/sanitize and build/clang; the latter only says how clang is to read a file.
function(vtoken_check name)
  add_test(NAME lint.${name} COMMAND ${ARGN} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(lint.${name} PROPERTIES LABELS lint TIMEOUT 1200)
endfunction()

vtoken_check(rules scripts/lint)
vtoken_check(format scripts/lint --format)
vtoken_check(shellcheck scripts/lint --shellcheck)
vtoken_check(tidy scripts/tidy ${CMAKE_BINARY_DIR}/clang)
set_tests_properties(lint.tidy PROPERTIES COST 1000)

file(WRITE ${CMAKE_BINARY_DIR}/sanitize-tests.cmake "subdirs(\"${CMAKE_BINARY_DIR}/sanitize\")\n")
set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${CMAKE_BINARY_DIR}/sanitize-tests.cmake)
