# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the tests of the whole program share: a directory of their own and TAP.  It sets
# BUILDDIR, QRISER, work, number and failed, and removes the directory at the end.

here=$(cd "$(dirname "$0")" && pwd)
BUILDDIR=${BUILDDIR:-$here/..}
QRISER=${QRISER:-$BUILDDIR/qriser}
number=0
failed=0
# Where a program with sanitizers is slow, the search for leaks takes longer than all that a short call does.
if [ "${QRISER_TEST_SLOW:-}" = yes ]; then
  export ASAN_OPTIONS=detect_leaks=0
fi
# Not in TMPDIR: the paths of sockets in it must be shorter than 108 bytes.
work=$(mktemp -d /tmp/qtest.XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

# result STATUS DESCRIPTION: one TAP line; a failure shows the file "check".
result() {
  number=$((number + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $number - $2"
  else
    echo "not ok $number - $2"
    sed 's/^/# /' "$work/check"
    failed=1
  fi
}

# check DESCRIPTION COMMAND...: the command ends with 0.
check() {
  local description=$1
  shift
  "$@" >"$work/check" 2>&1
  result $? "$description"
}

skip() {
  number=$((number + 1))
  echo "ok $number - $1 # SKIP $2"
}

# missing DESCRIPTION REASON: a skip, and a failure where everything must be there.
missing() {
  if [ "${QRISER_TEST_STRICT:-}" = 1 ]; then
    echo "$2" >"$work/check"
    result 1 "$1"
  else
    skip "$1" "$2"
  fi
}

# finish: the last line, and the exit status.
finish() {
  echo "1..$number"
  exit $failed
}

# The conditions below say on standard output why they do not hold.

same() {
  [ "$1" = "$2" ] || { diff <(echo "$1") <(echo "$2"); return 1; }
}

contains() {
  case $1 in *"$2"*) return 0 ;; esac
  echo "no \"$2\" in: $1"
  return 1
}

lacks() {
  case $1 in *"$2"*) echo "\"$2\" in: $1"; return 1 ;; esac
}

# find_qemus: sets qemus to the QEMU in /usr/bin and those of QRISER_TEST_QEMU, which has colons. Where
# only one line of many is tried it is one of them, by the length of the test's name.
find_qemus() {
  local binary paths

  qemus=()
  IFS=: read -r -a paths <<<"${QRISER_TEST_QEMU:-}"
  for binary in /usr/bin/qemu-system-x86_64 ${paths[@]+"${paths[@]}"}; do
    case " ${qemus[*]-} " in *" $binary "*) continue ;; esac
    [ -x "$binary" ] && qemus+=("$binary")
  done
  if [ "${QRISER_TEST_SHARE:-1}" -ge 4 ] && [ "${#qemus[@]}" -gt 1 ]; then
    binary=${0##*/}
    binary=${qemus[${#binary} % ${#qemus[@]}]}
    echo "# one line of $QRISER_TEST_SHARE is tried: on $binary alone"
    qemus=("$binary")
  fi
}

# use_modules QEMU: lets one that was unpacked somewhere find its modules.
use_modules() {
  local modules

  modules=$(realpath -q "$(dirname "$1")/../lib/$(uname -m)-linux-gnu/qemu")
  unset QEMU_MODULE_DIR
  if [ -d "$modules" ]; then
    export QEMU_MODULE_DIR=$modules
  fi
}

# until_true COMMAND...: it comes true within 20 seconds.
until_true() {
  local i
  for ((i = 0; i < 200; i++)); do
    "$@" >"$work/last" && return 0
    sleep 0.1
  done
  cat "$work/last"
  return 1
}

# end_marked FILE...: ends the QEMUs whose numbers the files hold, if they run in our
# directory, and nothing else.
end_marked() {
  local file pid

  for file in "$@"; do
    pid=$(cat "$file")
    if [ -n "$pid" ] && tr '\0' '\n' <"/proc/$pid/cmdline" | grep -qF "$work/"; then
      kill -KILL "$pid"
    fi
  done 2>/dev/null
}
