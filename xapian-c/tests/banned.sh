#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# banned.sh DIRECTORY: fails if the sources contain Query::MatchAll (one object that all threads would
# share), a try block outside guard() and translate(), or code that prints or exits.
set -eu
cd "$1"
if grep -nE '\b(MatchAll|MatchNothing|cerr|cout)\b|\b(printf|fputs|puts|exit|abort)\(' *.cc *.hh; then
    exit 1
fi
[ "$(grep -cE '^ *try \{' guard.hh)" = 1 ]
[ "$(grep -lE '^ *try \{' *.cc)" = error.cc ]
[ "$(grep -cE '^ *try \{' error.cc)" = 1 ]
