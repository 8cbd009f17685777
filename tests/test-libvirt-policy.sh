#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The policy libvirt@1: with libvirt's own command lines, places taken out, every PCI function
# must be where libvirt has it.  First with stored answers of libvirt, which are no part of the
# source; then, where libvirt and QEMU are installed, with domains drawn from a seed, which
# libvirt's QEMU driver inside virsh answers.  Nothing is started.  Prints TAP.
#
# QRISER               the program
# SRCDIR               the source
# QRISER_TEST_SHARED   the directory with data/, if that is not SRCDIR/../shared
# QRISER_TEST_SEED     another seed for the domains
# QRISER_TEST_CASE     the only case to look at, with its line and its answer shown
# QRISER_TEST_STRICT=1 what this machine lacks is a failure, not a skip

set -u

# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

SRCDIR=${SRCDIR:-$here/..}
shared=${QRISER_TEST_SHARED:-$SRCDIR/../shared}
seed=${QRISER_TEST_SEED:-35}

# A virsh that was interrupted may leave a QEMU that it asked what it can do.
trap 'end_marked "$work"/libvirt/lib/qemu/qmp-*/*.pid; rm -rf "$work"' EXIT

# look COMMAND [DIRECTORY]: one part; a TAP line for each case that libvirt-policy.py judges.
look() {
  local status verdict name reason

  : >"$work/check" # what differs follows as lines of its own
  python3 -B "$here/libvirt-policy.py" --qriser="$QRISER" --profiles="$SRCDIR/profiles" \
    --emulator="$(command -v qemu-system-x86_64)" --seed="$seed" \
    ${QRISER_TEST_CASE:+"--only=$QRISER_TEST_CASE"} "$@" >"$work/rows" 2>"$work/errors"
  status=$?
  while IFS=$'\t' read -r verdict name reason; do
    case $verdict in
      ok) result 0 "$name" ;;
      "not ok") result 1 "$name" ;;
      todo)
        number=$((number + 1))
        echo "not ok $number - $name # TODO $reason"
        ;;
      skip) skip "$name" "$reason" ;;
      missing) missing "$name" "$reason" ;;
      *) echo "$verdict" ;;
    esac
  done <"$work/rows"
  if [ $status -ne 0 ]; then
    cp "$work/errors" "$work/check"
    result 1 "libvirt-policy.py $1"
  fi
}

if ! command -v python3 >/dev/null; then
  missing "places as libvirt has them" "no python3"
  finish
fi
look itself

if [ -r "$shared/data/libvirt-cases/INDEX.json" ] \
  || [ -r "$shared/data/libvirt-oracle-cases/INDEX.json" ]; then
  look corpus "$shared/data"
else
  skip "stored answers of libvirt" "no shared/data/libvirt-cases beside the source"
fi

if ! command -v qemu-system-x86_64 >/dev/null; then
  missing "fresh domains" "no qemu-system-x86_64 in PATH"
elif ! command -v virsh >/dev/null; then
  missing "fresh domains" "no virsh"
else
  echo "# QRISER_TEST_SEED=$seed"
  look fresh "$work/libvirt"
fi
finish
