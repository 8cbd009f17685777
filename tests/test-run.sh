#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The whole program: what a started QEMU inherits, exit statuses, output that
# can be run, secrets.  Prints TAP.
#
# QRISER               the program
# BUILDDIR             where tests/show-state and tests/eye-compare are
# QRISER_TEST_EYE      the guest kernel
# QRISER_TEST_STRICT=1 what this machine lacks is a failure, not a skip

set -u

# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

state=$BUILDDIR/tests/show-state
qemu=/usr/bin/qemu-system-x86_64

# status NUMBER COMMAND...: the command ends with this exit status.
status() {
  local wanted=$1 got
  shift
  "$@" </dev/null
  got=$?
  [ "$got" -eq "$wanted" ] || { echo "exit status $got, not $wanted"; return 1; }
}

# --- help and version -----------------------------------------------------------

check "--version ends with 0" status 0 "$QRISER" --version
check "--version names the program" contains "$("$QRISER" --version)" "qriser "
check "--version names the profiles" contains "$("$QRISER" --version)" "policies/ich9-1.json "
check "--help ends with 0" status 0 "$QRISER" --help
for word in run plan explain check diff --qemu=PATH --policy= --status-fd=N --seccomp=; do
  check "--help names $word" contains "$("$QRISER" --help)" "$word"
done
check "--help fits a terminal" lacks "$("$QRISER" --help | awk 'length > 100')" " "

# --- diff reads what it is given ---------------------------------------------------

printf '%s\n' '-nodefaults -device edu,id=e,addr=5' >"$work/a"
printf '%s\n' '-nodefaults -device edu,id=e,addr=6' >"$work/b"
moved='> e moved 00:05.0 -> 00:06.0'
check "diff of files" same "$moved" "$("$QRISER" diff "$work/a" "$work/b")"
check "diff of standard input and a file" same "$moved" "$("$QRISER" diff - "$work/b" <"$work/a")"
check "diff of a file and a pipe" same "$moved" "$("$QRISER" diff "$work/a" <(cat "$work/b"))"
check "diff of two pipes" same "" "$("$QRISER" diff <(cat "$work/b") <("$QRISER" plan --format=json -- -nodefaults -device edu,id=e,addr=6))"
check "diff ends with 1" status 1 "$QRISER" diff --format=json "$work/a" "$work/b"
check "diff without a difference ends with 0" status 0 "$QRISER" diff "$work/a" "$work/a"

# --- what QEMU inherits ----------------------------------------------------------

# shown COMMAND...: what show-state says, started by the command, without what must differ.
shown() {
  (
    cd "$work" || exit
    umask 027
    trap '' USR1 HUP
    export QRISER_TEST_MARK="a mark"
    exec 7</dev/null 9>"$work/nine"
    exec "$@"
  ) | grep -v '^pid \|^PPid:\|^argument \|^NoNewPrivs:\|^Seccomp'
}

line=(-nodefaults -device virtio-rng-pci)
check "descriptors, directory, umask, environment and signals are as they were" \
  same "$(shown "$state")" "$(shown "$QRISER" run --qemu="$state" -- "${line[@]}")"
check "an inherited descriptor is there" contains "$(shown "$QRISER" run --qemu="$state" -- "${line[@]}")" "fd 9 flags"
check "the umask is there" contains "$(shown "$QRISER" run --qemu="$state" -- "${line[@]}")" "umask 27"

out=$("$QRISER" run --qemu="$state" -- "${line[@]}")
check "no new privileges" contains "$out" "NoNewPrivs:	1"
check "under a system call filter" contains "$out" "Seccomp:	2"
check "the words are those of the plan" \
  same "$("$QRISER" plan --qemu="$state" --format=argv0 -- "${line[@]}" | tr '\0' '\n' | sed 1d)" \
  "$(sed -n 's/^argument //p' <<<"$out")"
out=$("$QRISER" run --seccomp=off --qemu="$state" -- "${line[@]}")
check "--seccomp=off: no filter" contains "$out" "Seccomp:	0"
check "--seccomp=off: privileges as they were" same "$(grep '^NoNewPrivs' /proc/self/status)" "$(grep '^NoNewPrivs' <<<"$out")"

"$QRISER" run --qemu="$state" -- "${line[@]}" >"$work/out" &
pid=$!
wait $pid
check "the process stays the same" contains "$(cat "$work/out")" "pid $pid"

# The word "run" may be left out.
check "QEMU's arguments alone" same "$("$QRISER" --qemu="$state" "${line[@]}" | grep ^argument)" \
  "$("$QRISER" run --qemu="$state" -- "${line[@]}" | grep ^argument)"

mkdir "$work/bin"
cp "$state" "$work/bin/qemu-system-x86_64"
check "QEMU is found in PATH" contains "$(PATH=$work/bin:$PATH "$QRISER" run --arch=x86_64 -- "${line[@]}")" "Seccomp:	2"

# --- informational calls -----------------------------------------------------------

informs() {
  local out
  out=$("$QRISER" run --qemu="$state" -- "$@")
  same "$(printf 'argument %s\n' "$@")" "$(grep '^argument ' <<<"$out")" && contains "$out" "Seccomp:	0"
}
check "-version passes through, unfiltered" informs -version
check "--help among QEMU's arguments passes through" informs --help
check "-device help passes through" informs -device help
check "-M help passes through" informs -M help
check "-device e1000,help passes through" informs -device e1000,help
check "-machine q35,help passes through" informs -machine q35,help
check "-cpu help passes through, with what stands around it" informs -nodefaults -device nonsense -cpu help
if [ -x $qemu ]; then
  check "-version prints what QEMU prints" same "$($qemu -version)" "$("$QRISER" run --qemu=$qemu -- -version)"
  check "-device e1000,help prints what QEMU prints" same "$($qemu -device e1000,help)" \
    "$("$QRISER" run --qemu=$qemu -- -device e1000,help)"
  check "-M help prints what QEMU prints" same "$($qemu -M help)" "$("$QRISER" run --qemu=$qemu -- -M help)"
else
  missing "informational calls of QEMU" "no QEMU"
fi

# --- exit statuses; QEMU is not started ----------------------------------------------

# fails STATUS PART WORDS...: exit status, a message with PART, nothing on standard output.
fails() {
  local wanted=$1 part=$2 got
  shift 2
  "$QRISER" "$@" </dev/null >"$work/out" 2>"$work/err"
  got=$?
  [ "$got" -eq "$wanted" ] || { echo "exit status $got, not $wanted"; cat "$work/err"; return 1; }
  [ ! -s "$work/out" ] || { echo "output:"; cat "$work/out"; return 1; }
  contains "$(cat "$work/err")" "$part"
}

printf '#!%s\n' "$state" >"$work/script"
chmod +x "$work/script"
cp "$state" "$work/plain"
chmod -x "$work/plain"
printf 'no program\n' >"$work/text"
chmod +x "$work/text"
ln -s "$QRISER" "$work/link"
check "no words: 64" fails 64 "no command"
check "our own option wrong: 64" fails 64 "policy" run --policy=none --qemu="$state" -- -nodefaults
check "a request that cannot be planned: 65" fails 65 "nosuch" run --qemu="$state" -- -nodefaults -device e1000,bus=nosuch
check "a missing file: 66" fails 66 "nosuch.json" run --seccomp="$work/nosuch.json" --qemu="$state" -- -nodefaults
check "what the sandbox refuses: 69" fails 69 "starts programs" run --qemu="$state" -- -nodefaults -incoming exec:true
echo '{ "defaultAction": "NONE" }' >"$work/wrong.json"
for action in ERRNO KILL_PROCESS; do
  printf '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["execve"], "action": "SCMP_ACT_%s" }] }' \
    $action >"$work/unbegun.json"
  check "a profile by which QEMU cannot begin, $action: 69" fails 69 "execve" run --seccomp="$work/unbegun.json" \
    --qemu="$state" -- -nodefaults
done
check "a wrong profile: 78" fails 78 "NONE" run --seccomp="$work/wrong.json" --qemu="$state" -- -nodefaults
check "a missing QEMU: 127" fails 127 "nosuch" run --qemu="$work/nosuch" -- -nodefaults
check "a QEMU below a file: 127" fails 127 "plain/x" run --qemu="$work/plain/x" -- -nodefaults
check "no QEMU for an architecture: 127" fails 127 "qemu-system-nosuch" run --arch=nosuch -- -nodefaults
check "a file that is not executable: 126" fails 126 "not an executable" run --qemu="$work/plain" -- -nodefaults
check "a directory: 126" fails 126 "directory" run --qemu="$work" -- -nodefaults
check "a script: 126, with its interpreter" fails 126 "$state" run --qemu="$work/script" -- -nodefaults
printf '#!/bin/sh\nexec "%s" "$@"\n' "$state" >"$work/wrapper"
chmod +x "$work/wrapper"
# wrapped PROFILE: a script starts the real one.
wrapped() { "$QRISER" run --seccomp="$1" --qemu="$work/wrapper" -- -nodefaults -S | grep -qx 'argument -S'; }
check "a script where programs may be started" wrapped legacy-spawn
check "a script without a filter" wrapped off
# The filter is in place by then: a leak checker could not start its process.
ASAN_OPTIONS=detect_leaks=0 check "a text that execve refuses: 126" fails 126 "Exec format" run --qemu="$work/text" -- -nodefaults
check "qriser itself: 126" fails 126 "qriser itself" run --qemu="$QRISER" -- -nodefaults
check "qriser by a link: 126" fails 126 "qriser itself" run --qemu="$work/link" -- -nodefaults
if [ "$(id -u)" -ne 0 ]; then
  echo '{ "defaultAction": "SCMP_ACT_ALLOW" }' >"$work/closed.json"
  chmod 0 "$work/closed.json"
  check "a file that may not be read: 77" fails 77 "closed.json" run --seccomp="$work/closed.json" --qemu="$state" -- -nodefaults
else
  number=$((number + 1))
  echo "ok $number - a file that may not be read: 77 # SKIP root may read everything"
fi

# --- one exec, whatever the kernel has ---------------------------------------------------

# again WORD... -- QRISER-OPTION...: what executing a file answers behind qriser, on a kernel that
# lacks these things; notices are in the file "err".
again() {
  local -a lacking=()
  while [ "$1" != -- ]; do
    lacking+=("$1")
    shift
  done
  shift
  QRISER_TEST_EXEC=$work/text "$BUILDDIR/tests/old-kernel" "${lacking[@]}" -- \
    "$QRISER" run --verbose "$@" --qemu="$state" -- "${line[@]}" 2>"$work/err" | sed -n 's/^execve //p'
}
noexec=8 closed=38 refused=13 # ENOEXEC, ENOSYS, EACCES
check "QEMU executes nothing" same $closed "$(again --)"
check "nothing is said of it" lacks "$(cat "$work/err")" "execute"
check "under --seccomp=desktop neither" same $closed "$(again -- --seccomp=desktop)"
check "--seccomp=legacy-spawn: it may" same $noexec "$(again -- --seccomp=legacy-spawn)"
for lacks in listener notify; do
  check "no gate, by $lacks: Landlock refuses" same $refused "$(again $lacks --)"
  check "no gate, by $lacks: it is said" contains "$(cat "$work/err")" "qriser: notice: QEMU can execute itself again, and its dynamic linker what that loads: "
  check "no gate, by $lacks, nor Landlock: it may" same $noexec "$(again $lacks landlock --)"
  check "no gate, by $lacks, nor Landlock: it is said" contains "$(cat "$work/err")" "qriser: warning: the kernel lets QEMU execute programs: "
  check "no gate, by $lacks, nor Landlock, for a profile that was asked for: 69" status 69 \
    "$BUILDDIR/tests/old-kernel" $lacks landlock -- "$QRISER" run --seccomp=strict --qemu="$state" -- "${line[@]}"
  check "no gate, by $lacks, nor Landlock, with --best-effort: it may" \
    same $noexec "$(again $lacks landlock -- --seccomp=default --best-effort=on)"
done
check "a kernel without filters: 69" status 69 "$BUILDDIR/tests/old-kernel" filter -- "$QRISER" run --qemu="$state" -- "${line[@]}"
check "with --best-effort QEMU starts there" contains \
  "$("$BUILDDIR/tests/old-kernel" filter -- "$QRISER" run --best-effort=on --qemu="$state" -- "${line[@]}" 2>"$work/err")" "argument "
check "and that is said" contains "$(cat "$work/err")" "qriser: warning: cannot enter the sandbox: "
held=("$BUILDDIR/tests/old-kernel" landlock -- "$QRISER" run --verbose --qemu="$state")
check "a kernel without Landlock, --landlock=require: 69" status 69 "${held[@]}" --landlock=require -- "${line[@]}"
check "--landlock=best-effort: QEMU starts" contains "$("${held[@]}" --landlock=best-effort -- "${line[@]}" 2>"$work/err")" "argument "
check "and that is said, too" contains "$(cat "$work/err")" "qriser: notice: Landlock is version 0 of 6 here: "

# --- the status line -------------------------------------------------------------------

# told STATUS WORDS...: what is written to descriptor 5.
told() {
  "$QRISER" run --status-fd=5 "$@" 5>"$work/status" >"$work/out" 2>"$work/err" </dev/null
  cat "$work/status"
}

line_is() {
  told "${@:2}" >"$work/told"
  [ "$(wc -l <"$work/told")" -eq 1 ] || { echo "not one line:"; cat "$work/told"; return 1; }
  contains "$(cat "$work/told")" "$1" \
    && python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); assert list(d) == ["stage","code","message"], d' "$work/told"
}
check "status line: a request" line_is '"code":"no-such-bus"' --qemu="$state" -- -nodefaults -device e1000,bus=x
check "status line: stage exec" line_is '"stage":"exec"' --qemu="$work/nosuch" -- -nodefaults
check "status line: stage sandbox" line_is '"stage":"sandbox"' --qemu="$state" -- -nodefaults -incoming exec:true
check "status line: stage options" line_is '"stage":"options"' --policy=x --qemu="$state" -- -nodefaults
check "status line: odd bytes stay JSON" line_is '"stage":"plan"' --qemu="$state" -- -nodefaults -device 'a"\b,bus=1'
check "status line: bytes that are no UTF-8 do not reach it" line_is $'"message":"no network adapter of the board is called \\"\xef\xbf\xbd\\""' \
  --qemu="$state" -- -nodefaults -nic $'user,model=\xff'
ASAN_OPTIONS=detect_leaks=0 check "status line: a text that execve refuses" line_is '"stage":"exec"' --qemu="$work/text" -- -nodefaults
check "status line: empty on success" same "" "$(told --qemu="$state" -- "${line[@]}")"
check "QEMU ran then" contains "$(cat "$work/out")" "Seccomp:	2"
check "QEMU does not get the descriptor" lacks "$(cat "$work/out")" "fd 5 "

# --- output that cannot be written -------------------------------------------------------

for words in "plan -- -nodefaults" "--help" "--version" "plan --format=json -- -nodefaults"; do
  # shellcheck disable=SC2086 # words to be split
  full() { "$QRISER" $words >/dev/full 2>"$work/err"; }
  check "$words, disk full: 74" status 74 full
  # shellcheck disable=SC2086
  closed() { "$QRISER" $words >&- 2>"$work/err"; }
  check "$words, output closed: 74" status 74 closed
done

# --- the same every time --------------------------------------------------------------------

many=(-nodefaults -device virtio-vga -device e1000e -device rtl8139 -device qemu-xhci -device usb-kbd)
for format in tree shell argv0 json; do
  check "same input, same bytes: $format" cmp <("$QRISER" plan --format=$format -- "${many[@]}") \
    <(cd / && env -i PATH=/usr/bin:/bin LC_ALL=C "$QRISER" plan --format=$format -- "${many[@]}")
done

# --- secrets ----------------------------------------------------------------------------------

# shellcheck disable=SC2054 # commas of QEMU
secret=(-nodefaults -object secret,id=s,data=xyzzy1 -object '{"qom-type":"secret","id":"t","data":"xyzzy2"}'
  -spice port=5900,password=xyzzy3 -object secret,id=u,data=a,,xyzzy4 -device virtio-rng-pci)
for format in tree shell json; do
  check "no secret in $format" lacks "$("$QRISER" plan --format=$format -- "${secret[@]}")" xyzzy
done
check "no secret in explain" lacks "$("$QRISER" explain rp-1c.0 -- "${secret[@]}")" xyzzy
for n in 1 2 3 4; do
  check "argv0 has secret $n" contains "$("$QRISER" plan --format=argv0 -- "${secret[@]}" | tr '\0' '\n')" xyzzy$n
done
check "what was left out is marked" contains "$("$QRISER" plan --format=shell -- "${secret[@]}")" "data=***"
check "an error shows no secret" lacks \
  "$("$QRISER" plan -- -nodefaults -object secret,id=s,data=xyzzy -device nosuch 2>&1)" xyzzy

# --- output that can be run -----------------------------------------------------------------

# quits NAME COMMAND...: starts a VM that connects to the QMP socket NAME, prints its device
# tree and ends it.
quits() {
  python3 - "$work/$1" "${@:2}" <<'PYTHON'
import json
import os
import socket
import subprocess
import sys

path, command = sys.argv[1], sys.argv[2:]
listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
listener.listen(1)
listener.settimeout(60)
program = subprocess.Popen(command, stdin=subprocess.DEVNULL)
try:
    stream = listener.accept()[0].makefile("rw")
    json.loads(stream.readline())
    for name, arguments in (("qmp_capabilities", {}),
                            ("human-monitor-command", {"command-line": "info qtree"}),
                            ("quit", {})):
        stream.write(json.dumps({"execute": name, "arguments": arguments}) + "\n")
        stream.flush()
        answer = json.loads(stream.readline())
        while "event" in answer:
            answer = json.loads(stream.readline())
        if isinstance(answer["return"], str):
            print(answer["return"])
    print("status", program.wait(timeout=60))
finally:
    program.kill()
    os.unlink(path)
PYTHON
}

vm=(-nodefaults -display none -S -name "it's a \$name; of \"ours\"" -device virtio-rng-pci -device '{"driver":"edu"}'
  -device virtio-scsi-pci)
if [ -x $qemu ] && command -v python3 >/dev/null; then
  # Each VM connects to a socket of its own.
  direct=$(quits qmp "$QRISER" run --qemu=$qemu -- "${vm[@]}" -qmp "unix:$work/qmp")
  "$QRISER" plan --qemu=$qemu --format=shell -- "${vm[@]}" -qmp "unix:$work/qmp.shell" >"$work/vm.sh"
  shell=$(quits qmp.shell sh "$work/vm.sh")
  "$QRISER" plan --qemu=$qemu --format=argv0 -- "${vm[@]}" -qmp "unix:$work/qmp.argv0" >"$work/vm.argv0"
  argv0=$(quits qmp.argv0 xargs -0 -a "$work/vm.argv0" env --)
  check "run: QEMU ends as told" contains "$direct" "status 0"
  check "run: the device is where the plan has it" contains "$direct" "bus: rp-1c.0"
  check "format shell, run by sh, gives the same VM" same "$direct" "$shell"
  check "format argv0, executed, gives the same VM" same "$direct" "$argv0"
else
  missing "plans that are run" "no QEMU"
fi

# --- eye-compare -----------------------------------------------------------------------------

compare=$BUILDDIR/tests/eye-compare
eye=${QRISER_TEST_EYE:-}
vm=(-nodefaults -device virtio-vga -device e1000e -device rtl8139)
"$QRISER" plan --spare=0 --format=json -- "${vm[@]}" >"$work/plan.json"
cat >"$work/seen.txt" <<'SEEN'
firmware may say something first
qriser-eye 1
fn 00:00.0 00:00.0 8086:29c0 060000 h00 m0 e- s-- v- w- a0
fn 00:01.0 00:01.0 1b36:000c 060400 h01 m0 e4 s01-01 v1 w- a0
fn 00:01.0/00.0 01:00.0 1af4:1050 030000 h00 m0 e0 s-- v- w- a0
fn 00:19.0 00:19.0 8086:10d3 020000 h00 m0 e9 s-- v- w- a0
fn 00:1e.0 00:1e.0 8086:244e 060401 h01 m0 e- s02-02 v0 wio a0
fn 00:1e.0/00.0 02:00.0 10ec:8139 020000 h00 m0 e- s-- v- w- a0
fn 00:1f.0 00:1f.0 8086:2918 060100 h00 m1 e- s-- v- w- a0
fn 00:1f.2 00:1f.2 8086:2922 010601 h00 m1 e- s-- v- w- a0
fn 00:1f.3 00:1f.3 8086:2930 0c0500 h00 m1 e- s-- v- w- a0
end 9
SEEN
tree='+-00.0 mch                                      host-bridge
+-01.0 pcie-root-port                           root-port, forwards VGA
| `-00.0 virtio-vga                             endpoint
+-19.0 e1000e                                   integrated-endpoint
+-1e.0 i82801b11-bridge                         bridge
| `-00.0 rtl8139                                conventional
+-1f.0 ICH9-LPC                                 conventional
+-1f.2 ich9-ahci                                conventional
`-1f.3 ICH9-SMB                                 conventional
the guest sees 9 functions, as planned'
check "eye-compare: as planned" same "$tree" "$("$compare" "$work/plan.json" "$work/seen.txt")"
check "eye-compare: ends with 0" status 0 "$compare" "$work/plan.json" "$work/seen.txt"

# differs PART SED: the list changed by SED makes eye-compare end with 1 and name PART.
differs() {
  sed "$2" "$work/seen.txt" >"$work/changed.txt"
  "$compare" "$work/plan.json" "$work/changed.txt" >"$work/eye.out" 2>&1
  local got=$?
  [ "$got" -eq 1 ] || { echo "exit status $got"; return 1; }
  lacks "$(cat "$work/eye.out")" "as planned" && contains "$(cat "$work/eye.out")" "$1"
}
check "eye-compare: a function that is not seen" \
  differs "e1000e at 00:19.0: planned, but not seen" '/00:19.0/d;s/^end 9/end 8/'
check "eye-compare: a function that is not planned" \
  differs "8086:10d3 at 00:18.0: seen, but not planned" 's/^fn 00:19.0 00:19.0/fn 00:18.0 00:18.0/'
check "eye-compare: another kind of port" differs "pcie-root-port at 00:01.0: planned as root-port" 's/ e4 / e0 /'
check "eye-compare: a multifunction bit" differs "e1000e at 00:19.0: planned without" '/10d3/s/ m0 / m1 /'
sed '/^end/d' "$work/seen.txt" >"$work/cut.txt"
check "eye-compare: a list without end is trouble" status 2 "$compare" "$work/plan.json" "$work/cut.txt"
check "eye-compare: a missing plan is trouble" status 2 "$compare" "$work/nosuch" "$work/seen.txt"
if [ -x $qemu ] && [ -f "$eye" ]; then
  timeout 60 "$QRISER" run --spare=0 --qemu=$qemu -- "${vm[@]}" -kernel "$eye" -display none -no-reboot \
    -chardev "file,id=eye,path=$work/eye.txt" -device isa-debugcon,iobase=0xec,chardev=eye \
    -device isa-debug-exit,iobase=0xf4,iosize=4 </dev/null >"$work/out" 2>&1
  check "eye-compare: a guest of this machine's QEMU" same "$tree" "$("$compare" "$work/plan.json" "$work/eye.txt")"
else
  missing "eye-compare with a guest" "no QEMU or no guest-eye"
fi

# --- warnings and notices ---------------------------------------------------------

told=(-nodefaults -display none -device virtio-rng-pci -device rtl8139 -device e1000e)

# What run says when standard error is a terminal.
on_terminal() {
  script -qec "$(printf '%q ' "$QRISER" run --qemu="$state" -- "${told[@]}")" /dev/null </dev/null
}

check "run is silent where no one reads" lacks "$("$QRISER" run --qemu="$state" -- "${told[@]}" 2>&1)" "qriser: "
check "--verbose prints warnings" contains "$("$QRISER" run --qemu="$state" --verbose -- "${told[@]}" 2>&1)" "qriser: warning: "
check "--verbose prints notices" contains "$("$QRISER" run --qemu="$state" --verbose -- "${told[@]}" 2>&1)" "qriser: notice: "
if command -v script >/dev/null; then
  check "a terminal gets warnings" contains "$(on_terminal)" "qriser: warning: "
  check "a terminal gets no notices" lacks "$(on_terminal)" "qriser: notice: "
else
  missing "warnings on a terminal" "no script(1)"
fi

finish
