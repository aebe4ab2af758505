#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Compares a whole query with MSet::snippet on the same texts: bench/query.sh BUILD [SITE [KIND]]. SITE
# defaults to sites/18f/content in the folder that SIGNPOST_COLLECTIONS names.
set -eu
[ $# -ge 1 ] || { echo "usage: bench/query.sh BUILD [SITE [KIND]]" >&2; exit 2; }
here=$(dirname "$0")
site=${2:-${SIGNPOST_COLLECTIONS:?or SITE must be given}/sites/18f/content}
[ -d "$site" ] || { echo "bench/query.sh: $site is not a folder" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1/indexer/indexer" --full -o "$work/index" "$site" >"$work/log" 2>&1
python3 "$here/queries.py" "$site" >"$work/queries"
"$1/bench/bench_record" "$work/index" --texts >"$work/texts"
"$1/bench/bench_query" "$work/index" "$work/queries" ${3:-}
/usr/bin/python3 "$here/snippet.py" "$work/queries" ${3:-} <"$work/texts"
