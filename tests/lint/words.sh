#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What no file may contain: paths of one machine, hosts of package registries, parts of libxapian that are
# known to break, and sources without an SPDX line.
set -eu
. tests/lint/files.sh
status=0

# nowhere WHY PATTERN: none of the files whose names are on standard input contains the pattern.
nowhere() {
  if tr '\n' '\0' | xargs -0 grep -nIE "$2"; then
    echo "words.sh: $1"
    status=1
  fi
}

own_files | grep -vE '^(corpus|tests/jekyll/site)/' |
  nowhere 'a path of one machine' '(^|[^A-Za-z0-9_.~/-])/(home|root|work|Users)/'
own_files | grep -vE '^(corpus/.*\.(md|markdown|tsv)|tests/jekyll/site/.*)$' |
  nowhere 'the host of a package registry' \
    '(deb|security|ftp)[.]debian[.]org|registry[.](npmjs|yarnpkg)|pypi[.]org|index[.]crates[.]io'
c_files | grep -E '^xapian-c/' | grep -v tests/ |
  nowhere 'a static that threads would share' 'Query::Match(All|Nothing)'
unlicensed=$(own_files \( -name '*.[ch]' -o -name '*.cc' -o -name '*.hh' -o -name '*.py' -o -name '*.sh' -o -name '*.js' -o -name '*.css' \) |
  grep -vE '^(corpus|tests/(jekyll|cli)/site)/' |
  while read -r file; do
    head -n 2 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' || printf '%s\n' "$file"
  done)
if [ -n "$unlicensed" ]; then
  printf '%s\nwords.sh: the files above do not begin with an SPDX line\n' "$unlicensed"
  status=1
fi
c_files | nowhere 'a tab' "$(printf '\t')"
c_files | nowhere 'a space at the end of a line' ' $'
exit $status
