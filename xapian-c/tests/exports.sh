#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# exports.sh LIBRARY HEADER...: the library exports exactly the functions that the headers declare.
set -eu
library=$1
shift
declared=$(grep -hv '^#' "$@" | tr '\n' ' ' | grep -oE 'XC_(API|CHECKED) [^;(]*\(' |
    sed 's/(//; s/.*[ *]//' | sort)
exported=$(nm -D --defined-only "$library" | awk '{print $3}' | sed 's/@.*//' | sort)
[ "$(echo "$declared" | wc -l)" -gt 50 ] || { echo "the headers declare too little: $declared"; exit 1; }
if [ "$declared" != "$exported" ]; then
    echo "declared:" $declared
    echo "exported:" $exported
    exit 1
fi
