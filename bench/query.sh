#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Ours against MSet::snippet on the same texts: bench/query.sh BUILD SITE [KIND]
set -eu
[ $# -ge 2 ] || { echo "usage: bench/query.sh BUILD SITE [KIND]" >&2; exit 2; }
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1/indexer/indexer" --full -o "$work/index" "$2" >"$work/log" 2>&1
python3 "$here/queries.py" "$2" >"$work/queries"
"$1/bench/bench_record" "$work/index" --texts >"$work/texts"
"$1/bench/bench_query" "$work/index" "$work/queries" ${3:-}
/usr/bin/python3 "$here/snippet.py" "$work/queries" ${3:-} <"$work/texts"
