#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# QEMU held to the files of its line: it starts as it does without, and what a monitor asks for
# besides is refused.  Prints TAP.
#
# QRISER, BUILDDIR, QRISER_TEST_QEMU, QRISER_TEST_STRICT   as for the others

set -u

# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

"$QRISER" run --landlock=require --qemu=/bin/true -- -nodefaults -display none >"$work/check" 2>&1
if [ $? -eq 69 ]; then
  skip "all" "$(cat "$work/check")"
  finish
fi
# fails STATUS TEXT WORDS...: QEMU is not executed, and why.
fails() {
  local expected=$1 text=$2 got
  shift 2
  "$QRISER" run --qemu=/bin/true "$@" >"$work/said" 2>&1 </dev/null
  got=$?
  [ "$got" -eq "$expected" ] || { echo "status $got, not $expected"; cat "$work/said"; return 1; }
  contains "$(cat "$work/said")" "$text"
}
check "a path that is allowed and not there: 66" fails 66 "\"$work/none\", which QEMU is to be allowed, cannot be opened" \
  --allow-path="ro:$work/none" -- -nodefaults -display none
check "and what to do" contains "$(cat "$work/said")" "  hint: make it before, or leave its allow-path out"
check "the same in best effort: 66" fails 66 "$work/none" --landlock=best-effort --allow-path="rw:$work/none" -- -nodefaults -display none
check "without Landlock it does not matter: 0" fails 0 "" --landlock=off --allow-path="ro:$work/none" -- -nodefaults -display none
check "a file that cannot be made: 74, with its argument" fails 74 "cannot make \"$work/none/x\" (argument 8): No such file" \
  --landlock=require -- -nodefaults -display none -chardev "file,id=c,path=$work/none/x"
check "and what to do" contains "$(cat "$work/said")" "  hint: name a file in a directory that is there"

find_qemus
if [ "${#qemus[@]}" -eq 0 ] || ! command -v qemu-img >"$work/check" || ! command -v python3 >"$work/check"; then
  missing "all" "no QEMU, no qemu-img or no python3"
  finish
fi

mkdir "$work/in" "$work/out" "$work/save" "$work/share" "$work/run"
dd if=/dev/zero of="$work/in/base" bs=64k count=16 status=none
cp "$work/in/base" "$work/in/unlisted"
qemu-img create -q -f qcow2 -b base -F raw "$work/in/top"
qemu-img create -q -f qcow2 -b top -F qcow2 "$work/in/summit"
qemu-img create -q -f vmdk -o subformat=monolithicFlat "$work/in/flat.vmdk" 1M

# Somebody listens at an abstract socket and at one with a path; the file "abi" says what Landlock can.
abstract=qriser-test-$$
python3 - "$abstract" "$work/live" "$work/abi" <<'PYTHON' &
import ctypes
import os
import socket
import sys
import time

listeners = [socket.socket(socket.AF_UNIX) for _ in range(2)]
listeners[0].bind("\0" + sys.argv[1])
listeners[1].bind(sys.argv[2])
for listener in listeners:
    listener.listen()
with open(sys.argv[3] + ".new", "w") as file:
    file.write(str(ctypes.CDLL(None).syscall(444, 0, 0, 1)))  # landlock_create_ruleset
os.rename(sys.argv[3] + ".new", sys.argv[3])
while os.getppid() != 1:
    time.sleep(0.5)
PYTHON
listener=$!
trap 'kill "$listener"; rm -rf "$work"' EXIT
for _ in {1..100}; do
  [ -e "$work/abi" ] && break
  sleep 0.1
done
abi=$(cat "$work/abi")

# ask OUT QEMU WORDS...: starts it, gives it the commands of standard input and then quit.
ask() {
  local out=$1 program=$2
  shift 2
  { echo '{"execute":"qmp_capabilities","id":"hello"}'; cat; echo '{"execute":"quit","id":"bye"}'; } \
    | timeout -k 5 60 "$QRISER" run --qemu="$program" "${mode[@]}" -- -nodefaults -display none -qmp stdio "$@" \
      >"$out" 2>"$out.err"
}

# answer FILE ID: "return", or what the error says.
answer() {
  local line
  line=$(grep -F "\"id\": \"$2\"" "$1")
  case $line in
    *'"return"'*) echo return ;;
    *) sed -n 's/.*"desc": "\(.*\)"}}.*/\1/p' <<<"$line" ;;
  esac
}

# command_of ID NAME ARGUMENTS
command_of() { printf '{"execute":"%s","id":"%s","arguments":{%s}}\n' "$2" "$1" "$3"; }

connects() {
  command_of unix-connect chardev-add '"id":"e9","backend":{"type":"socket","data":{"server":false,"addr":{"type":"unix","data":{"path":"'"$work"'/live"}}}}'
  command_of abstract-connect chardev-add '"id":"e10","backend":{"type":"socket","data":{"server":false,"addr":{"type":"unix","data":{"path":"'"$abstract"'","abstract":true}}}}'
}

escapes() {
  command_of shadow blockdev-add '"driver":"file","node-name":"e0","filename":"/etc/shadow","read-only":true'
  command_of unlisted blockdev-add '"driver":"file","node-name":"e1","filename":"'"$work"'/in/unlisted"'
  command_of base-write blockdev-add '"driver":"file","node-name":"e2","filename":"'"$work"'/in/base","auto-read-only":false,"locking":"off"'
  command_of base-read blockdev-add '"driver":"file","node-name":"e3","filename":"'"$work"'/in/base","read-only":true,"locking":"off"'
  command_of save pmemsave '"val":0,"size":4096,"filename":"'"$work"'/save/memory"'
  command_of save-outside pmemsave '"val":0,"size":4096,"filename":"'"$work"'/out/memory"'
  command_of file chardev-add '"id":"e4","backend":{"type":"file","data":{"out":"'"$work"'/out/file"}}'
  command_of unix-listen chardev-add '"id":"e5","backend":{"type":"socket","data":{"server":true,"wait":false,"addr":{"type":"unix","data":{"path":"'"$work"'/out/socket"}}}}'
  command_of tcp-listen chardev-add '"id":"e6","backend":{"type":"socket","data":{"server":true,"wait":false,"addr":{"type":"inet","data":{"host":"127.0.0.1","port":"47120"}}}}'
  command_of tcp-connect chardev-add '"id":"e7","backend":{"type":"socket","data":{"server":false,"addr":{"type":"inet","data":{"host":"127.0.0.1","port":"47121"}}}}'
  connects
  command_of program migrate '"uri":"exec:touch '"$work"'/out/touched"'
  command_of descriptor blockdev-add '"driver":"file","node-name":"e8","filename":"/dev/fdset/7","locking":"off"'
}

# refused OUT ID TEXT: it failed, and says TEXT.
refused() { contains "$(answer "$1" "$2")" "$3"; }
allowed() { same return "$(answer "$1" "$2")"; }

words=(-blockdev "driver=file,filename=$work/in/top,node-name=f,locking=off" -blockdev "driver=qcow2,file=f,node-name=q"
  -device "virtio-blk-pci,drive=q" -serial "file:$work/in/serial" -D "$work/in/log" -pidfile "$work/in/pid"
  -add-fd "fd=7,set=7")

for program in "${qemus[@]}"; do
  use_modules "$program"
  version=$("$program" --version | sed -n 's/.*version \([0-9.]*\).*/\1/p')
  out=$work/out-$version
  mode=(--landlock=require --allow-path="rw:$work/save")
  rm -f "$work/in/serial" "$work/in/log" "$work/in/pid"
  escapes | ask "$out" "$program" "${words[@]}" 7<>"$work/in/unlisted"
  check "QEMU $version: starts, and answers" allowed "$out" hello
  check "QEMU $version: the files that it makes are there" test -e "$work/in/serial" -a -e "$work/in/log"
  check "QEMU $version: /etc/shadow" refused "$out" shadow "Permission denied"
  check "QEMU $version: another image" refused "$out" unlisted "Permission denied"
  check "QEMU $version: what an image stands on, to write" refused "$out" base-write "Permission denied"
  check "QEMU $version: the same, to read" allowed "$out" base-read
  check "QEMU $version: memory to where --allow-path lets it" allowed "$out" save
  check "QEMU $version: memory to elsewhere" refused "$out" save-outside "Permission denied"
  check "QEMU $version: a file of a chardev" refused "$out" file "Permission denied"
  check "QEMU $version: a socket" refused "$out" unix-listen "Permission denied"
  check "QEMU $version: a TCP port" refused "$out" tcp-listen "Permission denied"
  check "QEMU $version: a TCP service" refused "$out" tcp-connect "Permission denied"
  if [ "$abi" -ge 6 ]; then
    check "QEMU $version: a service at an abstract socket" refused "$out" abstract-connect "Operation not permitted"
  else
    skip "QEMU $version: a service at an abstract socket" "Landlock of this kernel does not hold these"
  fi
  # Landlock does not hold this; strict does.
  check "QEMU $version: a service at a socket with a path" allowed "$out" unix-connect
  check "QEMU $version: a program" refused "$out" program "ailed to fork"
  check "QEMU $version: a file that is open" allowed "$out" descriptor
  check "QEMU $version: it has left nothing outside" same "" "$(ls "$work/out")"

  mode=(--seccomp=off --landlock=off)
  connects | ask "$out" "$program"
  check "QEMU $version: without a sandbox, a service at an abstract socket" allowed "$out" abstract-connect
  check "QEMU $version: without a sandbox, a service at a socket with a path" allowed "$out" unix-connect
  mode=(--seccomp=strict --landlock=off)
  connects | ask "$out" "$program"
  check "QEMU $version: under strict, a service at an abstract socket" refused "$out" abstract-connect "Operation not permitted"
  check "QEMU $version: under strict, a service at a socket with a path" refused "$out" unix-connect "Operation not permitted"

  # What a guest can have written is not followed, and that is said where there is no terminal, too.
  for image in qcow2:top vmdk:flat.vmdk; do
    said=$(timeout -k 5 60 "$QRISER" run --qemu="$program" -- -nodefaults -display none -hda "$work/in/${image#*:}" 2>&1 </dev/null)
    check "QEMU $version: what a probed image of ${image%:*} leads to" contains "$said" "Permission denied"
    check "QEMU $version: the same is said" contains "$said" "format=${image%:*} is not said; what it leads to stays closed"
  done

  # Lines that open something of each kind start as they do without.
  i=0
  while IFS= read -r line; do
    i=$((i + 1))
    read -r -a more <<<"${line//WORK/$work}"
    mode=(--landlock=require)
    rm -rf "$work/run" && mkdir "$work/run"
    ask "$work/held" "$program" "${more[@]}" </dev/null
    check "QEMU $version: held, $line" allowed "$work/held" bye
    [ "$failed" -eq 0 ] || sed 's/^/# /' "$work/held.err"
  done <<'END'
-drive file=WORK/in/base,format=raw,if=virtio,snapshot=on,file.locking=off -cdrom WORK/in/unlisted
-hda WORK/in/base
-drive file=WORK/in/top,format=qcow2,if=virtio -snapshot
-drive file=WORK/in/summit,format=qcow2,if=virtio,backing.l2-cache-size=1M,backing.file.locking=off
-drive file=WORK/in/summit,format=qcow2,if=virtio,backing.driver=qcow2,backing.file.filename=WORK/in/top
-blockdev driver=raw,node-name=r,file.driver=qcow2,file.file.driver=file,file.file.filename=WORK/in/top
-object throttle-group,id=g -blockdev driver=throttle,throttle-group=g,node-name=t,file.driver=qcow2,file.file.driver=file,file.file.filename=WORK/in/top
-virtfs local,path=WORK/share,mount_tag=t,security_model=none
-object memory-backend-file,id=m,size=64M,mem-path=WORK/run/memory -m 64 -machine q35,memory-backend=m
-object rng-random,id=r,filename=/dev/urandom -device virtio-rng-pci,rng=r
-chardev socket,id=c,path=WORK/run/c,server=on,wait=off -serial chardev:c
-serial unix:WORK/run/s,server=on,wait=off -parallel file:WORK/run/p
-vnc unix:WORK/run/v
-vnc 127.0.0.1:77
-netdev user,id=n,hostfwd=tcp:127.0.0.1:47130-:22 -device virtio-net-pci,netdev=n
-chardev socket,id=c,host=127.0.0.1,port=47131,server=on,wait=off -serial chardev:c
-chardev pty,id=c -serial chardev:c
-fw_cfg name=opt/x,file=WORK/in/base -smp 2
-object iothread,id=i -device virtio-scsi-pci,iothread=i -device usb-ehci,id=u
-global virtio-net-pci.romfile=WORK/in/base -device virtio-net-pci
-global driver=virtio-net-pci,property=romfile,value=WORK/in/base -device virtio-net-pci
-trace file=WORK/run/t -d guest_errors -name n
END
done
finish
