#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# QEMU changes its root directory and its user, once: by a program that tries more than that, and
# by each QEMU.  Prints TAP.
#
# QRISER, BUILDDIR, QRISER_TEST_QEMU, QRISER_TEST_STRICT   as for the others

set -u

# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"
changer=$BUILDDIR/tests/changer
old=$BUILDDIR/tests/old-kernel
headless=(-nodefaults -display none)

if [ "$(id -u)" -ne 0 ]; then
  skip "all" "needs root"
  finish
fi
mkdir "$work/root"
chmod 755 "$work" "$work/root"

# --- what is left behind the change --------------------------------------------------------

as_root="chroot: Success
chdir: Success"
as_user="setgid: Success
setgroups: Success
setuid: Success
setuid of root: Function not implemented"
over="again chroot: Function not implemented
again setgid: Function not implemented
again setgroups: Function not implemented
again setuid: Function not implemented
again setresuid: Function not implemented
again setresgid: Function not implemented
execve: Function not implemented"

# changes EXPECTED COMMAND...: it ends with 0 and prints that; what it says is in err.
changes() {
  local expected=$1
  shift
  timeout 60 "$@" >"$work/out" 2>"$work/err" </dev/null || { echo "status $?"; cat "$work/err"; return 1; }
  same "$expected" "$(cat "$work/out")"
}

run=("$QRISER" run --qemu="$changer" -- "${headless[@]}")
ln -s "$QRISER" "$work/qemu-system-x86_64"
drop_in=("$work/qemu-system-x86_64" -qriser "qemu=$changer" "${headless[@]}")
check "a root directory" changes "$as_root
$over" "${run[@]}" -chroot "$work/root"
check "nothing is said" same "" "$(cat "$work/err")"
check "a root directory and a user" changes "$as_root
$as_user
$over" "${run[@]}" -chroot "$work/root" -runas 12:34
check "a user, under a profile that is asked for" changes "$as_user
$over" "$QRISER" run --qemu="$changer" --seccomp=default+identity -- "${headless[@]}" -runas 12:34
check "a root directory, under the tightest one" changes "$as_root
$over" "$QRISER" run --qemu="$changer" --seccomp=strict+identity -- "${headless[@]}" -chroot "$work/root"
check "in QEMU's place" changes "$as_root
$as_user
$over" "${drop_in[@]}" -chroot "$work/root" -runas 12:34
check "a user in QEMU's place" changes "$as_user
$over" "${drop_in[@]}" -runas 12:34
check "where it leaves for the background" changes "$as_root
$as_user
$over" "${run[@]}" -daemonize -chroot "$work/root" -runas 12:34
check "with a root directory alone" changes "$as_root
$over" "${run[@]}" -daemonize -chroot "$work/root"
check "where it is supervised" changes "$as_root
$as_user
$over" "${run[@]:0:2}" --supervise "${run[@]:2}" -chroot "$work/root" -runas 12:34
check "with a root directory alone" changes "$as_root
$over" "${run[@]:0:2}" --supervise "${run[@]:2}" -chroot "$work/root"
check "a directory that is not there" changes "chroot: No such file or directory
chdir: Success
${over/again chroot: Function not implemented/again chroot: No such file or directory}" \
  "${run[@]}" -chroot "$work/none"

# --- where nobody can decide ------------------------------------------------------------------

left="again chroot: Success"
# lasts SAID COMMAND...: it is left to the filter, which is said.
lasts() {
  local said=$1
  shift
  timeout 60 "$@" >"$work/out" 2>"$work/err" </dev/null || { echo "status $?"; cat "$work/err"; return 1; }
  contains "$(cat "$work/out")" "$left" && contains "$(cat "$work/err")" "$said"
}
lasting="QEMU can change its user and root directory as long as it runs"
for lacks in notify listener; do
  check "a kernel that lets nobody decide, by $lacks" lasts "$lasting" "$old" $lacks -- "${run[@]}" -chroot "$work/root"
  check "in QEMU's place, by $lacks" lasts "" "$old" $lacks -- "${drop_in[@]}" -chroot "$work/root"
  check "where nothing is said, by $lacks" same "" "$(cat "$work/err")"
done
check "a user that is not in the file" lasts "there is no user \"nobody-here\"" \
  "$QRISER" run --qemu="$changer" --seccomp=default+identity -- "${headless[@]}" -runas nobody-here
left="again chroot: Operation not permitted"
check "no part by which it could" lasts "" "$QRISER" run --qemu="$changer" -- "${headless[@]}"

# --- with each QEMU ---------------------------------------------------------------------------

find_qemus
if [ "${#qemus[@]}" -eq 0 ]; then
  missing "QEMU" "no QEMU"
  finish
fi

# of_process PID KEY: a line of the status of each of its threads, where they differ.
of_process() { sed -sn "s/^$2:[[:space:]]*//p" "/proc/$1/task/"*/status | sort -u; }

# alone: no process of qriser's is left.
alone() {
  local pid
  for pid in $(pgrep -f -- "$work/root"); do
    if [ "$(readlink "/proc/$pid/exe")" = "$(readlink -f "$QRISER")" ]; then
      echo "process $pid is left"
      return 1
    fi
  done
}

# is_as PID ROOT USER: so QEMU runs; USER: "Uid Gid Groups".
is_as() {
  same "$(realpath "$program") $2 $3" "$(readlink "/proc/$1/exe") $(readlink "/proc/$1/root") $(of_process "$1" Uid | cut -f 4) $(of_process "$1" Gid | cut -f 1) $(of_process "$1" Groups | xargs)"
}

# try PROFILE ROOT USER WORDS...: QEMU runs so, answers, and ends as it is told.
try() {
  local profile=$1 root=$2 user=$3 what="QEMU $version, $1, ${*:4}"
  shift 3
  mkfifo "$work/monitor"
  "$QRISER" run --qemu="$program" --seccomp="$profile+identity" -- "${headless[@]}" -m 32 -S -object iothread,id=t \
    -qmp stdio "$@" <"$work/monitor" >"$work/said" 2>"$work/err" &
  pid=$!
  exec 9>"$work/monitor"
  echo '{"execute":"qmp_capabilities"}{"execute":"query-status","id":"status"}' >&9
  check "$what: it answers" until_true grep -q '"prelaunch".*"status"' "$work/said"
  cp "$work/err" "$work/check"
  # It may answer before it has changed them.
  check "$what: it is QEMU, with that root and user" until_true is_as "$pid" "$root" "$user"
  check "$what: nobody is beside it" until_true alone
  echo '{"execute":"quit"}' >&9
  wait "$pid"
  check "$what: its status" same 0 $?
  check "$what: nothing was said" same "" "$(grep -v 'failed to open module\|^qemu.*: warning' "$work/err")"
  exec 9>&-
  rm "$work/monitor"
}

for program in "${qemus[@]}"; do
  use_modules "$program"
  version=$("$program" --version | sed -n 's/.*version \([0-9.]*\).*/\1/p')
  pidfile=$work/pid
  trap 'end_marked "$work/pid"; rm -rf "$work"' EXIT
  if "$program" -help | grep -q -e '^-chroot'; then
    chroot=(-chroot "$work/root") runas=(-runas 12:34) both=(-chroot "$work/root" -runas 12:34)
  else
    chroot=(-run-with "chroot=$work/root") runas=(-run-with user=12:34) both=(-run-with "chroot=$work/root,user=12:34")
  fi
  try default "$work/root" "0 0 $(of_process $$ Groups | xargs)" "${chroot[@]}"
  try default "$work/root" "12 34 34" "${both[@]}"
  try default / "12 34 34" "${runas[@]}"
  try strict "$work/root" "12 34 34" "${both[@]}"
  rm -f "$pidfile"
  check "QEMU $version, -daemonize: 0" timeout 60 "$QRISER" run --qemu="$program" -- "${headless[@]}" -m 32 -S \
    -daemonize -pidfile "$pidfile" "${both[@]}"
  check "QEMU $version, -daemonize: with that root and user" is_as "$(cat "$pidfile")" "$work/root" "12 34 34"
  check "QEMU $version, -daemonize: nobody is beside it" until_true alone
  end_marked "$pidfile"
  # What QEMU says of a root that cannot be is its own.
  "$QRISER" run --qemu="$program" -- "${headless[@]}" -m 32 -S "${chroot[@]/%\/root//none}" >"$work/said" 2>"$work/err" </dev/null
  check "QEMU $version: a root that is not there: its status" same 1 $?
  check "QEMU $version: and its message" contains "$(cat "$work/err")" "chroot failed"
done
finish
