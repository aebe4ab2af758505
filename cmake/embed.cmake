# embed(TARGET FILE SYMBOL): compiles what FILE holds into TARGET, as the array `unsigned char
# SYMBOL[]` and its length `size_t SYMBOL_len`; searchd/embedded.h declares them.

function(embed target file symbol)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.c)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} content)
  string(REPLACE "@PROJECT_VERSION@" "${PROJECT_VERSION}" content "${content}")
  file(WRITE ${source}.txt "${content}")
  file(READ ${source}.txt hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT
    "#include \"embedded.h\"\n\nconst unsigned char ${symbol}[] = {${bytes}};\nconst size_t ${symbol}_len = sizeof ${symbol};\n")
  target_sources(${target} PRIVATE ${source})
endfunction()
