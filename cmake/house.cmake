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

# A program loads only libraries that it calls: `search` starts without libidn2.
add_link_options(-Wl,--as-needed)

# harden(NAME FLAG): uses FLAG where the compiler of the language has it.
function(harden name flag)
  include(CheckCompilerFlag)
  foreach(language C CXX)
    check_compiler_flag(${language} ${flag} harden_${name}_${language})
    if(harden_${name}_${language})
      add_compile_options($<$<COMPILE_LANGUAGE:${language}>:${flag}>)
    endif()
  endforeach()
endfunction()

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
  add_compile_options(-fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
  harden(stack_clash -fstack-clash-protection)
  harden(cf_protection -fcf-protection=full) # x86 only
  harden(init_zero -ftrivial-auto-var-init=zero) # gcc 12, clang 16
  add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack)
endif()
