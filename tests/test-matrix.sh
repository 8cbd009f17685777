#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What a machine does in the sandbox is what it does without, or a refusal that is listed:
# scenarios, QEMUs and profiles, each with each.  Prints TAP.
#
# QRISER, QRISER_TEST_QEMU, QRISER_TEST_STRICT, QRISER_TEST_EYE   as for the others
# QRISER_TEST_LINUX      a Linux kernel for a guest
# QRISER_TEST_SHARE=N    each scenario is tried under one profile of N, with CI set one of 8 N; but
#                        each common one under all, and from N=4 on under one of N/2
# QRISER_TEST_LINE=NAME  only the scenarios whose names begin so

set -u

# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

find_qemus
if [ "${#qemus[@]}" -eq 0 ] || ! command -v qemu-img >"$work/check" || ! command -v python3 >"$work/check"; then
  missing "all" "no QEMU, no qemu-img or no python3"
  finish
fi

# It ends what it has started, and removes the directory.
export QRISER BUILDDIR work
exec python3 -B "$here/matrix.py" "$here/matrix" "${qemus[@]}"
