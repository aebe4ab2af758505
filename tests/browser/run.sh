#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh FOLDER [TEST]...: runs browser tests (from this folder) with what npm put into FOLDER;
# without tests it puts it there. What package-lock.json names is fetched once, and again when that
# changes. 77: there is no browser or no node here. A fetch that fails is a failure.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
shift

for program in node npm "${SIGNPOST_CHROMIUM:-chromium}"; do
  command -v "$program" >/dev/null 2>&1 || { echo "run.sh: skipped: no $program here"; exit 77; }
done
export SIGNPOST_CHROMIUM="${SIGNPOST_CHROMIUM:-$(command -v chromium)}"

fetched="$folder/node_modules/.fetched"
wanted=$(cat "$here/package.json" "$here/package-lock.json" "$here/.npmrc" | cksum)
if [ "$(cat "$fetched" 2>/dev/null)" != "$wanted" ]; then
  cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$folder"
  (cd "$folder" && npm ci --no-progress --loglevel=error) || {
    echo "run.sh: npm cannot fetch what the tests are made with" >&2
    exit 1
  }
  echo "$wanted" >"$fetched"
fi

[ $# -gt 0 ] || exit 0
export SIGNPOST_NODE_MODULES="$folder/node_modules"
cd "$here"
exec node --test --test-reporter=spec "$@"
