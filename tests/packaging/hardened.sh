#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The programs and the library of a release are built with the toolchain's hardening options.
#
#   hardened.sh BUILD PROGRAM-OR-LIBRARY...
#
# BUILD is the build folder. CET is checked in each object of ours: a program bears its mark only if
# the C library's start files do, too, which Debian 12's do not.
set -eu
build=$1
shift
status=0

# fail FILE WHAT: reports a missing feature.
fail() {
  echo "hardened.sh: $1: $2"
  status=1
}

# has FILE FEATURE PATTERN: checks readelf's output on standard input for PATTERN.
has() {
  grep -qE "$3" || fail "$1" "no $2"
}

# has_no FILE FEATURE PATTERN: the same, for what must not be there.
has_no() {
  ! grep -qE "$3" || fail "$1" "$2"
}

# unmarked: prints each object in our static libraries without the marks of CET, which are indirect
# branch tracking and the shadow stack.
unmarked() {
  find "$build" -name '*.a' -exec readelf -nW {} + 2>/dev/null | awk '
    /^File: / { if (file && !found) print file; file = $2; found = 0 }
    /x86 feature:.*IBT.*SHSTK/ { found = 1 }
    END { if (!file || !found) print file ? file : "no objects" }'
}

# compiled_without FLAG: prints each object of the project that was compiled without the flag.
compiled_without() {
  grep '"command"' "$build/compile_commands.json" | grep -v -- " $1 " | sed 's/.* -o \([^ ]*\) .*/\1/'
}

command -v readelf >/dev/null 2>&1 || { echo "skipped: readelf is not installed"; exit 77; }
for file; do
  readelf -hW "$file" | has "$file" 'position independence' 'Type: *DYN'
  readelf -lW "$file" | has "$file" 'read-only relocations' 'GNU_RELRO'
  readelf -lW "$file" | has "$file" 'stack without execution' 'GNU_STACK.* RW  '
  readelf -lW "$file" | has_no "$file" 'a segment is writable and executable' '^ +LOAD .* RWE '
  readelf -dW "$file" | has "$file" 'binding at start' 'BIND_NOW|FLAGS.*NOW'
  readelf -dW "$file" | has_no "$file" 'it has an RPATH' 'RPATH|RUNPATH'
  readelf -dW "$file" | has_no "$file" 'it has relocations in code' 'TEXTREL'
  readelf -sW "$file" | has "$file" 'stack protector' '__stack_chk_fail'
  readelf -sW "$file" | has "$file" 'fortified calls' '__[a-z]+printf_chk'
done

flags='-fstack-clash-protection'
case $(uname -m) in
  x86_64)
    flags="$flags -fcf-protection=full"
    for object in $(unmarked); do
      fail "$object" 'no mark of CET'
    done
    ;;
esac
# clang has the option from version 16 on.
grep -q 'harden_init_zero_C:INTERNAL=1' "$build/CMakeCache.txt" && flags="$flags -ftrivial-auto-var-init=zero"
for flag in -D_FORTIFY_SOURCE=3 -fstack-protector-strong $flags; do
  for object in $(compiled_without "$flag"); do
    fail "$object" "compiled without $flag"
  done
done
if [ $status = 0 ]; then
  row="scorecard: binary hardening: all on in $# of $# programs and libraries"
  echo "$row"
  [ -z "${SIGNPOST_SCORECARD-}" ] || echo "$row" >>"$SIGNPOST_SCORECARD"
fi
exit $status
