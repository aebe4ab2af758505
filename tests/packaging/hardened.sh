#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The programs and the library of a release are built with the toolchain's hardening options.
#
#   hardened.sh FILE...
set -eu
status=0

# has FILE FEATURE PATTERN: checks readelf's output on standard input for PATTERN.
has() {
  grep -qE "$3" || { echo "hardened.sh: $1: no $2"; status=1; }
}

command -v readelf >/dev/null 2>&1 || { echo "skipped: readelf is not installed"; exit 77; }
for file; do
  readelf -hW "$file" | has "$file" 'position independence' 'Type: *DYN'
  readelf -lW "$file" | has "$file" 'read-only relocations' 'GNU_RELRO'
  readelf -lW "$file" | has "$file" 'stack without execution' 'GNU_STACK.* RW  '
  readelf -dW "$file" | has "$file" 'binding at start' 'BIND_NOW|FLAGS.*NOW'
  readelf -sW "$file" | has "$file" 'stack protector' '__stack_chk_fail'
  readelf -sW "$file" | has "$file" 'fortified calls' '__[a-z]+printf_chk'
done
exit $status
