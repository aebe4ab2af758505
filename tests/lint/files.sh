# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Functions that the lints source. They list the tree's own files, one per line. They do not use git, because
# a lint may run on a copy of the tree.

# own_files [FIND-EXPRESSION]...: every file except built and downloaded files, and the inputs of fuzz targets.
own_files() {
  find . \( -path ./.git -o -path ./build -o -path ./index -o -name node_modules -o -path ./corpus/_site \
    -o -path ./tests/fuzz/corpus \) \
    -prune -o -type f "$@" -print | sed 's,^\./,,' | sort
}

# source_files: C, C++, Python, scripts, style sheets and build files.
source_files() {
  own_files \( -name '*.[ch]' -o -name '*.cc' -o -name '*.hh' -o -name '*.js' -o -name '*.css' -o -name '*.sh' \
    -o -name '*.py' -o -name '*.cmake' -o -name CMakeLists.txt \)
}

# c_files: C, C++ and their headers.
c_files() {
  own_files \( -name '*.c' -o -name '*.h' -o -name '*.cc' -o -name '*.hh' \)
}
