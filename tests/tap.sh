# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the tests of the whole program share: a directory of their own and TAP.  It sets
# BUILDDIR, QRISER, work, number and failed, and removes the directory at the end.

here=$(cd "$(dirname "$0")" && pwd)
BUILDDIR=${BUILDDIR:-$here/..}
QRISER=${QRISER:-$BUILDDIR/qriser}
number=0
failed=0
# Not in TMPDIR: the paths of sockets in it must be shorter than 108 bytes.
work=$(mktemp -d /tmp/qtest.XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

# check DESCRIPTION COMMAND...: one TAP line; fails with the command's output.
check() {
  local description=$1
  shift
  number=$((number + 1))
  if "$@" >"$work/check" 2>&1; then
    echo "ok $number - $description"
  else
    echo "not ok $number - $description"
    sed 's/^/# /' "$work/check"
    failed=1
  fi
}

# skip DESCRIPTION REASON: a failure where everything must be there.
skip() {
  number=$((number + 1))
  if [ "${QRISER_TEST_STRICT:-}" = 1 ]; then
    echo "not ok $number - $1: $2"
    failed=1
  else
    echo "ok $number - $1 # SKIP $2"
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
