#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# install.sh BUILD README CC FLAGS: installs the binding to a temporary directory, compiles the
# README's example against it with pkg-config, and runs the example.
set -eu
build=$1 readme=$2 cc=$3 flags=$4
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cmake --install "$build" --prefix "$room" --component xapian-c >/dev/null
pc=$(find "$room" -name xapian-c.pc)
export PKG_CONFIG_PATH="${pc%/*}"
sed -n '/^```c$/,/^```$/p' "$readme" | sed '/^```/d' > "$room/example.c"
# shellcheck disable=SC2046,SC2086 # the flags are words
$cc -std=c17 -Wall -Wextra -Werror $flags -o "$room/example" "$room/example.c" \
    $(pkg-config --cflags --libs xapian-c)
answer=$(LD_LIBRARY_PATH="${pc%/*/*}" "$room/example" "$room/index")
[ "$answer" = "1: the first document" ] || { echo "answered: $answer"; exit 1; }
