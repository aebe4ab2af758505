#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The systemd units are valid, and the services are sandboxed.
#
#   units.sh BUILD
set -eu
command -v systemd-analyze >/dev/null 2>&1 || { echo "skipped: systemd-analyze is not installed"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
cmake --install "$1" --prefix "$root/usr/local" >"$work/log" || { cat "$work/log"; exit 1; }
units=$root/usr/local/lib/systemd/system

# check_service NAME PROGRAM THRESHOLD: the service starts the installed program and is sandboxed.
# systemd's exposure is a number from 0.0 to 10.0; the threshold is in tenths.
check_service() {
  unit=$units/$1.service
  grep -q "^ExecStart=/usr/local/$2 " "$unit" ||
    { echo "units.sh: $1 starts another program than is installed"; exit 1; }
  systemd-analyze security --offline=true --threshold="$3" --no-pager "$unit" >"$work/security" 2>&1 ||
    { cat "$work/security"; exit 1; }
  exposure=$(sed -n 's/.*Overall exposure level for [^:]*: \([0-9.]*\).*/\1/p' "$work/security")
  exposures="$exposures${exposures:+, }$1 $exposure"

  # The program accepts every option in the unit.
  "$root/usr/local/$2" --help >"$work/help"
  sed -n '/^ExecStart/,/[^\\]$/p' "$unit" | grep -o -- '--[a-z-]*' | sort -u |
    while read -r option; do
      grep -q -e "$option " "$work/help" || { echo "units.sh: no option $option"; exit 1; }
    done
}

exposures=
check_service searchd sbin/searchd 11
check_service signpost-index bin/indexer 4

SYSTEMD_UNIT_PATH=$units: systemd-analyze verify --man=no "$units/searchd.socket" \
  "$units/searchd.service" "$units/signpost-index.service" "$units/signpost-index.timer" \
  >"$work/verify" 2>&1 || true
if grep -E 'Unknown|Invalid|Failed to parse|ignoring' "$work/verify"; then
  exit 1
fi
calendar=$(sed -n 's/^OnCalendar=//p' "$units/signpost-index.timer")
systemd-analyze calendar "$calendar" >"$work/calendar"

# The unit's user is the one that sysusers.d creates, and both units use the same index.
systemd-sysusers --root="$work/root" --dry-run "$root/usr/local/lib/sysusers.d/signpost.conf" \
  >"$work/users" 2>&1 || { cat "$work/users"; exit 1; }
user=$(sed -n 's/^User=//p' "$units/signpost-index.service")
grep -q "user '$user'" "$work/users" || { echo "units.sh: no user $user"; cat "$work/users"; exit 1; }
for unit in searchd signpost-index; do
  grep -q -e '--index /var/lib/signpost/index' "$units/$unit.service" ||
    { echo "units.sh: $unit.service has another index"; exit 1; }
done

row="scorecard: units by systemd-analyze: exposure of $exposures"
echo "$row"
[ -z "${SIGNPOST_SCORECARD-}" ] || echo "$row" >>"$SIGNPOST_SCORECARD"
