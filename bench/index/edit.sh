#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Adds a sentence to a post and then runs a program: bench/index/edit.sh POST PROGRAM [ARGUMENT]...
set -eu
echo "One more sentence." >>"$1"
shift
exec "$@"
