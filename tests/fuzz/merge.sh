#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Adds inputs to the corpus of a fuzz target: the smallest ones that reach code which its corpus does not reach.
#
#   merge.sh NAME [FOLDER]...
#
# FOLDER holds the inputs; without it, those that libFuzzer has found in build/fuzz. Needs the preset `fuzz`.
set -eu
cd "$(dirname "$0")/../.."
name=$1
shift
programs=build/fuzz/tests/fuzz
[ $# -gt 0 ] || set -- "$programs/found/$name"
mkdir -p "tests/fuzz/corpus/$name"
# Only new edges of the code count, not how often they run, because that keeps the corpus small.
"$programs/fuzz_$name" -merge=1 -use_counters=0 -max_len=2000 "tests/fuzz/corpus/$name" "$@"
