#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Compares a run of search from start to exit with Xapian's quest: bench/start.sh BUILD [SITE [ROUNDS]]
set -eu
[ $# -ge 1 ] || { echo "usage: bench/start.sh BUILD [SITE [ROUNDS]]" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1/indexer/indexer" --full -o "$work/index" "${2:-$(dirname "$0")/../corpus}" >"$work/log" 2>&1
"$1/bench/bench_race" "${3:-201}" \
    -- quest -d "$work/index" "residency research" \
    -- "$1/search/search" -i "$work/index" "residency research" \
    -- true
