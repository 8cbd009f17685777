#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# libvirt with qriser as the emulator: probing, start, hot-plug and end of a domain.  libvirt's
# QEMU driver runs inside virsh, with all its files in a directory of its own; no daemon, no
# network.  Prints TAP.
#
# QRISER               the program
# QRISER_TEST_STRICT=1 what this machine lacks is a failure, not a skip

set -u

# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

virsh=

# libvirt leaves domains behind when it ends.
clean() {
  if [ -n "$virsh" ]; then
    kill "$virsh" 2>/dev/null
    wait "$virsh" 2>/dev/null
  fi
  end_marked "$work"/root/run/qemu/*.pid "$work"/root/lib/qemu/qmp-*/*.pid
  rm -rf "$work"
}
trap clean EXIT

lacking() {
  missing "qriser as libvirt's emulator" "$1"
  finish
}

qemu=$(command -v qemu-system-x86_64) || lacking "no qemu-system-x86_64 in PATH"
command -v virsh >/dev/null || lacking "no virsh"
command -v python3 >/dev/null || lacking "no python3"

# --- one virsh with the driver inside ---------------------------------------------

mkdir -p "$work/root/etc" "$work/bin"
ln -s "$(realpath "$QRISER")" "$work/bin/qriser-system-x86_64"
emulator=$work/bin/qriser-system-x86_64
cat >"$work/root/etc/qemu.conf" <<CONF
security_driver = "none"
stdio_handler = "file"
CONF
: >"$work/errors"
: >"$work/says"
export LIBVIRT_LOG_OUTPUTS=4:file:$work/virsh.log

# As root it would look for a user that comes with its daemon, so root is another user here.
user=()
if [ "$(id -u)" -eq 0 ]; then
  user=(unshare --user --map-user=1000 --map-group=1000)
fi
coproc VIRSH { exec env HOME="$work" ${user[@]+"${user[@]}"} virsh -q -c "qemu:///embed?root=$work/root" >>"$work/says" 2>>"$work/errors"; }
# A copy, which subshells have as well.
virsh=$VIRSH_PID
exec {commands}>&"${VIRSH[1]}"
trap : PIPE # a virsh that has ended is met below

# virsh_says COMMAND: what virsh prints for it; errors are in $work/errors, and make this fail.
# virsh prints no newline behind a mark, so an empty line follows.
virsh_says() {
  local mark="=$RANDOM$RANDOM=" end=$((SECONDS + 60))

  : >"$work/errors"
  : >"$work/says"
  printf '%s\necho %s\n\n' "$1" "$mark" >&"$commands"
  until grep -q "^$mark" "$work/says"; do
    if ! kill -0 "$virsh" 2>/dev/null || [ $SECONDS -gt $end ]; then
      echo "error: virsh ended, or does not answer" >>"$work/errors"
      return 1
    fi
    sleep 0.02
  done
  grep -vxFe "$1" "$work/says" | sed "/^virsh # /d;/^echo =/d;/^=[0-9]*=/d"
  ! grep -q "^error" "$work/errors"
}

# virsh_does COMMAND: as a check, with the errors to show.
virsh_does() {
  virsh_says "$1" || { cat "$work/errors"; return 1; }
}

virsh_says "version" >"$work/version"
if ! grep -q QEMU "$work/version"; then
  lacking "libvirt's QEMU driver does not work here: $(head -n 1 "$work/errors")"
fi

# --- probing ---------------------------------------------------------------------------

# What libvirt found out about an emulator, without its path and times.
capabilities() {
  local file

  for file in "$work"/root/cache/qemu/capabilities/*.xml; do
    if grep -qF "<emulator>$1</emulator>" "$file"; then
      sed '/<emulator>/d;/<qemuctime>/d;/<selfctime>/d' "$file"
    fi
  done
}

asks="domcapabilities --virttype qemu --arch x86_64 --machine q35 --emulatorbin"
ours=$(virsh_says "$asks $emulator")
check "qriser can be probed" contains "$ours" "<path>$emulator</path>"
theirs=$(virsh_says "$asks $qemu")
check "qriser and QEMU have the same domain capabilities" \
  same "${theirs/<path>$qemu</<path>$emulator<}" "$ours"
check "they have the same machines, features and devices" same "$(capabilities "$qemu")" "$(capabilities "$emulator")"
check "that is a list" contains "$(capabilities "$emulator")" "name='pc-q35-"

# --- domains ---------------------------------------------------------------------------

truncate -s 1M "$work/disk" "$work/disk2"

# domain NAME TYPE EMULATOR [XML]: writes a definition. A machine of version 6.0 hot-plugs by
# PCI Express itself, where a device goes without help of a guest.
domain() {
  cat >"$work/$1.xml" <<XML
<domain type='$2' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>$1</name><memory unit='MiB'>32</memory><vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc-q35-6.0'>hvm</type></os>
  <features><acpi/></features>
  <cpu mode='custom' match='exact' check='none'><model fallback='forbid'>qemu64</model></cpu>
  <devices>
    <emulator>$3</emulator>
    <controller type='pci' model='pcie-root'/>
    <controller type='scsi' model='virtio-scsi'/>
    <controller type='usb' model='ich9-ehci1'/>
    <controller type='usb' model='ich9-uhci1'/>
    <disk type='file' device='disk'>
      <driver name='qemu' type='raw'/><source file='$work/disk'/><target dev='vda' bus='virtio'/><shareable/>
    </disk>
    <interface type='user'><mac address='52:54:00:00:00:01'/><model type='virtio'/></interface>
    <interface type='user'><mac address='52:54:00:00:00:02'/><model type='e1000'/></interface>
    <serial type='file'><source path='$work/$1.serial'/></serial>
    <input type='tablet' bus='usb'/>
    <sound model='ich9'/>
    <video><model type='vga'/></video>
    <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
    <controller type='pci' model='pcie-root-port'/>
    <controller type='pci' model='pcie-root-port'/>
    <controller type='pci' model='pcie-root-port'/>
    <controller type='pci' model='pcie-root-port'/>
    <controller type='pci' model='pcie-root-port'/>
    <controller type='pci' model='pcie-root-port'/>
    <controller type='pci' model='pcie-root-port'/>
    <controller type='pci' model='pcie-root-port'/>
    <controller type='pci' model='pcie-root-port'/>
  </devices>
  ${4:-}
</domain>
XML
}

# extra WORD...: words for QEMU besides libvirt's.
extra() {
  local word

  echo "<qemu:commandline>"
  for word; do
    echo "<qemu:arg value='$word'/>"
  done
  echo "</qemu:commandline>"
}

process() { cat "$work/root/run/qemu/$1.pid"; }

# state PID KEY: the value in /proc/PID/status.
state() { sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"; }

monitor() { virsh_says "qemu-monitor-command $1 --hmp $2"; }

# The words that libvirt's log says it started a domain's emulator with.
logged_words() {
  local text
  local -a words

  text=$(sed -n '\,^[^ ]*/q[a-z]*-system-x86_64 \\$,,/^[^\\]*[^\\]$/p' "$work/root/log/qemu/$1.log" | sed '/[^\\]$/q')
  eval "words=($text)"
  printf '%s\n' "${words[@]:1}"
}

started_words() { tr '\0' '\n' <"/proc/$1/cmdline" | sed 1d; }

# addresses KIND FILE: all PCI functions, one a line, as "BUS SLOT.FUNCTION ID", of libvirt's XML
# or of what "info qtree" says.  What the board brings besides is left out.
addresses() {
  python3 - "$@" <<'PYTHON'
import re
import sys
import xml.etree.ElementTree as tree


def of_libvirt(text):
    for device in tree.fromstring(text).find("devices"):
        place = device.find("address[@type='pci']")
        if place is None:
            continue
        slot, function, bus = (int(place.get(key), 16) for key in ("slot", "function", "bus"))
        name = device.find("alias").get("name")
        if device.find("master") is not None or device.get("type") == "sata":
            name = ""  # libvirt gives these no id
        yield "%s %02x.%x %s" % ("pci.%d" % bus if bus else "pcie.0", slot, function, name)


def of_qemu(text):
    buses = []  # by depth
    name = ""
    for line in text.splitlines():
        depth = len(line) - len(line.lstrip())
        found = re.match(r' *(bus|dev): ([^,]*)(?:, id "(.*)")?', line)
        if found is not None and found[1] == "bus":
            buses = [bus for bus in buses if bus[0] < depth] + [(depth, found[2])]
        elif found is not None:
            buses = [bus for bus in buses if bus[0] < depth]
            name = found[3]
        found = re.match(r" *addr = ([0-9a-f]{2}\.[0-7])$", line)
        if found is not None:
            yield "%s %s %s" % (buses[-1][1], found[1], name)


BOARD = ("pcie.0 00.0 ", "pcie.0 1f.0 ", "pcie.0 1f.2 ", "pcie.0 1f.3 ")
functions = (of_libvirt if sys.argv[1] == "libvirt" else of_qemu)(open(sys.argv[2]).read())
print("\n".join(sorted(function for function in functions if function not in BOARD)))
PYTHON
}

# compares NAME: every function is where libvirt has it, and there is no other.
compares() {
  virsh_says "dumpxml $1" >"$work/dump.xml"
  monitor "$1" "'info qtree'" >"$work/qtree"
  addresses libvirt "$work/dump.xml" >"$work/by-libvirt"
  addresses qemu "$work/qtree" >"$work/by-qemu"
  [ "$(wc -l <"$work/by-libvirt")" -gt 15 ] || { echo "too few:"; cat "$work/by-libvirt"; return 1; }
  diff "$work/by-libvirt" "$work/by-qemu"
}

ends() {
  local pid=$1 wait

  for wait in 1 2 3 4 5 6 7 8 9 10; do
    # A zombie has no words left: its parent is not ours.
    [ -s "/proc/$pid/cmdline" ] && [ -n "$(tr -d '\0' <"/proc/$pid/cmdline" 2>/dev/null)" ] || return 0
    sleep 0.2
  done
  echo "process $pid still runs after $wait looks"
  return 1
} 2>/dev/null

# confined NAME N: a domain's process is the real QEMU under N filters more than $filters: the
# overlays and the profile, which asks for exec once.
confined() {
  local pid
  pid=$(process "$1")
  same "$(realpath "$qemu")" "$(readlink "/proc/$pid/exe")" && same 1 "$(state "$pid" NoNewPrivs)" \
    && same 2 "$(state "$pid" Seccomp)" && same "$((filters + $2))" "$(state "$pid" Seccomp_filters)"
}

# without qriser, to compare with
domain plain qemu "$qemu"
virsh_says "define $work/plain.xml" >"$work/out"
if ! virsh_says "start plain" >"$work/out"; then
  lacking "no domain starts here: $(tail -n 1 "$work/errors")"
fi
filters=$(state "$(process plain)" Seccomp_filters)
plain_words=$(started_words "$(process plain)")
check "a domain without qriser, to compare with" contains "$plain_words" "guest=plain"

domain guest qemu "$emulator"
check "define" virsh_does "define $work/guest.xml"
check "start" virsh_does "start guest"
pid=$(process guest)
check "the domain runs" same running "$(virsh_says "domstate guest" | head -n 1)"
check "libvirt's process is QEMU, under qriser's filter and libvirt's" confined guest 1
check "QEMU's words are those that libvirt gave" same "$(logged_words guest)" "$(started_words "$pid")"
# Names, ids, descriptors and directories apart.
alike() { sed -E 's/domain-[0-9]+/domain/g;s/plain|guest/NAME/g;s/[0-9a-f-]{36}/UUID/;s/fd=[0-9]+/fd=N/g'; }
check "they are those that QEMU gets without qriser" same "$(alike <<<"$plain_words")" "$(started_words "$pid" | alike)"
check "every PCI function is where libvirt has it" compares guest

cat >"$work/disk.xml" <<XML
<disk type='file' device='disk'>
  <driver name='qemu' type='raw'/><source file='$work/disk2'/><target dev='vdb' bus='virtio'/>
</disk>
XML
echo "<interface type='user'><mac address='52:54:00:00:00:03'/><model type='virtio'/></interface>" >"$work/nic.xml"
check "a disk can be hot-plugged" virsh_does "attach-device guest $work/disk.xml --live"
check "a network adapter can be hot-plugged" virsh_does "attach-device guest $work/nic.xml --live"
check "they are where libvirt has them" compares guest
check "the disk is there" contains "$(cat "$work/by-qemu")" virtio-disk1
check "the network adapter is there" contains "$(cat "$work/by-qemu")" net2
check "snapshot" virsh_does \
  "snapshot-create-as guest one --disk-only --no-metadata --diskspec vda,snapshot=no --diskspec vdb,file=$work/overlay"
check "it is an image" test -s "$work/overlay"
check "the disk can be unplugged" virsh_does "detach-device guest $work/disk.xml --live"
check "the network adapter can be unplugged" virsh_does "detach-device guest $work/nic.xml --live"
monitor guest "'info qtree'" >"$work/qtree"
addresses qemu "$work/qtree" >"$work/by-qemu"
check "the disk is gone" lacks "$(cat "$work/by-qemu")" virtio-disk1
check "the network adapter is gone" lacks "$(cat "$work/by-qemu")" net2

check "screenshot" virsh_does "screenshot guest $work/screen"
check "it is a picture" test -s "$work/screen"

if ! virsh_says "managedsave guest" >"$work/out" && grep -q "cannot execute binary.*iohelper" "$work/errors"; then
  missing "managed save" "no libvirt_iohelper"
else
  check "managed save" lacks "$(cat "$work/errors")" "error: "
  check "the process is gone" ends "$pid"
  check "start from the saved state" virsh_does "start guest"
  pid=$(process guest)
  check "it runs, confined" confined guest 1
  check "the words are those that libvirt gave" contains "$(started_words "$pid")" "-incoming"
  check "every PCI function is where it was" compares guest
fi
check "destroy" virsh_does "destroy guest"
check "no process stays" ends "$pid"
check "undefine" virsh_does "undefine guest"

# --- words besides libvirt's -------------------------------------------------------------

domain more qemu "$emulator" "$(extra -device virtio-rng-pci,id=more-rng)"
check "a device without address: define" virsh_does "define $work/more.xml"
check "a device without address: start" virsh_does "start more"
compares more >"$work/difference"
check "a device without address: nothing of libvirt's moves" lacks "$(cat "$work/difference")" "< "
check "a device without address: it has a place" contains "$(cat "$work/difference")" more-rng
check "a device without address: no port of libvirt's is taken" lacks "$(grep more-rng "$work/difference")" "> pci."
check "a device without address: libvirt can hot-plug" virsh_does "attach-device more $work/disk.xml --live"

# A QEMU that ends at once may be gone before libvirt reads what it said; the log has it then.
refused() {
  virsh_says "define $work/$1.xml" || { cat "$work/errors"; return 1; }
  if virsh_says "start $1"; then
    echo "it started"
    virsh_says "destroy $1"
    return 1
  fi
  if grep -q "Connection refused" "$work/errors"; then
    cat "$work/root/log/qemu/$1.log" >>"$work/errors"
  fi
  contains "$(cat "$work/errors")" "$2"
}
domain wrong qemu "$emulator" "$(extra -device virtio-rng-pci,bus=nosuch)"
check "what qriser refuses, libvirt tells" refused wrong 'qriser: error: there is no bus "nosuch"'

# --- pc ------------------------------------------------------------------------------------

sed "s/guest/board/g;s/pc-q35-6.0/pc-i440fx-6.0/;s/model='ich9'/model='ich6'/;/pcie-root/d" "$work/guest.xml" >"$work/board.xml"
check "pc: define" virsh_does "define $work/board.xml"
check "pc: start" virsh_does "start board"
check "pc: QEMU under both filters" confined board 1
check "pc: QEMU's words are those that libvirt gave" same "$(logged_words board)" "$(started_words "$(process board)")"
check "pc: the board is there" contains "$(monitor board "'info qtree'")" i440FX
check "pc: destroy" virsh_does "destroy board"

# --- with KVM -----------------------------------------------------------------------------

works_with_kvm() {
  [ -r /dev/kvm ] && [ -w /dev/kvm ] \
    && echo '{"execute":"qmp_capabilities"}{"execute":"quit"}' \
      | timeout 20 "$qemu" -M none -accel kvm -display none -nodefaults -qmp stdio >"$work/out" 2>&1
}
if works_with_kvm; then
  domain fast kvm "$emulator"
  check "KVM: define" virsh_does "define $work/fast.xml"
  check "KVM: start" virsh_does "start fast"
  check "KVM: QEMU under its filters" confined fast 2
  check "KVM: every PCI function is where libvirt has it" compares fast
else
  # Most test machines have none; everything above is the same without.
  number=$((number + 1))
  echo "ok $number - a domain with KVM # SKIP no usable /dev/kvm"
fi

# What still runs is ended by clean().
finish
