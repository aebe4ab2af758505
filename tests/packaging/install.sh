#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An installation into an empty folder works. (xapian-c/tests/install.sh tests the binding's installation.)
#
#   install.sh BUILD
set -eu
build=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix

fail() {
  echo "install.sh: $*" >&2
  exit 1
}

cmake --install "$build" --prefix "$prefix" >"$work/log" || { cat "$work/log"; fail "does not install"; }

for file in bin/indexer bin/search sbin/searchd include/xapian-c.h include/xapian-c-remote.h include/xapian-c-scores.h include/xapian-c-written.h share/man/man1/indexer.1 \
  share/man/man1/search.1 share/man/man8/searchd.8 lib/systemd/system/searchd.service \
  lib/systemd/system/searchd.socket lib/systemd/system/signpost-index.service \
  lib/systemd/system/signpost-index.timer lib/sysusers.d/signpost.conf \
  share/doc/signpost/examples/nginx.conf share/doc/signpost/examples/Caddyfile \
  share/doc/signpost/examples/github-actions.yml share/doc/signpost/examples/gitlab-ci.yml; do
  [ -f "$prefix/$file" ] || fail "$file is not installed"
done
[ -x "$prefix/share/doc/signpost/examples/post-receive" ] || fail "the hook cannot be run"

# The installed programs work without the build folder.
"$prefix/bin/indexer" --quiet -o "$work/index" "$here/../../corpus"
"$prefix/bin/search" -i "$work/index" --urls residency research | grep -q residenc ||
  fail "the installed search finds nothing"
"$prefix/sbin/searchd" --version >"$work/log" || fail "the installed searchd does not start"
for program in bin/indexer bin/search sbin/searchd; do
  if readelf -d "$prefix/$program" | grep -E 'R(UN)?PATH'; then
    fail "$program looks for libraries in a folder of the build"
  fi
done
