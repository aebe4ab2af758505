# SPDX-License-Identifier: GPL-2.0-or-later
# embed(TARGET FILE SYMBOL [BARE] [BLOCK])
#
# Compiles the content of FILE into TARGET, as the array `unsigned char SYMBOL[]` and its length
# `size_t SYMBOL_len`, which embedded.h in the target's folder declares. FILE can be a list of files,
# which are joined. BARE makes a script or style sheet smaller: indentation and comments on lines of
# their own are removed. BLOCK encloses a script in a block, so that the names of its files are not the page's. The line /* English words */ in a script becomes the English words of the box
# (words.cmake).

function(embed target file symbol)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.c)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  set(content "")
  foreach(part IN LISTS file)
    file(READ ${part} text)
    string(APPEND content "${text}")
  endforeach()
  string(REPLACE "@PROJECT_VERSION@" "${PROJECT_VERSION}" content "${content}")
  string(REPLACE "  /* English words */\n" "${English_box}" content "${content}")
  if("BLOCK" IN_LIST ARGN)
    set(content "'use strict';\n{\n${content}}\n")
  endif()
  if("BARE" IN_LIST ARGN)
    string(REGEX REPLACE "(^|\n)[ ]*/[*][^*]*[*]+([^/*][^*]*[*]+)*/" "\\1" content "${content}")
    string(REGEX REPLACE "(^|\n)[ ]*//[^\n]*" "" content "${content}")
    string(REGEX REPLACE "\n[ \n]+" "\n" content "${content}")
  endif()
  file(WRITE ${source}.txt "${content}")
  file(READ ${source}.txt hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT
    "#include \"embedded.h\"\n\nconst unsigned char ${symbol}[] = {${bytes}};\nconst size_t ${symbol}_len = sizeof ${symbol};\n")
  target_sources(${target} PRIVATE ${source})
endfunction()
