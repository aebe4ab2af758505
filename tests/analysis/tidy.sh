#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs clang-tidy, with the checks of .clang-tidy, over every C file of the tree, or over the files that are given.
# Prints the reports.
#
#   tidy.sh [--quick] BUILD [FILE]...
#
# --quick: without the checks that simulate paths through the code, which take nine tenths of the time.
# BUILD is a build folder of clang, which need only be configured. Exit status 1 if there is a report.
set -eu
cd "$(dirname "$0")/../.."
checks=''
row='clang-tidy and its analyzer'
if [ "$1" = --quick ]; then
  checks='--checks=-clang-analyzer-*'
  row=clang-tidy
  shift
fi
build=$1
shift
if [ $# -gt 0 ]; then
  files=$(printf '%s\n' "$@")
else
  files=$(sed -n 's/^  "file": "\(.*[.]c\)".*/\1/p' "$build/compile_commands.json" | grep -v /build/ | sort -u)
fi

[ -n "$files" ] || {
  echo "tidy.sh: $build lists no C file" >&2
  exit 1
}

# tidy FILE...: runs clang-tidy on one file after the other, since the analyzer of clang 14 makes mistakes in the
# second file of a process; two at a time. Files that define a name of failures.h do without it.
# shellcheck disable=SC2086 # $include is several options, $checks perhaps none
tidy() {
  printf '%s\n' "$files" | grep "$@" 'base/\(error\|lines\)[.]c\|index/xapian[.]c\|store/old_index[.]c\|searchd/problem[.]c' |
    xargs -r -P "$(nproc)" -n 1 clang-tidy -p "$build" --quiet $checks $include 2>/dev/null
}

status=0
# The compiler's own warnings are for the builds; with FORTIFY, <sys/socket.h> would define recv() itself.
include='--extra-arg=-Wno-error --extra-arg=-U_FORTIFY_SOURCE'
tidy -e || status=1
include="$include --extra-arg=-D_GNU_SOURCE --extra-arg=-include --extra-arg=$PWD/tests/analysis/failures.h"
tidy -v || status=1
[ $status = 0 ] || exit 1
row="scorecard: $row: no report in $(printf '%s\n' "$files" | wc -l) files"
echo "$row"
[ -z "${SIGNPOST_SCORECARD-}" ] || echo "$row" >>"$SIGNPOST_SCORECARD"
