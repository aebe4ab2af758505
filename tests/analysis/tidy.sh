#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs clang-tidy, with the checks of .clang-tidy, over every C file of the tree. Prints the reports.
#
#   tidy.sh BUILD
#
# BUILD is a build folder of clang, which need only be configured. Exit status 1 if there is a report.
set -eu
cd "$(dirname "$0")/../.."
files=$(sed -n 's/^  "file": "\(.*[.]c\)".*/\1/p' "$1/compile_commands.json" | grep -v "/build/" | sort -u)
count=$(echo "$files" | wc -l)
# One file at a time: the analyzer of clang 14 makes mistakes in the second file of a process.
echo "$files" | xargs -P "$(nproc)" -n 1 clang-tidy -p "$1" --quiet 2>/dev/null
row="scorecard: clang-tidy: no report in $count files"
echo "$row"
[ -z "${SIGNPOST_SCORECARD-}" ] || echo "$row" >>"$SIGNPOST_SCORECARD"
