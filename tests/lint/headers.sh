#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Headers stand alone, and each room includes only what is its own to include.
#
#   headers.sh CC CXX
set -eu
. tests/lint/files.sh
status=0

# only ROOMS PATTERN: what matches PATTERN is included nowhere but under ROOMS (a regular expression).
only() {
  if c_files | grep -vE "^($1)/" | xargs grep -nE "^ *# *include *[<\"]($2)"; then
    echo "headers.sh: the lines above include what only $1 may"
    status=1
  fi
}

only 'xapian-c|bench' 'xapian[.]h>|xapian/'
only 'indexer|tests|bench' 'cmark|yaml|libxml'
only 'searchd|bench' 'microhttpd|systemd'
only 'engine|search|searchd|indexer|tests|bench|include' 'signpost/'

# The rooms do not reach into one another, but for tests and benchmarks.
if c_files | grep -E '^(engine|include)/' | xargs grep -nE '^ *# *include *[<"](indexer|search|searchd)/'; then
  echo "headers.sh: the engine knows nothing of the programs"
  status=1
fi

flags='-fsyntax-only -Wall -Wextra -Wpedantic -Werror -D_POSIX_C_SOURCE=200809L -Iinclude -I.'
alone=$(mktemp -d)
trap 'rm -rf "$alone"' EXIT
for header in $(c_files | grep -E '^(include|engine|indexer|search|searchd)/.*\.h$'); do
  printf '#include "%s"\n' "$header" >"$alone/alone.c"
  # shellcheck disable=SC2046,SC2086 # the flags are words
  "$1" -std=c17 $flags $(pkg-config --cflags libxml-2.0) "$alone/alone.c" ||
    { echo "headers.sh: $header does not stand alone"; status=1; }
done
printf '#include <xapian-c.h>\nint main() { return 0; }\n' >"$alone/alone.cc"
# shellcheck disable=SC2086
"$2" -std=c++17 $flags "$alone/alone.cc" || { echo "headers.sh: xapian-c.h is no C++"; status=1; }
exit $status
