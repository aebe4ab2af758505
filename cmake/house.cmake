# SPDX-License-Identifier: GPL-2.0-or-later
# The compile options of all targets: each target links `house` privately. Only options that all objects
# must share (sanitizers, hardening) are set globally.

add_library(house INTERFACE)
target_compile_definitions(house INTERFACE _POSIX_C_SOURCE=200809L)
target_compile_options(house INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla -Wformat=2 -Wimplicit-fallthrough
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes>
  $<$<BOOL:${SIGNPOST_WERROR}>:-Werror>)
target_include_directories(house INTERFACE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR})

if(SIGNPOST_SANITIZE)
  add_compile_options(-fsanitize=${SIGNPOST_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SIGNPOST_SANITIZE})
elseif(SIGNPOST_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic) # several threads count
  add_compile_definitions(SIGNPOST_COVERAGE)
  add_link_options(--coverage)
elseif(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  include(CheckPIESupported)
  check_pie_supported(LANGUAGES C CXX)
  add_compile_options(-fstack-protector-strong -fstack-clash-protection
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack)
endif()
