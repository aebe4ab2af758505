# SPDX-License-Identifier: GPL-2.0-or-later
# room(ROOM SOURCES FILE... [HEADERS NAME...] [USES ROOM...] [LIBRARIES NAME...])
#
# Adds a room of the tree: a folder that is a static library. The target of engine/base is engine_base; that
# of searchd is searchd_core, because the program is the target searchd.
#
# SOURCES are relative to the folder. HEADERS are the headers of include/signpost/ whose functions the sources
# define. USES names the rooms whose headers this room may include; they must be added before it, so that
# rooms cannot depend on each other in a circle. LIBRARIES are external libraries, by their names in the table below.
# tests/lint/rooms.py checks all includes against these lists.

# For each external library: the target to link, and a regular expression that matches its headers.
set(library_cmark PkgConfig::CMARK "cmark[.]h")
set(library_idn2 PkgConfig::IDN2 "idn2[.]h")
set(library_libxml2 PkgConfig::LIBXML2 "libxml/.*")
set(library_microhttpd PkgConfig::MICROHTTPD "microhttpd[.]h")
set(library_seccomp PkgConfig::SECCOMP "seccomp[.]h")
set(library_systemd PkgConfig::SYSTEMD "systemd/.*")
set(library_threads Threads::Threads "pthread[.]h")
set(library_utf8proc PkgConfig::UTF8PROC "utf8proc[.]h")
set(library_xapian-c xapian_c "xapian-c[.]h")
set(library_xxhash PkgConfig::XXHASH "xxhash[.]h")
set(library_yaml PkgConfig::YAML "yaml[.]h")
set(library_zlib PkgConfig::ZLIB "zlib[.]h")
set(library_zstd PkgConfig::ZSTD "zstd[.]h")

set(SIGNPOST_ROOMS ${PROJECT_BINARY_DIR}/rooms.txt)
file(WRITE ${SIGNPOST_ROOMS} "# room|public headers|rooms it uses|headers of external libraries; made by cmake/room.cmake\n")

function(room room)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;HEADERS;USES;LIBRARIES")
  string(REPLACE / _ target ${room})
  if(NOT room MATCHES /)
    string(APPEND target _core)
  endif()
  list(TRANSFORM arg_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/${room}/)
  add_library(${target} STATIC ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE house)
  foreach(used ${arg_USES})
    string(REPLACE / _ used ${used})
    if(NOT TARGET ${used})
      message(FATAL_ERROR "${room} uses ${used}, which comes after it")
    endif()
    target_link_libraries(${target} PUBLIC ${used})
  endforeach()
  set(patterns)
  foreach(library ${arg_LIBRARIES})
    list(GET library_${library} 0 linked)
    list(GET library_${library} 1 pattern)
    if(TARGET ${linked}) # libsystemd is optional
      target_link_libraries(${target} PUBLIC ${linked})
    endif()
    list(APPEND patterns ${pattern})
  endforeach()
  file(APPEND ${SIGNPOST_ROOMS} "${room}|${arg_HEADERS}|${arg_USES}|${patterns}\n")
endfunction()
