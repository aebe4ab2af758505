#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Scripts are POSIX sh, and shellcheck does not warn about them.
set -eu
. tests/lint/files.sh
scripts=$(own_files | xargs -d '\n' grep -lE '^#!/bin/sh|^# shellcheck shell=sh')
for script in $scripts; do
  sh -n "$script"
done
bash -n .ci/run
command -v shellcheck >/dev/null 2>&1 || { echo "no shellcheck"; exit 77; }
# shellcheck disable=SC2086 # names without blanks
shellcheck -x -S warning $scripts .ci/run
