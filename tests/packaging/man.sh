#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A man page and its program's --help agree on every option: its short form, argument and default.
# --help is made from the table with which the program parses its command line. The page must be
# valid mdoc.
#
#   man.sh PAGE PROGRAM
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

fail() {
  echo "man.sh: $1"
  status=1
}

# From both, a sorted line for each option: the long form, a tab, the short form and the argument, a
# tab, and then the default (from --help) or the whole description (from the page).

# "  -o, --index DIR    help text (default: ./index)", continued on lines that begin with 27 blanks.
read_help() {
  awk '
    function finish() {
      if (left == "") return
      value = ""
      if (match(text, /\(default: .*\)$/)) value = substr(text, RSTART + 10, RLENGTH - 11)
      count = split(left, words, " ")
      long = words[1]; short = ""
      if (long ~ /^-[^-]/) { short = substr(long, 1, 2); long = words[2] }
      print long "\t" short " " (words[count] == long ? "" : words[count]) "\t" value
      left = ""
    }
    /^  -|^      --/ {
      finish()
      left = text = $0
      sub(/^ */, "", left)
      sub(/   *.*/, "", left)
      sub(/^ *[^ ].*[^ ]   */, "", text)
      next
    }
    left != "" && /^                           [^ ]/ { sub(/^ */, " "); text = text $0; next }
    { finish() }
    END { finish() }' | sort
}

# ".It Fl o , Fl -index Ar DIR" and the lines after it. Several .It in a row share a description.
read_page() {
  awk '
    function finish(i) {
      if (text == "") return
      for (i = 1; i <= count; i++) print options[i] "\t" text
      count = 0
      text = ""
    }
    function argument(line) {
      gsub(/ Ns /, "\001", line)
      gsub(/Op /, "[", line)
      gsub(/Ar |\001/, "", line)
      return line ~ /\[/ ? line "]" : line
    }
    /^\.It / { finish() }
    /^\.It Fl / {
      sub(/^\.It Fl /, "")
      short = ""
      if (/^[^-] , Fl /) { short = "-" substr($0, 1, 1); sub(/^. , Fl /, "") }
      long = "-" $1
      sub(/^[^ ]* ?/, "")
      options[++count] = long "\t" short " " argument($0)
      next
    }
    /^\.E[lo]/ { finish(); count = 0 }
    count > 0 {
      if (sub(/^\.[A-Z][a-z] /, "")) gsub(/(^| )(Ns|Ar|Cm|Ev|Fl|Li|Pa|Pq|Qq) /, " ")
      text = text " " $0
    }' "$1" | sort
}

# Lines with an option, the default that --help shows, and the description in the page. For a default
# of 10 the page may say "10 by default", "by default 10", "The default is 10" or "10 (the default)".
check_defaults() {
  awk -F '\t' '
    function plain(text) {
      text = " " tolower(text) " "
      gsub(/[(),;$]/, "", text)
      gsub(/[.:]* +/, " ", text)
      gsub(/ the /, " ", text)
      gsub(/  +/, " ", text)
      return text
    }
    {
      text = plain($3)
      value = plain($2)
      sub(/ $/, "", value)
      if ($2 == "" && text ~ /default/)
        print $1 ": the page has a default, --help has none"
      else if ($2 != "" && !index(text, value " by default ") && !index(text, " by default" value " ") &&
               !index(text, " default is" value " ") && !index(text, value " default "))
        print $1 ": the page does not say that the default is " $2
    }'
}

"$2" --help >"$work/text"
read_help <"$work/text" >"$work/help"
read_page "$1" >"$work/page"
[ -s "$work/help" ] || fail "$2 --help lists no options"
if awk 'length > 79 { found = 1; print } END { exit !found }' "$work/text"; then
  fail "the lines above of --help are wider than 79 columns"
fi

cut -f 1,2 "$work/help" >"$work/help-options"
cut -f 1,2 "$work/page" >"$work/page-options"
diff -u "$work/page-options" "$work/help-options" || fail "$1 and --help differ in options or arguments"

cut -f 1,3 "$work/help" >"$work/help-defaults"
cut -f 1,3 "$work/page" >"$work/descriptions"
join -t "$(printf '\t')" "$work/help-defaults" "$work/descriptions" | check_defaults >"$work/defaults"
[ ! -s "$work/defaults" ] || { cat "$work/defaults"; fail "$1 and --help differ in defaults"; }

if command -v groff >/dev/null 2>&1; then
  groff -mdoc -Tutf8 -ww -z "$1" 2>"$work/groff"
  [ ! -s "$work/groff" ] || { cat "$work/groff"; status=1; }
fi
if command -v mandoc >/dev/null 2>&1; then
  mandoc -T lint -W warning "$1" || status=1
fi
exit $status
