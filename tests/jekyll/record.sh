#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Records how Jekyll publishes the fixture site, in tests/jekyll/expected.tsv, expected-ids.tsv and
# expected-last.tsv.
#
#   record.sh             writes these files
#   record.sh --compare   compares them with the installed Jekyll and changes nothing
#
# Exit status: 0 success, 1 the files differ or Jekyll failed, 77 Jekyll is not installed.
#
# Builds the site with its own _config.yml ("default"), and then with each variants/NAME.yml in its place. A
# line "# options: ..." in a variant gives options for Jekyll.
#   expected.tsv      variant, path, URL, title, date, seconds since 1970, categories, tags
#                     (lists split by |; \t \n \\ and \p for | in text)
#   expected-ids.tsv  URL, the ids of its headings in order ("!" for one without), path
#   expected-last.tsv variant, and of several Markdown files that become one file of the site, the
#                     path and the URL of the one that Jekyll writes last
set -eu

here=$(cd "$(dirname "$0")" && pwd)
command -v jekyll >/dev/null 2>&1 || { echo "record.sh: skipped: jekyll is not installed (apt-get install jekyll)" >&2; exit 77; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R "$here/site" "$work/site"
find "$work/site" -exec touch -d 2020-05-05T12:00:00Z {} + # the date of drafts without a date
export TZ=UTC LC_ALL=C.UTF-8

# build NAME CONFIG: appends to $work/expected.tsv, and writes $work/ids
build() {
  options=$(sed -n 's/^# options: //p' "$2")
  # shellcheck disable=SC2086 # the options are words
  SIGNPOST_RECORD="$work/record" SIGNPOST_RECORD_IDS="$work/ids" SIGNPOST_RECORD_LAST="$work/last" \
    jekyll build --quiet --disable-disk-cache --plugins "$here" --config "$2" \
    --source "$work/site" --destination "$work/out" $options >"$work/log" 2>&1 ||
    { cat "$work/log" >&2; echo "record.sh: jekyll failed on $1" >&2; exit 1; }
  sed "s/^/$1\t/" "$work/record" >>"$work/expected.tsv"
  sed "s/^/$1\t/" "$work/last" >>"$work/expected-last.tsv"
  rm -rf "$work/out" "$work/site/.jekyll-cache"
}

: >"$work/expected.tsv"
: >"$work/expected-last.tsv"
build default "$work/site/_config.yml"
cp "$work/ids" "$work/expected-ids.tsv"
for config in "$here"/variants/*.yml; do
  [ -e "$config" ] || continue
  build "$(basename "$config" .yml)" "$config"
done

if [ "${1-}" = --compare ]; then
  diff -u "$here/expected.tsv" "$work/expected.tsv"
  diff -u "$here/expected-ids.tsv" "$work/expected-ids.tsv"
  diff -u "$here/expected-last.tsv" "$work/expected-last.tsv"
else
  cp "$work/expected.tsv" "$work/expected-ids.tsv" "$work/expected-last.tsv" "$here/"
fi
