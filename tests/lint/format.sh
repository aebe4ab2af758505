#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every C and C++ file is formatted by clang-format. To fix one: clang-format -i FILE. It does not wrap
# comments, so the length of lines is checked, too; a URL may be longer.
set -eu
. tests/lint/files.sh
if c_files | LC_ALL=C.UTF-8 xargs grep -nHP '^(?!.*[a-z]://).{101}' | grep .; then
  echo 'format.sh: the lines above have more than 100 columns'
  exit 1
fi
command -v clang-format >/dev/null 2>&1 || { echo "no clang-format"; exit 77; }
c_files | xargs clang-format --dry-run -Werror
