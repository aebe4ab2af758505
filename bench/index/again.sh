#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Compares a run without changes with omindex, and a run with one changed post with a full build:
# bench/index/again.sh BUILD [COUNT [ROUNDS]]. make_site.py makes COUNT posts (4000).
set -eu
[ $# -ge 1 ] || { echo "usage: bench/index/again.sh BUILD [COUNT [ROUNDS]]" >&2; exit 2; }
build=$1
rounds=${3:-9}
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
site=$work/site
python3 "$here/make_site.py" "${2:-4000}" "$site"
sleep 3 # the next run would read files again that changed within the last seconds
"$build/indexer/indexer" -o "$work/index" "$site" 2>"$work/log" | tail -n 1
"$build/bench/bench_race" "$rounds" \
  -- omindex --db "$work/omega" --url / --mime-type md:text/plain "$site" \
  -- "$build/indexer/indexer" -o "$work/index" "$site" 2>"$work/log"
post=$(find "$site/_posts" -name '*.md' | sort | sed -n 7p)
"$build/bench/bench_race" "$rounds" \
  -- "$build/indexer/indexer" --full -o "$work/full" "$site" \
  -- "$here/edit.sh" "$post" "$build/indexer/indexer" -o "$work/index" "$site" 2>"$work/log"
