#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Time from the first byte of an answer to results on the screen, in Chromium:
# bench/web/run.sh BUILD [SITE [RUNS]]
set -eu
[ $# -ge 1 ] || { echo "usage: bench/web/run.sh BUILD [SITE [RUNS]]" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
export SIGNPOST_INDEXER="$build/indexer/indexer" SIGNPOST_SEARCHD="$build/searchd/searchd"
SIGNPOST_SITE=$(cd "${2:-$here/../../corpus}" && pwd)
export SIGNPOST_SITE SIGNPOST_RUNS="${3:-30}"
exec sh "$here/../../tests/browser/run.sh" "$build/tests/browser" "$here/measure.js"
