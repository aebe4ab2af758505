# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# For ./demo and ./check to source: sees to it that Debian packages are there.

# packages_of GROUP...: the packages of these groups in tools/packages, on one line.
packages_of() {
  for group; do
    sed -n "s/^$group  *//p" tools/packages
  done | tr '\n' ' '
}

# missing_of PACKAGE...: those that neither are installed nor come with one that is (as npm comes
# with some builds of nodejs), on one line.
missing_of() {
  provided=$(dpkg-query -W -f '${db:Status-Status}, ${Provides},\n' | sed -n 's/^installed//p')
  for package; do
    case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null),$provided in
      installed,* | *", $package,"* | *", $package "*) ;;
      *) printf '%s ' "$package" ;;
    esac
  done
}

# apt_install PACKAGE...: with the lists of packages that are there, and if need be with fresh ones.
apt_install() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -qq -y --no-install-recommends "$@" >/dev/null 2>&1 </dev/null && return
  apt-get update -qq </dev/null &&
    apt-get install -qq -y --no-install-recommends "$@" >/dev/null </dev/null
}

# need_packages GROUP...: installs what is missing when root, else says how and ends the script.
need_packages() {
  packages=$(packages_of "$@")
  if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "$0: this is no Debian; it needs what these Debian packages hold: $packages" >&2
    return
  fi
  # shellcheck disable=SC2086 # the names are words
  missing=$(missing_of $packages)
  missing=${missing% }
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    echo "$0: packages are missing. As root, run this and try again:" >&2
    echo "  apt-get update && apt-get install --no-install-recommends $missing" >&2
    exit 1
  fi
  echo "Installing packages: $missing"
  # shellcheck disable=SC2086
  apt_install $missing || {
    echo "$0: cannot install them: apt-get install --no-install-recommends $missing" >&2
    exit 1
  }
}
