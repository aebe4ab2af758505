# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Functions for ./demo and ./check, which install missing Debian packages.

# packages_of GROUP...: the packages of these groups in tools/packages, on one line.
packages_of() {
  for group; do
    sed -n "s/^$group  *//p" tools/packages
  done | tr '\n' ' '
}

# missing_of PACKAGE...: the packages that are neither installed nor provided by an installed package
# (some builds of nodejs provide npm), on one line.
missing_of() {
  provided=$(dpkg-query -W -f '${db:Status-Status}, ${Provides},\n' | sed -n 's/^installed//p')
  for package; do
    case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null),$provided in
      installed,* | *", $package,"* | *", $package "*) ;;
      *) printf '%s ' "$package" ;;
    esac
  done
}

# apt_install PACKAGE...: installs with the existing package lists, or if that fails, with fresh ones.
apt_install() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -qq -y --no-install-recommends "$@" >/dev/null 2>&1 </dev/null && return
  apt-get update -qq </dev/null &&
    apt-get install -qq -y --no-install-recommends "$@" >/dev/null </dev/null
}

# need_packages GROUP...: as root, installs missing packages; otherwise prints how to, and exits.
need_packages() {
  packages=$(packages_of "$@")
  if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "$0: this is not a Debian system; install the equivalents of these packages: $packages" >&2
    return
  fi
  # shellcheck disable=SC2086 # the names are words
  missing=$(missing_of $packages)
  missing=${missing% }
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    echo "$0: packages are missing; run this as root, then try again:" >&2
    echo "  apt-get update && apt-get install --no-install-recommends $missing" >&2
    exit 1
  fi
  echo "Installing packages: $missing"
  # shellcheck disable=SC2086
  apt_install $missing || {
    echo "$0: cannot install packages: apt-get install --no-install-recommends $missing" >&2
    exit 1
  }
}
