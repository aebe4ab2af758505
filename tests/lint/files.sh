# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# For the lints to source: the tree's own files, one a line. Needs no git: a check may run on a copy.

# own_files [FIND-EXPRESSION]...: every file but what is built or fetched.
own_files() {
  find . \( -path ./.git -o -path ./build -o -path ./index -o -name node_modules -o -path ./corpus/_site \) \
    -prune -o -type f "$@" -print | sed 's,^\./,,' | sort
}

# c_files: C, C++ and their headers.
c_files() {
  own_files \( -name '*.c' -o -name '*.h' -o -name '*.cc' -o -name '*.hh' \)
}
