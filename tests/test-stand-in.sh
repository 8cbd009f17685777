#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# qriser under QEMU's name: what QEMU prints and how it ends is the same, a machine that is not
# planned runs confined with its words unchanged, and "-qriser" is ours.  Prints TAP.
#
# QRISER               the program
# BUILDDIR             where tests/show-state is
# QRISER_TEST_QEMU     more QEMUs to compare with, separated by colons
# QRISER_TEST_STRICT=1 what this machine lacks is a failure, not a skip

set -u

# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

# Some QEMUs leave for the background.
clean() {
  end_marked "$work"/*.pid
  rm -rf "$work"
}
trap clean EXIT

# qriser by two names, and show-state in the place of QEMU.
mkdir "$work/stand" "$work/named" "$work/state" "$work/empty"
program=$(realpath "$QRISER")
ln -s "$program" "$work/stand/qemu-system-x86_64"
ln -s "$program" "$work/named/qriser-system-x86_64"
ln -s "$program" "$work/stand/qemu-system-nonsense"
cp "$BUILDDIR/tests/show-state" "$work/state/qemu-system-x86_64"
stand=$work/stand/qemu-system-x86_64
named=$work/named/qriser-system-x86_64
real_path=$PATH

# --- QEMU is the same ------------------------------------------------------------------

# output NAME COMMAND...: keeps output, errors and exit status below $work/NAME.
output() {
  local name=$1
  shift
  "$@" >"$work/$name.out" 2>"$work/$name.err" </dev/null
  echo $? >"$work/$name.status"
}

# as_qemu PROGRAM WORD...: all three are what QEMU's are, byte for byte.
as_qemu() {
  local ours=$1 part
  shift
  output qemu "$qemu" "$@"
  output ours "$ours" "$@"
  for part in out err status; do
    cmp "$work/qemu.$part" "$work/ours.$part" || { diff "$work/qemu.$part" "$work/ours.$part" | head -n 20; return 1; }
  done
}

# prints PROGRAM WORD...: the same, and it is not empty.
prints() {
  as_qemu "$@" && [ -s "$work/qemu.out" ]
}

# talks PROGRAM WORD...: what QEMU answers to a conversation, without times.
talks() {
  printf '{"execute":"%s"}\n' qmp_capabilities query-version qom-list-types query-machines query-commands quit \
    | timeout 30 "$@" 2>&1 | sed -E 's/"(micro)?seconds": [0-9]+/TIME/g'
}

# starts NAME PROGRAM WORD...: leaves for the background, with a pidfile; its standard error is
# closed then, so that this comes to an end.
starts() {
  local name=$1
  shift
  timeout 30 "$@" -daemonize -pidfile "$work/$name.pid" 2>&1 </dev/null
}

# daemon NAME PROGRAM WORD...: starts, and says what QEMU itself does of the host.
daemon() {
  local said
  said=$(starts "$@") || { echo "status $?: $said"; return 1; }
  same "$murmur" "$said" && same "$(realpath "$qemu")" "$(readlink "/proc/$(cat "$work/$1.pid")/exe")"
}

# state NAME KEY: of that process, the value in /proc/PID/status.
state() { sed -n "s/^$2:[[:space:]]*//p" "/proc/$(cat "$work/$1.pid")/status"; }

# listens NAME: the process accepts a connection on its monitor socket.
listens() {
  python3 -c 'import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); print(s.recv(99))' \
    "$work/$1.qmp" >"$work/out" && contains "$(cat "$work/out")" QMP
}

compares() {
  local name ours shown

  for name in stand named; do
    ours=${!name}
    shown="$(basename "$ours") for QEMU $version:"
    for words in -version --version -help --help -h "-machine help" "-M help" "-machine q35,help" "-M none -version" \
      "-cpu help" "-device help" "-device virtio-net-pci,help" "-netdev help" "-accel help" "-audio help" \
      "-audiodev help" "-nic model=help" "-object help" "-chardev help" "-display help" "-vga help" \
      "-device nonsense -cpu help"; do
      # shellcheck disable=SC2086 # words to be split
      check "$shown $words" prints "$ours" $words
    done
    check "$shown -device nonsense,help" as_qemu "$ours" -device nonsense,help
    check "$shown -d help" as_qemu "$ours" -d help
    check "$shown -qriser is not in QEMU's way" same "$("$qemu" -version)" "$("$ours" -qriser policy=qemu -version)"
    check "$shown -M none talks" same "$talk" "$(talks "$ours" -M none -nodefaults -display none -qmp stdio)"
    murmur=
    check "$shown libvirt's probe" daemon "none-$name-$version" "$ours" -S -no-user-config -nodefaults -nographic \
      -machine none,accel=tcg -qmp "unix:$work/none-$name-$version.qmp,server=on,wait=off"
    check "$shown the probe is there" listens "none-$name-$version"
    check "$shown the probe is not confined" same 0 "$(state "none-$name-$version" Seccomp)"
    check "$shown the probe may gain rights" same 0 "$(state "none-$name-$version" NoNewPrivs)"
    murmur=$(starts "plain-$name-$version" "$qemu" -M isapc -S -display none)
    check "$shown -daemonize" daemon "pc-$name-$version" "$ours" -M isapc -S -display none \
      -qmp "unix:$work/pc-$name-$version.qmp,server=on,wait=off"
    check "$shown it is there" listens "pc-$name-$version"
    check "$shown it is confined" same 2 "$(state "pc-$name-$version" Seccomp)"
  done
}

find_qemus
if [ "${#qemus[@]}" -eq 0 ]; then
  missing "the same as QEMU" "no QEMU"
elif ! command -v python3 >/dev/null; then
  missing "the same as QEMU" "no python3"
else
  for qemu in "${qemus[@]}"; do
    # A QEMU of that name there is what qriser finds, behind itself.
    PATH=$work/stand:$(dirname "$qemu"):$real_path
    use_modules "$qemu"
    version=$("$qemu" -version | sed -n '1s/.*version \([0-9]*\.[0-9]*\).*/\1/p')
    talk=$(talks "$qemu" -M none -nodefaults -display none -qmp stdio)
    check "QEMU $version answers" contains "$talk" '"name": "virtio-net-pci"'
    compares
  done
fi

# --- machines that are not planned ----------------------------------------------------------

PATH=$work/stand:$work/state:$real_path

# passes PROGRAM WORD...: show-state got these words, under a filter.
passes() {
  local ours=$1 out
  shift
  out=$("$ours" "$@" 2>&1)
  same "$(printf 'argument %s\n' "$@")" "$(grep '^argument' <<<"$out")" && contains "$out" "Seccomp:	2"
}
for machine in isapc microvm x-remote; do
  check "-M $machine: confined, with the words as they are" passes "$stand" -M "$machine" -m 64 -device e1000 -vga std -usb
  check "-M $machine: with qriser's name" passes "$named" -M "$machine" -drive if=virtio,file=x -device '{"driver":"e1000"}'
done
check "no machine: QEMU's own" contains "$("$stand" -m 64 disk.img | xargs)" "argument -machine argument pc"
check "no words" contains "$("$stand")" "Seccomp:	2"
out=$("$stand" -M none -S)
check "-M none: the words as they are" same "argument -M argument none argument -S" "$(grep ^argument <<<"$out" | xargs)"
check "-M none: no filter" contains "$out" "Seccomp:	0"
check "-M none: privileges as they were" same "$(grep '^NoNewPrivs' /proc/self/status)" "$(grep '^NoNewPrivs' <<<"$out")"

# --- -qriser ------------------------------------------------------------------------------------

# without WORD...: show-state sees the line without -qriser and its value.
words="argument -M argument isapc argument -m argument 64"
without() { same "$words" "$("$stand" "$@" | grep ^argument | xargs)"; }
check "-qriser first" without -qriser policy=qemu -M isapc -m 64
check "-qriser between" without -M isapc -qriser policy=qemu -m 64
check "-qriser last" without -M isapc -m 64 -qriser policy=qemu
check "-qriser several times" without -qriser policy=qemu -M isapc -qriser sysfs=/sys -m 64 -qriser allow=root-only
check "--qriser" without -M isapc --qriser policy=qemu -m 64
check "-qriser as a value is none" passes "$stand" -M isapc -append -qriser -name -qriser
check "-qriser qemu=" contains "$(PATH=$real_path "$stand" -qriser "qemu=$work/state/qemu-system-x86_64" -M isapc)" "argument isapc"
check "-qriser seccomp=off" contains "$("$stand" -M isapc -qriser seccomp=off)" "Seccomp:	0"

# fails STATUS PART PROGRAM WORD...: this exit status, one error with PART; QEMU is not started.
fails() {
  local wanted=$1 part=$2 got
  shift 2
  "$@" </dev/null >"$work/out" 2>"$work/err"
  got=$?
  [ "$got" -eq "$wanted" ] || { echo "exit status $got, not $wanted"; cat "$work/err"; return 1; }
  [ ! -s "$work/out" ] || { echo "output:"; cat "$work/out"; return 1; }
  same 1 "$(grep -c '^qriser: error: ' "$work/err")" && contains "$(cat "$work/err")" "$part"
}
check "an unknown key: 64" fails 64 '"nosuch"' "$stand" -qriser nosuch=1 -M isapc
check "an unknown key, last: 64" fails 64 '"nosuch"' "$named" -M isapc -qriser policy=qemu,nosuch=1
check "an unknown key, on a line that only prints: 64" fails 64 '"nosuch"' "$stand" -version -qriser nosuch=1
check "a key twice: 64" fails 64 "stands twice" "$stand" -M isapc -qriser policy=qemu,policy=qemu
check "a key twice, apart: 64" fails 64 "stands twice" "$stand" -qriser policy=qemu -M isapc -qriser policy=ich9
check "a bare key: 64" fails 64 "has no value" "$stand" -M isapc -qriser policy
for key in qemu qemu-version policy primary allow seccomp sysfs plan status-fd; do
  check "$key= with nothing: 64" fails 64 "error" "$stand" -M isapc -qriser "$key="
done
check "a wrong version: 64" fails 64 "is no version" "$stand" -M isapc -qriser qemu-version=seven
check "a wrong format: 64" fails 64 "no format" "$stand" -M isapc -qriser plan=nosuch
check "a wrong policy: 64" fails 64 "no policy" "$stand" -M isapc -qriser policy=nosuch
check "a wrong descriptor: 64" fails 64 "descriptor 2" "$stand" -M isapc -qriser status-fd=2

# --- finding QEMU ---------------------------------------------------------------------------------

check "an architecture without QEMU: 127" fails 127 '"qemu-system-nonsense"' "$work/stand/qemu-system-nonsense" -M isapc
check "an empty PATH: 127" fails 127 '"qemu-system-nonsense"' env PATH="$work/empty" "$work/stand/qemu-system-nonsense" -version
check "qriser in PATH is not what it looks for" contains "$(qemu-system-x86_64 -M isapc)" "argument isapc"
check "nor as the QEMU that is asked for: 126" fails 126 "qriser itself" "$stand" -qriser "qemu=$stand" -M isapc

# --- descriptors that are closed --------------------------------------------------------------------

# descriptors PROGRAM: 0 to 2 in show-state. Output must be one of them to be seen.
descriptors() { "$@" -M isapc | grep '^fd [012] '; }
check "stdin closed" same "$(descriptors "$work/state/qemu-system-x86_64" <&-)" "$(descriptors "$stand" <&-)"
check "stdin closed: it is" lacks "$(descriptors "$stand" <&-)" "fd 0"
check "stderr closed" same "$(descriptors "$work/state/qemu-system-x86_64" 2>&-)" "$(descriptors "$stand" 2>&-)"
check "stderr closed: it is" lacks "$(descriptors "$stand" 2>&-)" "fd 2"
check "both closed" same "$(descriptors "$work/state/qemu-system-x86_64" <&- 2>&-)" "$(descriptors "$stand" <&- 2>&-)"

# ended WANTED PROGRAM WORD...: the exit status, with all of "closed" closed.
ended() {
  local wanted=$1 got
  shift
  case $closed in
    stdin) "$@" <&- >"$work/out" 2>&1 ;;
    stdout) "$@" >&- 2>"$work/out" </dev/null ;;
    stderr) "$@" 2>&- >"$work/out" </dev/null ;;
    all) "$@" <&- >&- 2>&- ;;
  esac
  got=$?
  [ "$got" -eq "$wanted" ] || { echo "exit status $got, not $wanted"; return 1; }
}
for closed in stdin stdout stderr all; do
  check "an error, $closed closed: 64" ended 64 "$stand" -M isapc -qriser nosuch=1
  check "QEMU starts, $closed closed" ended 0 "$stand" -M isapc
done

# With all closed the first files that QEMU opens take their places. Under the filter QEMU opens
# others: it cannot have io_uring.
places() { # NAME PROGRAM [WORD...]
  timeout 30 "${@:2}" -M pc -S -display none -serial none -parallel none -monitor none -pidfile "$work/$1.pid" \
    -chardev "file,id=c,path=$work/chardev" <&- >&- 2>&- &
  local looks links=()

  # The pid is written before all three are taken.
  for looks in {1..100}; do
    [ -s "$work/$1.pid" ] && mapfile -t links < <(readlink "/proc/$(cat "$work/$1.pid")/fd/"{0,1,2})
    [ "${#links[@]}" -eq 3 ] && break
    sleep 0.05
  done
  : "$looks"
  printf '%s\n' "${links[@]}" | sed "s/[0-9][0-9]*/N/g"
  kill "$(cat "$work/$1.pid")"
  wait
}
if [ "${#qemus[@]}" -ne 0 ]; then
  qemu=${qemus[0]}
  PATH=$(dirname "$qemu"):$real_path
  unset QEMU_MODULE_DIR
  check "QEMU with all closed opens the same files there" \
    same "$(places direct "$qemu" | sed s/direct//)" "$(places ours "$stand" -qriser seccomp=off | sed s/ours//)"
else
  missing "QEMU with all closed" "no QEMU"
fi

finish
