#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every C and C++ file is formatted by clang-format. To fix one: clang-format -i FILE.
set -eu
. tests/lint/files.sh
command -v clang-format >/dev/null 2>&1 || { echo "no clang-format"; exit 77; }
c_files | xargs clang-format --dry-run -Werror
