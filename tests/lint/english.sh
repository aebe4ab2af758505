#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No text contains phrases that readers have to read twice. docs/style.md says what to write instead.
set -eu
. tests/lint/files.sh
status=0

# never INSTEAD PATTERN: no text of ours contains the Perl regular expression PATTERN; write INSTEAD.
never() {
  if own_files | grep -vE '^(corpus|tests/(jekyll|cli)/site|engine/search/words)/|^(tests/cases|docs/style[.]md|tests/lint/english[.]sh|LICENSE)' |
    tr '\n' '\0' | xargs -0 grep -niIP "$2"; then
    echo "english.sh: write $1"
    status=1
  fi
}

never 'rebuilt, again' '\banew\b'
never 'separated by, told from' '\bapart by\b'
never 'fix' '\bmend(s|ed|ing)?\b'
never 'reports, says' '\b(is|are|as|be) told\b(?! apart)'
never 'missing, without' '\blacks\b'
never 'is not, is invalid' '(?<!there )\b(is|are) no (?!longer|more|less|need|such|reason|doubt|way)[a-z]'
never 'is not, there is none' '(?<!there )\b(is|are) (?-i:none)\b'
never 'this many, at most N' '\bso (many|often)\b(?! that)'
never 'anyone who, authors, readers' '\bwhoever\b(?!",)|\b(by|for|to) who\b'
never 'except' '\b(all|none|anything) but(?! one)\b|\bbut for (the|a|its|what|those)\b'
never 'available' '\bto be had\b'
never 'the ... of' '\b(?-i:What) of\b'
exit $status
