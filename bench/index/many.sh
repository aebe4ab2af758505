#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Time and memory of a large site: bench/index/many.sh BUILD [COUNT]. Measures a full build of COUNT posts
# from make_site.py (100000), and then three runs without changes. Needs some 6 GB of disk space.
set -eu
[ $# -ge 1 ] || { echo "usage: bench/index/many.sh BUILD [COUNT]" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$(dirname "$0")/make_site.py" "${2:-100000}" "$work/site"
sleep 3
/usr/bin/env time -f '%e s, %U + %S s CPU, %M KiB at the peak' "$1/indexer/indexer" -o "$work/index" "$work/site"
for _ in 1 2 3; do
  /usr/bin/env time -f '%e s, %U + %S s CPU, %M KiB at the peak' "$1/indexer/indexer" -o "$work/index" "$work/site"
done
du -sm "$work/site" "$work/index"/g* | sed "s,$work/,,"
