#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# banned.sh DIRECTORY: what the sources must not name. Query::MatchAll is one object for all threads;
# a try outside the guard, a print or an exit have no place in the library.
set -eu
cd "$1"
if grep -nE '\b(MatchAll|MatchNothing|cerr|cout)\b|\b(printf|fputs|puts|exit|abort)\(' *.cc *.hh; then
    exit 1
fi
[ "$(grep -cE '^ *try \{' guard.hh)" = 1 ]
[ "$(grep -lE '^ *try \{' *.cc)" = error.cc ]
[ "$(grep -cE '^ *try \{' error.cc)" = 1 ]
