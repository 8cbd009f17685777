#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What machine types bring along: from the data, asked of the QEMUs at hand, which must say the same,
# and of programs that are none; and what is kept of them.  Prints TAP.
#
# QRISER             the program
# QRISER_TEST_QEMU   further QEMU binaries, separated by colons
# QRISER_TEST_SHARE  N: one machine type of N is asked for; default: all

# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=says.sh
. "$here/says.sh"
# shellcheck disable=SC2317 # check() calls the functions

share=${QRISER_TEST_SHARE:-1}
export XDG_CACHE_HOME=$work/cache

# prints PART WORDS...: and ends with 0.
prints() {
  local part=$1
  shift
  says 0 "$@" && contains "$(cat "$work/out")" "$part"
}

# --- from the data --------------------------------------------------------------------------

cat >"$work/expected" <<'END'
q35: pcie.0 (PCIE, no hot-plug), free 01-1e
  00:00.0  mch
  00:01.0  VGA  default
  00:02.0  e1000e  default
  00:1f.0  ICH9-LPC
  00:1f.2  ich9-ahci
  00:1f.3  ICH9-SMB
  sata=off: -00:1f.2 ich9-ahci
  usb=on: +00:1d.0 ich9-usb-uhci1 +00:1d.1 ich9-usb-uhci2 +00:1d.2 ich9-usb-uhci3 +00:1d.7 ich9-usb-ehci1
  smbus=off: -00:1f.3 ICH9-SMB
isapc: no PCI
END
q35_is() { says 0 implicit --arch=x86_64 q35 isapc && diff "$work/expected" "$work/out"; }
check "q35 and isapc" q35_is
check "properties count" prints "free 01-1c,1e" implicit --arch=x86_64 q35,usb=on,sata=off
check "one that takes hot-plug away" prints "pci.0 (PCI, no hot-plug)" implicit --arch=x86_64 pc,acpi=off
check "an older machine's network adapter" prints "e1000  default" implicit --arch=x86_64 pc-q35-2.11
all_are() {
  says 0 implicit --arch=x86_64 --format=json \
    && same "True" "$(picks 'len(a) > 60 and all(m["from"] == "data" for m in a)')" \
    && same "[('00:00.0', 'machine'), ('00:01.0', 'default')]" \
      "$(picks '[[(f["path"], f["origin"]) for f in m["functions"]][:2] for m in a if m["machine"] == "pc-q35-7.2"][0]')" \
    && same "[('sata', 'off', ['00:1f.2'], [])]" \
      "$(picks '[(p["property"], p["value"], [f["path"] for f in p["removes"]], p["adds"]) for m in a if m["machine"] == "pc-q35-7.2" for p in m["properties"]][:1]')"
}
check "all of them, as JSON" all_are
version_counts() {
  says 0 implicit --arch=x86_64 --qemu-version=7.2 && lacks "$(cat "$work/out")" "pc-q35-8.0" \
    && says 0 implicit --arch=x86_64 --qemu-version=10.0 && lacks "$(cat "$work/out")" "pc-i440fx-2.3:"
}
check "those of a version" version_counts
check "an unknown one" refuses 65 'machine type "novel" of x86_64 is not known' implicit --arch=x86_64 q35 novel
check "a property that is none" refuses 65 '"maybe"' implicit --arch=x86_64 q35,usb=maybe

ln -s "$here/fake-qemu.py" "$work/qemu-system-x86_64"
ln -s qemu-system-x86_64 "$work/qemu-system-amd64"
check "a QEMU under another name of its architecture" prints "pcie.0" implicit --qemu="$work/qemu-system-amd64" q35

# --- asked of what is no QEMU -----------------------------------------------------------------

fake=$here/fake-qemu.py
check "no such program: 127" refuses 127 "cannot be executed: No such file" implicit --probe --qemu="$work/none" q35
check "one that ends at once" refuses 69 "ended and said nothing" implicit --probe --qemu=/bin/true q35
check "one that says something else" refuses 69 "is no QMP" implicit --probe --qemu=/bin/echo q35

fake_is() {
  says 1 implicit --probe --qemu="$fake" novel sick --format=json \
    && same "[('00:03.0', 'fake-bridge'), ('00:03.0/01.1', 'fake-bridge')]" \
      "$(picks '[(f["path"], f["driver"]) for f in a[0]["functions"]]')" \
    && same "[('root.0', False, '00-02,04-1f')]" \
      "$(picks '[(r["bus"], r["hotplug"], r["free"]) for r in a[0]["roots"]]')" \
    && contains "$(picks 'a[1]["fails"]')" "signal 6" \
    && contains "$(picks 'a[1]["differs"][0]')" "is not known"
}
check "a QEMU with machine types of its own, of which one dies" fake_is
check "a tree without end" says 1 implicit --probe --qemu="$fake" circle
check "what was asked once is kept" prints "fake-bridge" implicit --qemu="$fake" novel
check "... with where it is from" says 0 implicit --qemu="$fake" novel --format=json
check "... and that" same "cache" "$(picks 'a[0]["from"]')"
check "what was asked before is, too" prints "does not start" implicit --qemu="$fake" sick

version_is() {
  "$QRISER" plan --format=json --qemu="$fake" -- -machine q35 >"$work/out" && same "$1" "$(picks '(a["qemu"]["version"], a["qemu"]["from"])')"
}
check "its version is known from then on" version_is "('9.9.9', 'cache')"
find "$XDG_CACHE_HOME" -name '*.version' -exec sh -c 'echo rubbish >"$1"' sh {} \;
check "but not from a file with something else" version_is "(None, 'unknown')"
find "$XDG_CACHE_HOME" -name '*.json' -exec sh -c 'echo "modules none" >"$1"; echo "{" >>"$1"' sh {} \;
check "nor machine types" refuses 65 "is not known" implicit --qemu="$fake" novel
check "which are asked for again" says 1 implicit --probe --qemu="$fake" novel
check "and kept again" prints "fake-bridge" implicit --qemu="$fake" novel
export XDG_CACHE_HOME=/dev/null/none
check "without a directory for the cache" says 1 implicit --probe --qemu="$fake" novel
check "which is said" contains "$(cat "$work/err")" "is not kept: cannot make the directory"
check "and the answer is the same" contains "$(cat "$work/out")" "fake-bridge"
export XDG_CACHE_HOME=$work/cache

# --- asked of QEMU ---------------------------------------------------------------------------------

# every N: each N-th line.
every() { awk -v n="$1" 'NR % n == 1 || n == 1'; }

# agrees QEMU: the data says the same of its machine types.
agrees() {
  local -a machines
  mapfile -t machines < <("$1" -machine help | awk 'NR > 1 && !/alias of/ { print $1 }' | every "$share")
  says 0 implicit --probe --qemu="$1" "${machines[@]}" || { grep -B 20 differs "$work/out"; return 1; }
}

find_qemus
others=()
for qemu in ${qemus[@]+"${qemus[@]}"}; do
  for arch in aarch64 riscv64 ppc64; do
    if [ -x "${qemu%x86_64}$arch" ]; then
      others+=("${qemu%x86_64}$arch")
    fi
  done
done
[ "${#qemus[@]}" -gt 0 ] || missing "machine types of QEMU" "no QEMU here"
for qemu in ${qemus[@]+"${qemus[@]}"} ${others[@]+"${others[@]}"}; do
  use_modules "$qemu"
  name="${qemu##*/} $("$qemu" -version | sed -n 's/.*version \([0-9.]*\).*/\1/p')"
  check "$name: its machine types are as the data says" agrees "$qemu"
done
finish
