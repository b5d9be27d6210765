# Run by cpack before it packs: what Debian has at other places or in other forms than `cmake --install`.
cmake_policy(VERSION 3.25)
find_program(GZIP gzip REQUIRED)
find_program(STRIP strip REQUIRED)

# Text that is installed compressed, the same for the same text.
function(compress)
  if(ARGN)
    execute_process(COMMAND ${GZIP} -9nf ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
  endif()
endfunction()

# Debian's changelog and copyright, one pair a package.
function(documents folder)
  if(DEFINED ENV{SOURCE_DATE_EPOCH})
    set(date $ENV{SOURCE_DATE_EPOCH})
  else()
    file(TIMESTAMP ${CPACK_VTOKEN_SOURCE}/CHANGELOG.md date "%s" UTC)
  endif()
  execute_process(COMMAND date -u -R -d @${date} OUTPUT_VARIABLE when OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  file(WRITE ${folder}/changelog
    "vtoken (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium\n\n  * CHANGELOG.md of the package vtoken says what changed.\n\n"
    " -- ${CPACK_PACKAGE_CONTACT}  ${when}\n")
  compress(${folder}/changelog)
  configure_file(${CPACK_VTOKEN_SOURCE}/cmake/debian/copyright ${folder}/copyright COPYONLY)
endfunction()

# The notices of what is linked statically, which go with it.
function(notices file)
  set(text)
  foreach(package libssl-dev libsqlite3-dev libyaml-dev libfmt-dev nlohmann-json3-dev libcli11-dev libprotozero-dev libexpected-dev libstdc++6)
    set(source /usr/share/doc/${package}/copyright)
    if(EXISTS ${source})
      file(READ ${source} notice)
      string(APPEND text "==== ${package} ====\n${notice}\n")
    endif()
  endforeach()
  file(WRITE ${file} "${text}")
  compress(${file})
endfunction()

set(program ${CPACK_TEMPORARY_DIRECTORY}/program/usr)
if(EXISTS ${program})
  documents(${program}/share/doc/vtoken)
  execute_process(COMMAND ${STRIP} --remove-section=.comment --remove-section=.note ${program}/bin/vtoken
    COMMAND_ERROR_IS_FATAL ANY)
  notices(${program}/share/doc/vtoken/libraries)
  file(REMOVE ${program}/share/doc/vtoken/LICENSE)
  file(GLOB pages ${program}/share/man/man*/*.[1-8])
  compress(${pages})
  if(EXISTS ${program}/share/zsh/site-functions)
    file(RENAME ${program}/share/zsh/site-functions ${program}/share/zsh/vendor-completions)
  endif()
endif()

set(development ${CPACK_TEMPORARY_DIRECTORY}/development/usr)
if(EXISTS ${development})
  documents(${development}/share/doc/libvtoken-dev)
  file(GLOB archives ${development}/lib/*.a ${development}/lib/*/*.a)
  execute_process(COMMAND ${STRIP} --strip-debug --remove-section=.comment --remove-section=.note
    --enable-deterministic-archives ${archives} COMMAND_ERROR_IS_FATAL ANY)
endif()

# Whatever the packer's umask is.
execute_process(COMMAND chmod -R u+rwX,go+rX,go-w ${CPACK_TEMPORARY_DIRECTORY} COMMAND_ERROR_IS_FATAL ANY)
