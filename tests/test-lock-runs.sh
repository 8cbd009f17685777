#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Lock files as the whole program uses them: start after start, side by side, and
# what is refused.  Prints TAP.
#
# QRISER     the program

# shellcheck disable=SC2054,SC2317 # commas belong to QEMU; check calls the functions
set -u

# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

trap 'rm -rf "$work"' EXIT
mkdir -m 700 "$work/locks"
cp "$(type -P true)" "$work/true" # stands for QEMU, and ends at once
lock=$work/locks/vm.lock
ln -s "$(realpath "$QRISER")" "$work/qriser-system-x86_64"

# qriser COMMAND OWN... -- WORDS...: with the lock file and a QEMU that ends at once.
with_lock() {
  "$QRISER" "$1" --qemu="$work/true" --lock="$lock" "${@:2}" 2>&1
}

# place KEY: what the file says of it.
place() { sed -n "s/.*\"key\": \"$1\".*\"path\": \"\\([^\"]*\\)\".*/\\1/p" "$lock"; }

# ends STATUS PART COMMAND...: with this exit status, saying this, and the file as it was.
ends() {
  local before text status

  before=$(md5sum "$lock" 2>/dev/null)
  text=$("${@:3}" 2>&1)
  status=$?
  [ "$status" -eq "$1" ] || { echo "exit status $status, not $1: $text"; return 1; }
  [ "$before" = "$(md5sum "$lock" 2>/dev/null)" ] || { echo "the file has changed"; return 1; }
  contains "$text" "$2"
}

net=(-device virtio-net-pci,id=net)
disk=(-device nvme,serial=1,id=disk)

# --- start after start --------------------------------------------------------------------

with_lock plan -- -nodefaults "${net[@]}" >"$work/out"
check "plan writes nothing" [ ! -e "$lock" ]
with_lock run -- -nodefaults "${net[@]}" >"$work/out"
check "run writes the file" same "00:1c.0/00.0" "$(place net)"
check "with mode 0600" same 600 "$(stat -c %a "$lock")"
with_lock run -- -nodefaults "${disk[@]}" "${net[@]}" >"$work/out"
check "an old device stays" same "00:1c.0/00.0" "$(place net)"
check "a new one comes behind it" same "00:1c.1/00.0" "$(place disk)"
with_lock run -- -nodefaults "${disk[@]}" >"$work/out"
check "the place of one that is gone is kept" same "00:1c.0/00.0" "$(place net)"
check "and shown" contains "$(with_lock plan -- -nodefaults "${disk[@]}")" "kept for net"
check "and not as a function" same 1 \
  "$(with_lock plan --format=json -- -nodefaults "${disk[@]}" | grep -c '"key": "net"')"
before=$(stat -c %i "$lock")
with_lock run -- -nodefaults "${disk[@]}" >"$work/out"
check "nothing new writes nothing" same "$before" "$(stat -c %i "$lock")"
check "nothing is left beside it" same "vm.lock" "$(ls -A "$work/locks")"
with_lock plan --forget=net -- -nodefaults "${disk[@]}" >"$work/out"
check "a place is forgotten" same "" "$(place net)"
check "and nothing else" same "00:1c.1/00.0" "$(place disk)"
check "the same argv for the same line and lock" same \
  "$(with_lock plan --format=shell -- -nodefaults "${disk[@]}" "${net[@]}")" \
  "$(with_lock plan --format=shell -- -nodefaults "${disk[@]}" "${net[@]}")"
"$work/qriser-system-x86_64" -qriser "qemu=$work/true,lock=$work/locks/drop-in" \
  -M q35 -nodefaults "${net[@]}"
check "the drop-in face has it as well" contains "$(cat "$work/locks/drop-in")" '"policy": "ich9@1"'

# --- side by side -------------------------------------------------------------------------

rm "$lock"
pids=()
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
  with_lock run -- -nodefaults -device "virtio-rng-pci,id=r$i" >"$work/out.$i" &
  pids+=($!)
done
wait "${pids[@]}"
check "starts side by side keep all" same 12 "$(grep -c '"key"' "$lock")"
check "and give no place twice" same 12 "$(sed -n 's/.*"path": //p' "$lock" | sort -u | wc -l)"

# --- what is refused ----------------------------------------------------------------------

check "another policy: 65" ends 65 "the lock is of policy ich9@1, and qemu@1 is asked for" \
  with_lock run --policy=qemu@1 -- -nodefaults "${net[@]}"
check "a key that it does not have: 65" ends 65 "keeps no place for \"x\"" \
  with_lock plan --forget=x -- -nodefaults
check "forgetting without a file: 64" ends 64 "there is no lock file" \
  "$QRISER" plan --forget=x -- -nodefaults
check "a machine that is not planned: 65" ends 65 "no places can be kept" \
  with_lock run -- -M isapc -nodefaults
check "a machine that it is not of: 65" ends 65 "the lock is of a machine of family q35" \
  with_lock run -- -M pc -nodefaults
check "an address against it: 65" ends 65 "the lock has r1 at" \
  with_lock run -- -nodefaults -device virtio-rng-pci,id=r1,addr=5
check "a line that cannot be planned: 65" ends 65 "no device type is called" \
  with_lock run -- -nodefaults -device no-such-device,id=new
cp "$lock" "$work/good"
sed -i 's/ich9@1/ich9@99/' "$lock"
check "a policy that is not known: 78" ends 78 "ich9@99, which is not known" \
  with_lock run -- -nodefaults "${net[@]}"
sed "s|ich9@1|$work/own@1|" "$work/good" >"$lock"
cp "$SRCDIR/profiles/policies/ich9-1.json" "$work/own@1"
check "a policy by a path: 78, and nothing is read" ends 78 "is not a policy with its version" \
  with_lock run -- -nodefaults "${net[@]}"
head -c 100 "$work/good" >"$lock"
check "cut short: 78" ends 78 "vm.lock:" with_lock run -- -nodefaults "${net[@]}"
sed 's/"schema": 1/"schema": 2/' "$work/good" >"$lock"
check "of another schema: 78" ends 78 "schema" with_lock run -- -nodefaults "${net[@]}"
cp "$work/good" "$work/elsewhere"
rm "$lock"
ln -s "$work/elsewhere" "$lock"
check "a symbolic link: 77" ends 77 "symbolic link" with_lock run -- -nodefaults "${net[@]}"
check "and where it leads to is as it was" same "$(cat "$work/good")" "$(cat "$work/elsewhere")"
rm "$lock"
cp "$work/good" "$lock"
chmod 400 "$lock"
check "read-only: 77" ends 77 "read-only" with_lock run -- -nodefaults "${net[@]}"
check "no directory: 66" ends 66 "No such" env LC_ALL=C "$QRISER" run --lock="$work/none/vm.lock" -- -nodefaults

finish
