# How tests are declared. Every test carries a label: unit, conformance, differential, golden, cli, docs, manual, completions, corpus, crash, fault, fuzz, e2e, package,
# pipelines, sweep, lint. Names from a build with sanitizers begin with "asan.".
if(VTOKEN_SANITIZE)
  set(prefix asan.)
endif()
find_package(doctest REQUIRED)
find_package(rapidcheck REQUIRED)
find_package(Python3 REQUIRED COMPONENTS Interpreter)

add_library(vtoken_test_main OBJECT ${CMAKE_SOURCE_DIR}/tests/unit/main.cpp)
target_link_libraries(vtoken_test_main PUBLIC vtoken_options doctest::doctest)

# vtoken_doctest(NAME LABEL sources… LINK libraries… RUNNER program): one executable; one ctest entry a source file, so that
# a failure names its file and files run side by side. An entry that runs no test case fails. A runner starts the
# executable; it is given its path and arguments.
function(vtoken_doctest name label)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "RUNNER" "LINK")
  set(sources ${arg_UNPARSED_ARGUMENTS})
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources} $<TARGET_OBJECTS:vtoken_test_main>)
  target_link_libraries(${name} PRIVATE ${arg_LINK} vtoken_options doctest::doctest rapidcheck)
  vtoken_together(${name} ${sources})
  target_compile_definitions(${name} PRIVATE VTOKEN_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  # What is tested is optimised; who tests it need not be, and compiles in two thirds of the time.
  if(NOT VTOKEN_SANITIZE AND label MATCHES "^(unit|conformance|differential)$")
    target_compile_options(${name} PRIVATE -O0 -U_FORTIFY_SOURCE)
  endif()
  foreach(source ${sources})
    get_filename_component(stem ${source} NAME_WE)
    file(STRINGS ${source} cases REGEX "TEST_CASE" LIMIT_COUNT 1)
    if(cases)
      add_test(NAME ${prefix}${label}.${stem} COMMAND ${arg_RUNNER} $<TARGET_FILE:${name}> --source-file=*/${stem}.cpp WORKING_DIRECTORY ${CMAKE_BINARY_DIR})
      set_tests_properties(${prefix}${label}.${stem} PROPERTIES LABELS ${label} TIMEOUT 600
        FAIL_REGULAR_EXPRESSION "test cases: +0 ")
    else()
      # A helper, or a test yet to be written: look again when it changes.
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
    endif()
  endforeach()
endfunction()

# vtoken_script(NAME LABEL command…): a test that is a program, given the command under test by VTOKEN.
function(vtoken_script name label)
  add_test(NAME ${prefix}${name} COMMAND ${ARGN} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${prefix}${name} PROPERTIES LABELS ${label} TIMEOUT 900 SKIP_RETURN_CODE 77
    ENVIRONMENT "VTOKEN=$<TARGET_FILE:vtoken>;PYTHONDONTWRITEBYTECODE=1")
endfunction()
