#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# exports.sh HEADER LIBRARY: the library exports exactly the functions that the header declares.
set -eu
header=$1 library=$2
declared=$(grep -v '^#' "$header" | tr '\n' ' ' | grep -oE 'XC_(API|CHECKED) [^;(]*\(' |
    sed 's/(//; s/.*[ *]//' | sort)
exported=$(nm -D --defined-only "$library" | awk '{print $3}' | sed 's/@.*//' | sort)
[ "$(echo "$declared" | wc -l)" -gt 50 ] || { echo "the header declares too little: $declared"; exit 1; }
if [ "$declared" != "$exported" ]; then
    echo "declared:" $declared
    echo "exported:" $exported
    exit 1
fi
