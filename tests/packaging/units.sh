#!/bin/sh
# The systemd units are valid, and the service is as shut in as it can be.
#
#   units.sh BUILD
set -eu
command -v systemd-analyze >/dev/null 2>&1 || { echo "no systemd-analyze"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
cmake --install "$1" --prefix "$root/usr/local" >"$work/log" || { cat "$work/log"; exit 1; }
units=$root/usr/local/lib/systemd/system

grep -q '^ExecStart=/usr/local/sbin/searchd ' "$units/searchd.service" ||
  { echo "units.sh: the service starts another program than is installed"; exit 1; }

# Exposure 0.0 to 10.0; the threshold is in tenths.
systemd-analyze security --offline=true --threshold=15 --no-pager "$units/searchd.service" \
  >"$work/security" 2>&1 || { cat "$work/security"; exit 1; }
tail -n 1 "$work/security"

# Every option in the unit is one that the program has.
"$root/usr/local/sbin/searchd" --help >"$work/help"
sed -n '/^ExecStart/,/[^\\]$/p' "$units/searchd.service" | grep -o -- '--[a-z-]*' | sort -u |
  while read -r option; do
    grep -q -e "$option " "$work/help" || { echo "units.sh: no option $option"; exit 1; }
  done

SYSTEMD_UNIT_PATH=$units: systemd-analyze verify --man=no "$units/searchd.socket" \
  "$units/searchd.service" >"$work/verify" 2>&1 || true
if grep -E 'Unknown|Invalid|Failed to parse|ignoring' "$work/verify"; then
  exit 1
fi
