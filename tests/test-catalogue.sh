#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The device catalogue against independently probed data, and against the type
# lists and the BARs of some types of the QEMU binaries at hand.  Prints TAP.
#
# SRCDIR             source tree; default: the parent of this directory
# QRISER_TEST_QEMU   more QEMU binaries, separated by colons

set -u

here=$(cd "$(dirname "$0")" && pwd)
SRCDIR=${SRCDIR:-$here/..}
catalogue=$SRCDIR/profiles/devices
tool=$SRCDIR/contrib/qemu-catalogue
cross_check=$SRCDIR/../shared/data
versions="7.2 10.0"
facts="present express class hotplug io io-bytes buses"

# All that is tried here is one thing.
if [ "${QRISER_TEST_SHARE:-1}" -gt 50 ]; then
  echo "1..0 # SKIP one line of $QRISER_TEST_SHARE is tried on QEMU"
  exit 0
fi

binaries=()
IFS=: read -r -a wanted <<<"${QRISER_TEST_QEMU:-}"
for binary in /usr/bin/qemu-system-x86_64 ${wanted[@]+"${wanted[@]}"}; do
  case " ${binaries[*]-} " in *" $binary "*) continue ;; esac
  [ -n "$binary" ] && binaries+=("$binary")
done

# shellcheck disable=SC2086 # words
set -- $versions
count=$#
# shellcheck disable=SC2086 # words
set -- $facts
echo "1..$((count * $# + ${#binaries[@]}))"
number=0

# result STATUS DESCRIPTION: one TAP line.
result() {
  number=$((number + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $number - $2"
  else
    echo "not ok $number - $2"
    failed=1
  fi
}

# skip REASON
skip() {
  number=$((number + 1))
  echo "ok $number # SKIP $1"
}

# compare VERSION FACT: differences between the catalogue and the table.
compare() {
  python3 - "$catalogue" "$cross_check/pci-devices-$1" "$1" "$2" <<'PYTHON'
import csv
import glob
import json
import os
import sys

directory, table, version, fact = sys.argv[1:]

EXPANDER = ("QEMU hangs the bus from the expander's own host bridge, where "
            "the table's probe did not look")

# Where the table is wrong or says less than QEMU, and why.
EXCEPTIONS = {
    ("7.2", "buses", "pxb"): EXPANDER,
    ("7.2", "buses", "pxb-cxl"): EXPANDER,
    ("7.2", "buses", "pxb-pcie"): EXPANDER,
    ("10.0", "buses", "pxb"): EXPANDER,
    ("10.0", "buses", "pxb-cxl"): EXPANDER,
    ("10.0", "buses", "pxb-pcie"): EXPANDER,
    ("10.0", "express", "ufs"):
        "has the PCI Express interface only; shows no capability, and counts "
        "as a PCI Express device",
    ("7.2", "class", "AMDVI-PCI"):
        "7.2 shows no class and no ids at all, 10.0 shows 080600; the "
        "catalogue has one class per type and takes the newer one",
}

BASE_CLASSES = {
    "audio": "04", "bridge": "06", "communication": "07", "display": "03",
    "input": "09", "memory": "05", "net": "02", "serialbus": "0c",
    "serial": "0700", "storage": "01", "storage/ide": "0101",
    "storage/nvme": "0108", "storage/sata": "0106", "storage/scsi": "0100",
    "system": "08", "unassigned": "ff", "unclassified": "00", "usb": "0c03",
}


def load():
    devices = {}
    for path in sorted(glob.glob(os.path.join(directory, "*.json"))):
        with open(path, encoding="utf-8") as stream:
            document = json.load(stream)
        if document.get("family") == "elsewhere":  # what x86 has not
            continue
        for record in document.get("devices", []):
            if version in record.get("qemu", [version]):
                devices[record["driver"]] = record
    return devices


def express(row):
    """The answer of the table in the catalogue's words, or None."""
    text = row["experiment_kind"]
    for start, answer in (("conventional", "never"),
                          ("pcie (", "always"),
                          ("hybrid-below-port", "below-port"),
                          ("hybrid (", "express-bus")):
        if text.startswith(start):
            return answer
    if "hybrid-below-port" in text or "cap below port" in text:
        return "below-port"
    return {"conventional": "never", "pcie": "always"}.get(
        row["interface_kind"])


def buses(row):
    """Child buses as a sorted list of name:type, virtio's inner bus left out."""
    text = row["buses(id=dev0)"]
    names = [] if text == "-" else text.split(",")
    return sorted(name for name in names
                  if not name.startswith("virtio-bus:"))


def expand(record):
    """The same from a record of the catalogue."""
    names = []
    for bus in record.get("buses", []):
        for index in range(bus.get("count", 1)):
            name = {"id": "dev0", "id.N": "dev0.%d" % index,
                    "fixed": bus.get("fixed")}[bus["name"]]
            names.append("%s:%s" % (name, bus["type"]))
    return sorted(names)


def present(row, record):
    expected = row["user_creatable"] == "yes"
    if record.get("creatable", True) != expected:
        yield "creatable: table %s" % expected
    alias = [] if row["alias"] == "-" else [row["alias"]]
    if record.get("aliases", []) != alias:
        yield "aliases: table %s" % alias


def same_express(row, record):
    expected = express(row)
    if expected and record["express"] != expected:
        yield "express %s, table %s" % (record["express"], expected)


def same_class(row, record):
    if row["class"] == "-":
        return
    prefix = BASE_CLASSES.get(row["class"])
    if prefix is None or not (record["class"] or "-").startswith(prefix):
        yield "class %s, table %s" % (record["class"], row["class"])


def same_hotplug(row, record):
    if row["hotpluggable"] in ("True", "False") and \
            str(record.get("hotplug")) != row["hotpluggable"]:
        yield "hotplug %s, table %s" % (record.get("hotplug"),
                                        row["hotpluggable"])


def same_io(row, record):
    for column, place in (("io_bar_pcie.0", "root-complex"),
                          ("io_bar_below_port", "below-port")):
        if row[column] in ("True", "False") and \
                str(place in record.get("io", [])) != row[column]:
            yield "io %s: table %s" % (place, row[column])


def io_bytes():
    """Type -> bytes of its I/O BARs, in the placement that has most."""
    with open(table + ".json", encoding="utf-8") as stream:
        types = json.load(stream)["types"]
    return {driver: max(sum(int(bar.split(":")[2]) for bar in bars
                            if ":io:" in bar) for bars in places)
            for driver, places in (
                (driver, [place["bars"] for place in
                          kind.get("placement", {}).values()
                          if "bars" in place])
                for driver, kind in types.items()) if places}


def same_io_bytes(row, record):
    expected = BYTES.get(row["type"])
    if expected is not None and record.get("io-bytes", 0) != expected:
        yield "io-bytes %d, table %d" % (record.get("io-bytes", 0), expected)


def same_buses(row, record):
    if row["user_creatable"] == "yes" and row["class"] != "-" \
            and expand(record) != buses(row):
        yield "buses %s, table %s" % (expand(record), buses(row))


CHECKS = {"present": present, "express": same_express, "class": same_class,
          "hotplug": same_hotplug, "io": same_io, "io-bytes": same_io_bytes,
          "buses": same_buses}
BYTES = io_bytes()


def main():
    devices = load()
    with open(table + ".tsv", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    bad = 0
    for row in rows:
        driver = row["type"]
        record = devices.get(driver)
        if record is None:
            lines = ["missing"] if fact == "present" else []
        else:
            lines = list(CHECKS[fact](row, record))
        for line in lines:
            reason = EXCEPTIONS.get((version, fact, driver))
            print("# %s: %s%s" % (driver, line,
                                  " (known: %s)" % reason if reason else ""))
            bad += not reason
    if fact == "present":
        names = {row["type"] for row in rows}
        for driver, record in devices.items():
            if record["bus"] == "PCI" and driver not in names:
                print("# %s: not in the table" % driver)
                bad += 1
    print("# %d types compared" % len(rows))
    sys.exit(1 if bad or not rows else 0)


main()
PYTHON
}

# quick BINARY: the type lists of a QEMU and BARs against the catalogue.
quick() {
  output=$("$tool" --check "$catalogue" --quick --qemu "$1" 2>&1)
  status=$?
  [ -z "$output" ] || printf '%s\n' "$output" | sed 's/^/# /'
  return $status
}

failed=0
have_python=no
command -v python3 >/dev/null 2>&1 && have_python=yes

for version in $versions; do
  for fact in $facts; do
    if [ ! -f "$cross_check/pci-devices-$version.tsv" ]; then
      skip "no cross-check data"
    elif [ $have_python = no ]; then
      skip "no python3"
    else
      compare "$version" "$fact"
      result $? "PCI types of QEMU $version: $fact"
    fi
  done
done

for binary in "${binaries[@]}"; do
  if [ ! -x "$binary" ]; then
    skip "no $binary"
  elif [ $have_python = no ]; then
    skip "no python3"
  else
    quick "$binary"
    result $? "type lists and BARs of $binary"
  fi
done

exit $failed
