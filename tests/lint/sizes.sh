#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No source file is longer than 600 lines and no C function longer than 60.
set -eu
. tests/lint/files.sh
status=0

if source_files | xargs wc -l | awk '$2 != "total" && $1 > 600 { print $2 ": " $1 " lines"; found = 1 }
                                END { exit !found }'; then
  status=1
fi

command -v ctags >/dev/null 2>&1 || { echo "no ctags"; exit $((status ? status : 77)); }
if c_files | xargs ctags -x --languages=C,C++ --map-C++=+.hh --kinds-C=f --kinds-C++=f \
  --_xformat='%n %e %F %N' |
  awk '$2 - $1 >= 60 { print $3 ":" $1 ": " $4 " has " $2 - $1 + 1 " lines"; found = 1 }
       END { exit !found }'; then
  status=1
fi
exit $status
