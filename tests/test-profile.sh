#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# qriser profile: what there is, and what a QEMU is found to need.  Prints TAP.
#
# QRISER, BUILDDIR, QRISER_TEST_QEMU, QRISER_TEST_STRICT   as for the others

set -u

# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

# ends STATUS WORDS...: qriser profile WORDS... ends with STATUS; what it says is in out and err.
ends() {
  local expected=$1 got
  shift
  timeout -k 5 120 "$QRISER" profile "$@" >"$work/out" 2>"$work/err" </dev/null
  got=$?
  [ "$got" -eq "$expected" ] || { echo "status $got, not $expected"; cat "$work/err"; return 1; }
}

said() { contains "$(cat "$work/out" "$work/err")" "$1"; }
names() { grep -o '"[a-z0-9_]*"' "$1" | sort -u; }

# --- what there is -----------------------------------------------------------------------

check "list: 0" ends 0 list
for name in strict default desktop legacy-spawn audit off +9p +client +daemonize +identity +io-uring +numa +postcopy +server +vsock +kvm-wx; do
  check "list: $name" grep -q "^$name " "$work/out"
done
for name in strict default desktop legacy-spawn audit kvm-wx io-uring default+client+9p; do
  check "show $name: 0" ends 0 show "$name"
  cp "$work/out" "$work/shown.json"
  check "show $name: the file is read, and shown again" ends 0 show "$work/shown.json"
  check "show $name: and says the same" same "$(grep -v " as qriser " "$work/shown.json")" "$(grep -v " as qriser " "$work/out")"
done
check "show of nothing: 64" ends 64 show default+nothing
check "show off: 0" ends 0 show off
check "show of a file that is not there: 66" ends 66 show "$work/none.json"
check "diff of a profile and itself: 0" ends 0 diff default default
check "which says nothing" same "" "$(cat "$work/out")"
check "diff strict default: 1" ends 1 diff strict default
check "connect" said "connect: EPERM -> allowed"
check "ptrace" said "ptrace: killed -> EPERM"
check "diff with a file" ends 1 diff default "$work/shown.json"
# In the form of Docker's newest, and of Podman's; where an ordinary user reaches them.
chmod 755 "$work"
cp "$QRISER" "$work/program"
for form in docker podman; do
  install -m 644 "$SRCDIR/tests/corpus/seccomp/$form.json" "$work/$form.json"
  check "show $form.json: 0" ends 0 show "$work/$form.json"
  if [ "$(id -u)" -ne 0 ] || ! command -v setpriv >/dev/null; then
    skip "show $form.json as an ordinary user: 0" "nobody here can become one"
    continue
  fi
  (cd / && timeout -k 5 60 setpriv --reuid=65534 --regid=65534 --clear-groups "$work/program" profile show "$work/$form.json") >"$work/out" 2>"$work/err"
  check "show $form.json as an ordinary user: 0" same 0 $?
  check "which lists read" said '"read"'
done
check "profile alone: 64" ends 64
check "which names the others" said "it takes one of list, show, diff, record, test"
check "record without a file: 64" ends 64 record
check "record without a filter: 65" ends 65 record "$work/off.json" --seccomp=off -- -display none
check "record of what leaves: 65" ends 65 record "$work/off.json" -- -display none -daemonize
check "test of nothing to try: 64" ends 64 test off -- -display none
check "test of an overlay: 64" ends 64 test default+kvm-wx -- -display none
check "record where nothing can be written: 77 or 66" test "$("$QRISER" profile record "$work/none/f" -- -display none 2>/dev/null; echo $?)" -ge 66
old=$BUILDDIR/tests/old-kernel
for lacks in notify listener; do
  "$old" $lacks -- "$QRISER" profile record "$work/off.json" --best-effort=on --qemu=/bin/true -- -display none 2>"$work/err" >"$work/out"
  check "record where nobody can decide, by $lacks: 69" same 69 $?
  # LeakSanitizer does not work under a filter.
  ASAN_OPTIONS=detect_leaks=0 "$old" $lacks -- "$QRISER" profile test strict --best-effort=on --qemu=/bin/true -- -display none 2>"$work/err" >"$work/out"
  check "test where nobody can decide, by $lacks: 69" same 69 $?
done
check "and no file" test ! -e "$work/off.json"
: >"$work/there.json"
check "record over a file that is there: 64" ends 64 record "$work/there.json" -- -display none
check "which is as it was" test ! -s "$work/there.json"
check "--for=0: 64" ends 64 record "$work/off.json" --for=0 -- -display none
check "a QEMU that fails: its status" ends 1 record "$work/off.json" --qemu=/bin/false -- -display none
check "and no file" test ! -e "$work/off.json"

# --- with each QEMU ------------------------------------------------------------------------

find_qemus
if [ "${#qemus[@]}" -eq 0 ]; then
  missing "QEMU" "no QEMU"
  finish
fi
truncate -s 1M "$work/disk"
line=(-nodefaults -display none -m 32 -drive "file=$work/disk,format=raw,if=virtio,file.locking=off")

for program in "${qemus[@]}"; do
  use_modules "$program"
  version=$("$program" --version | sed -n 's/.*version \([0-9.]*\).*/\1/p')
  rm -f "$work/found.json"

  check "QEMU $version, record: 0" ends 0 record "$work/found.json" --for=3 --qemu="$program" -- "${line[@]}"
  check "QEMU $version: the last run found nothing" said "0 found, the profile is complete"
  check "QEMU $version: the file says what was refused" grep -q "Refused meanwhile: .*io_uring_setup (EPERM)" "$work/found.json"
  check "QEMU $version: epoll is in it, which stands in for that" grep -q '"epoll_create1"' "$work/found.json"
  check "QEMU $version: io_uring is not" lacks "$(names "$work/found.json")" '"io_uring_setup"'
  check "QEMU $version: nor what it does not do" lacks "$(names "$work/found.json")" '"connect"'
  check "QEMU $version: nothing that default refuses" same "" \
    "$("$QRISER" profile diff default "$work/found.json" | grep ': EPERM -> allowed')"
  check "QEMU $version: it runs under that" ends 0 test "$work/found.json" --for=1 --qemu="$program" -- "${line[@]}"
  check "QEMU $version: none is refused" said "refused 0 of the system calls"
  rm -f "$work/told.json"
  "$QRISER" profile record "$work/told.json" --qemu="$program" -- "${line[@]}" >"$work/out" 2>"$work/err" &
  pid=$!
  sleep 2
  kill -TERM "$pid"
  wait "$pid"
  check "QEMU $version: told to end, it runs no other round" same "0 1" "$? $(grep -c "^qriser: round" "$work/err")"
  check "QEMU $version: and writes what it found" test -s "$work/told.json"
  sed 's/"pread64",* *//' "$work/found.json" >"$work/less.json"
  ends 1 test "$work/less.json" --for=1 --qemu="$program" -- "${line[@]}" >"$work/check"
  check "QEMU $version: without pread64 that is named" said "less.json\" refuses system call pread64"
  for call in exit exit_group rt_sigreturn restart_syscall; do
    check "QEMU $version: $call is in it, seen or not" contains "$(names "$work/found.json")" "\"$call\""
  done
  sed 's/"exit",* *//' "$work/found.json" >"$work/endless.json"
  check "QEMU $version: whose threads may not end, it ends" \
    ends 1 test "$work/endless.json" --for=1 --qemu="$program" -- "${line[@]}" -object iothread,id=i
  check "QEMU $version: which is said" said "was told to end, did not in 10 seconds, and was killed"
  check "QEMU $version: and why" said "endless.json\" refuses system call exit "
  cp "$work/found.json" "$work/before.json"
  check "QEMU $version: --merge adds" ends 0 record "$work/found.json" --merge --for=3 --qemu="$program" -- "${line[@]}" \
    -netdev user,id=n,hostfwd=tcp:127.0.0.1:0-:22 -device virtio-net-pci,netdev=n
  check "QEMU $version: to what was there" same "" "$(comm -23 <(names "$work/before.json") <(names "$work/found.json"))"
  check "QEMU $version: what the new line needs" contains "$(names "$work/found.json")" '"listen"'
done
finish
