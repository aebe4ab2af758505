#!/bin/sh
# A full build against Xapian's omindex: bench/index.sh BUILD SITE [ROUNDS]
set -eu
[ $# -ge 2 ] || { echo "usage: bench/index.sh BUILD SITE [ROUNDS]" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$(dirname "$0")/pages.py" "$2" "$work/html"
"$1/indexer/indexer" --full -o "$work/index" "$2" 2>"$work/log" | tail -n 1
"$1/bench/bench_race" "${3:-5}" \
    -- omindex --overwrite --db "$work/omega" --url / "$work/html" \
    -- "$1/indexer/indexer" --full --jobs 1 -o "$work/index" "$2" \
    -- "$1/indexer/indexer" --full -o "$work/index" "$2" 2>"$work/log"
