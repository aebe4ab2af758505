#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A man page and its program's --help name the same options, and the page is good mdoc.
#
#   man.sh PAGE PROGRAM
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

# Lines of the page such as ".It Fl o , Fl -index Ar DIR"; of --help, "  -o, --index DIR   the index".
awk '/^\.It Fl/ { for (i = 2; i < NF; i++) if ($i == "Fl") print "-" $(i + 1) }' "$1" | sort >"$work/page"
"$2" --help | sed -n 's/^ *-/-/p' | sed 's/   *.*//' | tr ', ' '\n\n' | grep '^-' | sort >"$work/help"
diff -u "$work/page" "$work/help" || { echo "man.sh: $1 and --help differ"; status=1; }

if command -v groff >/dev/null 2>&1; then
  groff -mdoc -Tutf8 -ww -z "$1" 2>"$work/groff"
  [ ! -s "$work/groff" ] || { cat "$work/groff"; status=1; }
fi
if command -v mandoc >/dev/null 2>&1; then
  mandoc -T lint -W warning "$1" || status=1
fi
exit $status
