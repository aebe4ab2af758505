#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Compares a full build with Xapian's omindex and with SQLite FTS5, which gets plain text:
# bench/index/full.sh BUILD [SITE | COUNT [ROUNDS]]. make_site.py makes COUNT posts (4000), whose Markdown
# omindex reads as text; for the pages of a SITE omindex gets HTML made by cmark. FTS5 indexes the posts
# (with COUNT only), and then the texts of all documents that indexer makes of the site.
set -eu
[ $# -ge 1 ] || { echo "usage: bench/index/full.sh BUILD [SITE | COUNT [ROUNDS]]" >&2; exit 2; }
build=$1
of=${2:-4000}
rounds=${3:-5}
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -d "$of" ]; then
  site=$of
  python3 "$here/pages.py" "$site" "$work/pages"
  set --
else
  site=$work/site
  python3 "$here/make_site.py" "$of" "$site"
  ln -s site "$work/pages"
  python3 "$here/texts.py" "$site" >"$work/texts"
  set -- -- "$build/bench/bench_index_fts5" "$work/fts5.db" "$work/texts"
fi
"$build/indexer/indexer" --full -o "$work/index" "$site" 2>"$work/log" | tail -n 1
"$build/bench/bench_record" "$work/index" --texts | python3 "$here/texts.py" - >"$work/all-texts"
"$build/bench/bench_race" "$rounds" \
  -- omindex --overwrite --db "$work/omega" --url / --mime-type md:text/plain "$work/pages" \
  -- "$build/indexer/indexer" --full --jobs 1 -o "$work/index" "$site" \
  -- "$build/indexer/indexer" --full -o "$work/index" "$site" "$@" \
  -- "$build/bench/bench_index_fts5" "$work/all-fts5.db" "$work/all-texts" 2>"$work/log"
du -sk "$work/omega" "$work/index"/g* "$work"/*fts5.db 2>"$work/log" | sed "s,$work/,,"
