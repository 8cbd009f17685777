#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Device lists as the program takes them: on both faces, from files and pipes, and the files that
# they ask for.  Prints TAP.
#
# QRISER     the program
# BUILDDIR   where tests/show-state is

set -u

# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

state=$BUILDDIR/tests/show-state
mkdir "$work/stand" "$work/named" "$work/vm"
program=$(realpath "$QRISER")
ln -s "$program" "$work/stand/qemu-system-x86_64"
ln -s "$program" "$work/named/qriser-system-x86_64"
cd "$work/vm" || exit 1
export XDG_CONFIG_HOME=$work/home

# status STATUS COMMAND...: the command ends so.
# shellcheck disable=SC2317 # check calls it
status() {
  local wanted=$1 got=0
  shift
  "$@" || got=$?
  [ "$got" -eq "$wanted" ] || { echo "exit status $got, not $wanted"; return 1; }
}

# words COMMAND...: the words that QEMU gets from qriser.
words() { "$@" 2>&1 | sed -n 's/^argument //p' | tr '\n' ' '; }

rng="-device virtio-rng-pci,rng=rng0-object,id=rng0"
quiet=(-nodefaults)

# --- where a list may stand --------------------------------------------------------------

run=("$QRISER" run --qemu="$state")
check "run with a list" contains "$(words "${run[@]}" rng= -- "${quiet[@]}")" "$rng"
check "without the command" contains "$(words "$QRISER" --qemu="$state" rng= "${quiet[@]}")" "$rng"
check "a list among QEMU's options" contains "$(words "${run[@]}" "${quiet[@]}" rng= -m 64)" "$rng"
check "behind -- it is a disk image" contains "$(words "${run[@]}" -- "${quiet[@]}" rng=)" " rng= "
check "with a path it is a disk image" contains "$(words "${run[@]}" "${quiet[@]}" ./rng=)" " ./rng= "
printf 'rng=\n' >list
check "from a file" contains "$(words "${run[@]}" @list "${quiet[@]}")" "$rng"
check "from a pipe" contains "$(words "${run[@]}" "@"<(printf 'rng=\n') "${quiet[@]}")" "$rng"
check "explain takes a list" contains "$("$QRISER" explain rng0 rng= -- "${quiet[@]}")" "bus=rp-1c.0"
check "diff takes lists" contains "$("$QRISER" diff <(echo 'rng=,addr=4 -nodefaults') <(echo 'qriser balloon= rng=,addr=5 -nodefaults'))" "> rng0 moved 00:04.0 -> 00:05.0"
check "with a list QEMU only prints" same "argument -version" "$("${run[@]}" -- -version | grep '^argument')"
check "a machine that is not planned gets the options, too" contains "$(words "${run[@]}" rng= -- -M microvm "${quiet[@]}")" "$rng"

stand=("$work/stand/qemu-system-x86_64" -qriser "qemu=$state" -M q35 "${quiet[@]}")
named=("$work/named/qriser-system-x86_64" -qriser "qemu=$state" -M q35 "${quiet[@]}")
placed="-object rng-builtin,id=rng0-object -device virtio-rng-pci,rng=rng0-object,id=rng0,bus=pcie.0,addr=01.0"
check "in QEMU's place, as dev=" contains "$(words "${stand[@]}" -qriser dev=rng=)" "$placed"
check "under a name of ours, as dev=" contains "$(words "${named[@]}" -qriser dev=rng=)" "$rng,bus=rp-1c.0"
check "dev= several times" contains "$(words "${stand[@]}" -qriser dev=rng=,dev=nic=user,,hostname=h)" \
  "-netdev user,id=nic0-netdev,hostname=h"
check "in QEMU's place a word is a disk image" contains "$(words "${stand[@]}" rng=)" " rng= "
check "in QEMU's place no controller is made" status 65 "${stand[@]}" -device usb-kbd
check "but when it is asked for" contains "$(words "${stand[@]}" -device usb-kbd -qriser controllers=auto)" \
  "-device qemu-xhci,id=ctl-usb"
check "for the tool they are made" contains "$(words "${run[@]}" -- "${quiet[@]}" -device usb-kbd)" "-device qemu-xhci,id=ctl-usb"
check "but when not" status 65 "${run[@]}" --controllers=off -- "${quiet[@]}" -device usb-kbd

# --- roles of one's own --------------------------------------------------------------------

cat >mine.json <<'END'
{ "schema": 1, "kind": "roles", "source": "a test", "roles": [
  { "role": "edu", "help": "a device to learn from", "value": "N", "default": "1",
    "parts": [{ "option": "device", "text": "edu,id=@", "variants": [{ "takes": "dma_mask" }] }] }] }
END
check "a role of one's own" contains "$(words "${run[@]}" --roles=mine.json edu=2 -- "${quiet[@]}")" "-device edu,id=edu0,dma_mask=2"
check "in QEMU's place, too" contains "$(words "${stand[@]}" -qriser roles=mine.json,dev=edu=)" "-device edu,id=edu0,dma_mask=1"
check "roles lists it" contains "$("$QRISER" roles --roles=mine.json)" "a device to learn from"
check "without the file it is unknown" status 65 "${run[@]}" edu=2 -- "${quiet[@]}"

# --- files that are asked for -----------------------------------------------------------------

new=("disk=new.qcow2,size=1G" -- "${quiet[@]}")
for command in plan check "explain disk0"; do
  # shellcheck disable=SC2086 # words
  "$QRISER" $command "${new[@]}" >/dev/null 2>&1
done
check "to look at a line makes nothing" same "" "$(ls new.qcow2 2>/dev/null)"
"$QRISER" run --qemu=/nonexistent "${new[@]}" >/dev/null 2>&1
check "without a QEMU nothing is made" same "" "$(ls new.qcow2 2>/dev/null)"
"${run[@]}" "${new[@]}" >/dev/null
check "run makes the image" same "QFI" "$(head -c 3 new.qcow2)"
check "and nothing else" same "list mine.json new.qcow2" "$(echo *)"
printf 'changed' | dd of=new.qcow2 bs=1 seek=1000 conv=notrunc status=none
sum=$(cksum new.qcow2)
"${run[@]}" "${new[@]}" >/dev/null
check "run again leaves it as it is" same "$sum" "$(cksum new.qcow2)"
check "one that is there needs no size" contains "$(words "${run[@]}" disk=new.qcow2 -- "${quiet[@]}")" "file=new.qcow2,format=qcow2"
check "what is missing is no input" status 66 "${run[@]}" disk=other.qcow2 -- "${quiet[@]}"
check "a directory that is not there" status 66 "${run[@]}" disk=nowhere/a.qcow2,size=1G -- "${quiet[@]}"
check "status-fd has the code" contains "$("${run[@]}" --status-fd=3 disk=other.qcow2 -- "${quiet[@]}" 3>&1 2>/dev/null)" '"code":"no-file"'
echo raw >plain.img
check "a format is not guessed" status 65 "${run[@]}" disk=plain.img -- "${quiet[@]}"

mkdir -p "$XDG_CONFIG_HOME/qemu/firmware"
echo code >code.fd
echo variables >vars.fd
cat >"$XDG_CONFIG_HOME/qemu/firmware/00.json" <<END
{ "interface-types": ["uefi"], "features": [],
  "targets": [{ "architecture": "x86_64", "machines": ["pc-q35-*"] }],
  "mapping": { "device": "flash", "executable": { "filename": "$PWD/code.fd", "format": "raw" },
               "nvram-template": { "filename": "$PWD/vars.fd", "format": "raw" } } }
END
uefi=("${run[@]}" --arch=x86_64 "firmware=uefi,vars=mine.fd" -- "${quiet[@]}")
check "the user's description of firmware comes first" contains "$(words "${uefi[@]}")" "file=$PWD/code.fd,format=raw"
check "variables are copied" same variables "$(cat mine.fd)"
echo mine >mine.fd
"${uefi[@]}" >/dev/null
check "and kept" same mine "$(cat mine.fd)"
check "in QEMU's place the user's description is not read" lacks \
  "$("${stand[@]}" -qriser dev=firmware=uefi 2>&1)" "$PWD/code.fd"

finish
