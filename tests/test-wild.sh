#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Command lines as people write them, through plain QEMU and through qriser
# under QEMU's name: the VM must be the same (test-parity).  The lines are no
# part of the source; where they are not beside it there is nothing to do.
# Prints TAP.
#
# QRISER               the program
# SRCDIR, BUILDDIR     the source, and where tests/test-parity is
# QRISER_TEST_SHARE    N: one line of N; default: all
# QRISER_TEST_SHARED   the directory with data/wild-lines.json and
#                      tools/wild.py, if that is not SRCDIR/../shared
# QRISER_TEST_STRICT=1 what this machine lacks is a failure, not a skip

set -u

here=$(cd "$(dirname "$0")" && pwd)
SRCDIR=${SRCDIR:-$here/..}
BUILDDIR=${BUILDDIR:-$SRCDIR}
export QRISER=${QRISER:-$BUILDDIR/qriser}
shared=${QRISER_TEST_SHARED:-$SRCDIR/../shared}

if [ ! -r "$shared/data/wild-lines.json" ] || [ ! -r "$shared/tools/wild.py" ]; then
  echo "1..0 # SKIP no shared/data/wild-lines.json beside the source"
  exit 0
fi
for tool in python3 qemu-img; do
  command -v "$tool" >/dev/null && continue
  if [ "${QRISER_TEST_STRICT:-}" = 1 ]; then
    printf 'not ok 1 - no %s\n1..1\n' "$tool"
    exit 1
  fi
  echo "1..0 # SKIP no $tool"
  exit 0
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! python3 -B "$here/wild-lines.py" "$shared" "$work/vm" >"$work/lines.json" 2>"$work/errors"; then
  sed 's/^/# /' "$work/errors"
  printf 'not ok 1 - the lines can be prepared\n1..1\n'
  exit 1
fi
# Relative names of a line are files of the directory that it is started in.
cd "$work/vm" || exit 1
"$BUILDDIR/tests/test-parity" --json "$work/lines.json"
