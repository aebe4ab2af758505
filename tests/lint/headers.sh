#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Headers compile on their own and all together, and each include guard is named after its file. rooms.py
# checks which room may include which.
#
#   headers.sh CC CXX
set -eu
. tests/lint/files.sh
status=0
headers=$(c_files | grep -E '^(include|engine|indexer|search|searchd)/.*\.h$')
flags="-fsyntax-only -Wall -Wextra -Wpedantic -Werror -D_POSIX_C_SOURCE=200809L -Iinclude -I. -Isearchd"
flags="$flags $(pkg-config --cflags libxml-2.0)"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# compile HEADER...: compiles one source that includes the headers.
compile() {
  printf '#include "%s"\n' "$@" >"$work/headers.c"
  # shellcheck disable=SC2086 # the flags are words
  "$cc" -std=c17 $flags "$work/headers.c"
}

cc=$1
for header in $headers; do
  compile "$header" || { echo "headers.sh: $header does not compile on its own"; status=1; }
done
# shellcheck disable=SC2086 # names without blanks
compile $headers || { echo "headers.sh: two headers define the same name, see above"; status=1; }

printf '#include <xapian-c-remote.h>\nint main() { return 0; }\n' >"$work/binding.cc"
# shellcheck disable=SC2086
"$2" -std=c++17 $flags "$work/binding.cc" || { echo "headers.sh: xapian-c-remote.h is not valid C++"; status=1; }

for header in $(printf '%s\n' "$headers" | grep -v '^include/xapian-c'); do
  guard=$(printf 'signpost/%s' "${header#include/signpost/}" | tr 'a-z/.-' 'A-Z___')
  if ! grep -qx "#define $guard" "$header"; then
    echo "headers.sh: the include guard of $header should be $guard"
    status=1
  fi
done
exit $status
