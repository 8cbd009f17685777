#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What "catalogue" learns of a QEMU: of one with devices, options and machine types of its own, and
# of those at hand by a program without much of its data, whose plans must then be those of the whole
# program.  Prints TAP.
#
# QRISER             the program
# QRISER_TEST_QEMU   further QEMU binaries, separated by colons
# QRISER_TEST_SHARE  N: one device type of N is planned; default: all

# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=says.sh
. "$here/says.sh"
# shellcheck disable=SC2317 # check() calls the functions

share=${QRISER_TEST_SHARE:-1}
whole=$QRISER
less=$(dirname "$QRISER")/tests/qriser-less
export XDG_CACHE_HOME=$work/cache

# --- one with things of its own ----------------------------------------------------------------

program=$whole
fake=$here/fake-qemu.py
cp "$fake" "$work/qemu-system-x86_64"
fake=$work/qemu-system-x86_64
line=(plan --format=shell --policy=qemu --seccomp=off "--qemu=$fake" -M q35 -nodefaults)

check "before, its types are errors" refuses 65 '"qriser catalogue" learns it' "${line[@]}" -device fake-quick
check "and so are its options" refuses 65 '"qriser catalogue" learns it' "${line[@]}" -fake-value x
cat >"$work/expected" <<'END'
  device   fake-never  function, class 0380, PCI Express: never
  device   fake-quick  function, class 0b40, PCI Express: always
  device   fake-slow  function, class 0b40, PCI Express: below-port
  device   fake-port  root-port, class 0604, PCI Express: always
  device   fake-probe  bus fake-wire
  option   fake-flag  takes no argument
  option   fake-value  takes an argument
  option   fake-words  takes no argument
  option   other-words  takes no argument
  device   fake-expander  stays unknown: it makes a PCI bus and is neither a port nor a bridge
  machine  novel  stays unknown: no known type has the same functions
  machine  sick  stays unknown: it does not start by itself
Plans for this QEMU know it from now on.
END
table_is() { says 0 catalogue "--qemu=$fake" && diff "$work/expected" <(tail -n +2 "$work/out"); }
check "all that it has of its own is told" table_is
check "with its version" contains "$(head -n 1 "$work/out")" "QEMU 9.9.9, $fake, has what the data lacks:"
json_is() {
  says 0 catalogue "--qemu=$fake" --format=json \
    && same "['root-complex'] 32 False ['quick']" \
      "$(picks '" ".join(str(v) for d in a["devices"] if d["driver"] == "fake-quick" for v in (d["io"], d["io-bytes"], d["hotplug"], d["aliases"]))')" \
    && same "[{'type': 'SCSI', 'name': 'id.N', 'count': 2}]" \
      "$(picks '[d["buses"] for d in a["devices"] if d["driver"] == "fake-quick"][0]')" \
    && same "[['fake-base', 'virtio-pci'], ['vectors']]" \
      "$(picks '[[d["parents"], d["properties"]] for d in a["devices"] if d["driver"] == "fake-slow"][0]')" \
    && same "[{'type': 'fake-wire'}]" "$(picks 'a["buses"]')" \
    && same "['fake-words', 'other-words']" "$(picks '[o["option"] for o in a["options"] if o.get("informs")]')" \
    && same "fake-expander" "$(picks 'a["unlearned"][0]["device"]')" && same "True" "$(picks 'a["kept"]')"
}
check "... and as JSON" json_is

plans() {
  local wanted=$1
  shift
  says 0 "${line[@]}" "$@" && contains "$(tr -d '\\\n' <"$work/out" | tr -s ' ')" "$wanted"
}
check "then it is planned" plans "-device fake-quick,bus=pcie.0,addr=01.0" -device fake-quick
check "under its alias, too" plans "-device quick,bus=pcie.0,addr=01.0" -device quick
check "with a bus that it makes" plans "-device scsi-hd,bus=f.1" -device fake-quick,id=f -device scsi-hd,bus=f.1
check "a bus that it does not make" refuses 65 'there is no bus "f.2"' "${line[@]}" -device fake-quick,id=f -device scsi-hd,bus=f.2
check "a root port is one" plans "-device edu,bus=p,addr=00.0" -device fake-port,id=p -device edu,bus=p
check "options keep their arguments" plans "-fake-value -device -fake-flag" -fake-value -device -fake-flag
check "one that prints and ends goes through" plans "-fake-words -device nonsense" -fake-words -device nonsense
check "what it lacks is an error as before" refuses 65 '"fake-none"' "${line[@]}" -device fake-none
check "another QEMU has none of it" refuses 65 '"fake-quick"' plan "--qemu=$here/fake-qemu.py" -device fake-quick
find "$XDG_CACHE_HOME" -name '*.overlay.json' -exec sh -c 'echo "modules none" >"$1"; echo "{" >>"$1"' sh {} \;
check "a broken file is none" refuses 65 '"fake-quick"' "${line[@]}" -device fake-quick
check "and is written again" says 0 catalogue "--qemu=$fake"
check "..." plans "addr=01.0" -device fake-quick
echo "# another" >>"$fake"
check "a changed binary is another one" refuses 65 '"fake-quick"' "${line[@]}" -device fake-quick

check "no such program: 127" refuses 127 "cannot be executed: No such file" catalogue "--qemu=$work/none"
check "one that ends at once: 69" refuses 69 "ended and said nothing" catalogue --qemu=/bin/true
check "one that says something else: 69" refuses 69 "is no QMP" catalogue --qemu=/bin/echo
XDG_CACHE_HOME=/dev/null/none
unkept() { says 0 catalogue "--qemu=$fake" && contains "$(cat "$work/err")" "is not kept" && lacks "$(cat "$work/out")" "from now on"; }
check "without a directory for the cache it is told all the same" unkept
XDG_CACHE_HOME=$work/cache

# --- those at hand ----------------------------------------------------------------------------------

# Types of which QEMU makes none without more than nothing, or that do what no paused machine shows:
# memory behind a type 3 device, virtual functions, virtio's old interface behind another process.
exceptions=(cxl-type3 igb vhost-scsi-pci vhost-scsi-pci-transitional vhost-user-blk-pci vhost-user-blk-pci-transitional
  vhost-user-scsi-pci vhost-user-scsi-pci-transitional)

# plan_of PROGRAM QEMU MACHINE TYPE: what does not depend on where it is known from.
plan_of() {
  "$1" plan --format=json --seccomp=off "--qemu=$2" "--qemu-version=$version" -M "$3" -nodefaults -device "$4" 2>&1 \
    | grep -vE '"(class|role)":'
}

# plans_agree QEMU: on each device type that was learned, on two machines.
plans_agree() {
  local type machine n=0 wrong=0

  while read -r type; do
    case " ${exceptions[*]} " in *" $type "*) continue ;; esac
    for machine in q35 pc; do
      n=$((n + 1))
      diff <(plan_of "$whole" "$1" "$machine" "$type") <(plan_of "$less" "$1" "$machine" "$type") >"$work/diff" && continue
      echo "$type on $machine:"
      head -n 20 "$work/diff"
      wrong=$((wrong + 1))
    done
  done < <(picks '"\n".join(d["driver"] for d in a["devices"])' | awk -v n="$share" 'NR % n == 1 || n == 1')
  [ "$n" -gt 0 ] && [ "$wrong" -eq 0 ]
}

# line_agrees QEMU: one with much of what was learned.
line_agrees() {
  # shellcheck disable=SC2054 # these commas are QEMU's
  local -a words=(-M "$machine" -snapshot -rtc base=utc -device virtio-net-pci -device qemu-xhci,id=x
    -device usb-tablet,bus=x.0 -device virtio-scsi-pci,id=s -device "scsi-hd,drive=d,bus=s.0"
    -drive "if=none,id=d,file=d.qcow2" -device ich9-intel-hda,id=h -device hda-duplex,bus=h.0)

  diff <("$whole" plan --format=shell --seccomp=off "--qemu=$1" "${words[@]}" 2>&1) \
    <("$less" plan --format=shell --seccomp=off "--qemu=$1" "${words[@]}" 2>&1)
}

# --- one that is left to QEMU ----------------------------------------------------------------------

# slots_of COMMAND...: of the functions with an id, as QEMU has them, that is started paused by it.
slots_of() {
  printf '%s\n' '{"execute":"qmp_capabilities"}' '{"execute":"query-pci"}' '{"execute":"quit"}' \
    | timeout 60 "$@" -S -display none -qmp stdio 2>"$work/err" | python3 -c '
import json, sys
for line in sys.stdin:
    for bus in json.loads(line).get("return") or []:
        print(" ".join(sorted(d["qdev_id"] + "=%02x" % d["slot"] for d in bus["devices"] if d["qdev_id"])))'
  cat "$work/err" >&2
}

# left_is POLICY QEMU SLOTS: a function that the data lacks is where the plan has room for it.
left_is() {
  local -a command=("$work/qemu-system-ppc64" -qriser "policy=$1,seccomp=off,qemu=$2" -M pseries -nodefaults
    -device "virtio-rng-pci,id=a" -device "i82378,id=n" -device "virtio-rng-pci,id=b")

  same "$3" "$(slots_of "${command[@]}")" \
    && "${command[@]}" -qriser plan=json >"$work/out" \
    && same "$3" "$(picks '" ".join(sorted((f["id"] or "n") + "=%02x" % f["slot"] for f in a["functions"]))')"
}

find_qemus
[ "${#qemus[@]}" -gt 0 ] || missing "what is learned of QEMU" "no QEMU here"
for qemu in ${qemus[@]+"${qemus[@]}"}; do
  use_modules "$qemu"
  version=$("$qemu" -version | sed -n 's/.*version \([0-9]*\.[0-9]*\).*/\1/p')
  machine=pc-q35-7.2
  name="QEMU $version"
  program=$whole
  check "$name: the data has all of it" says 0 catalogue "--qemu=$qemu"
  check "..." same "QEMU $("$qemu" -version | sed -n 's/.*version \([0-9.]*\).*/\1/p'), $qemu: the data has all of it" "$(cat "$work/out")"
  program=$less
  check "$name: a program without the data has no machine" refuses 78 "is not in the catalogue" plan "--qemu=$qemu" -M q35 -nodefaults
  check "$name: it learns it" says 0 catalogue "--qemu=$qemu" --format=json
  check "$name: options" same "[('rtc', 'raw'), ('snapshot', 'flag')]" \
    "$(picks 'sorted((o["option"], o["grammar"]) for o in a["options"])')"
  check "$name: machine types" same "True" "$(picks '{"machine": "pc-q35-7.2", "like": "pc-q35-10.0"} in a["machines"]')"
  check "$name: device types" same "True" "$(picks 'len(a["devices"]) > 100 and not a["unlearned"]')"
  check "$name: plans of them are as those by the data" plans_agree "$qemu"
  check "$name: a line with many of them" line_agrees "$qemu"
  other=${qemu%x86_64}ppc64
  [ -x "$other" ] || continue
  program=$whole
  ln -sf "$whole" "$work/qemu-system-ppc64"
  check "$name: what is unknown is left to QEMU, in its turn" left_is qemu "$other" "a=00 b=02 n=01"
  check "$name: ... or at the end" left_is pseries "$other" "a=02 b=03 n=00"
  check "$name: it is learned there, too" says 0 catalogue "--qemu=$other"
  check "$name: and planned" left_is qemu "$other" "a=00 b=02 n=01"
  check "... as any other" lacks "$(cat "$work/out")" "left-device"
done
finish
