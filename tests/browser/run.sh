#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh FOLDER [TEST]...: installs the npm packages of package-lock.json into FOLDER, at the first run and
# when package-lock.json has changed, and then runs the given tests of this folder. Exit status 77 (skipped): Chromium,
# Node or npm is missing. A failed installation is a failure.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
shift

for program in node npm "${SIGNPOST_CHROMIUM:-chromium}"; do
  command -v "$program" >/dev/null 2>&1 || { echo "run.sh: skipped: $program is not installed"; exit 77; }
done
export SIGNPOST_CHROMIUM="${SIGNPOST_CHROMIUM:-$(command -v chromium)}"

fetched="$folder/node_modules/.fetched"
wanted=$(cat "$here/package.json" "$here/package-lock.json" "$here/.npmrc" | cksum)
if [ "$(cat "$fetched" 2>/dev/null)" != "$wanted" ]; then
  cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$folder"
  (cd "$folder" && npm ci --no-progress --loglevel=error) || {
    echo "run.sh: npm cannot install the packages that the tests need" >&2
    exit 1
  }
  echo "$wanted" >"$fetched"
fi

[ $# -gt 0 ] || exit 0
export SIGNPOST_NODE_MODULES="$folder/node_modules"
cd "$here"
exec node --test --test-reporter=spec "$@"
