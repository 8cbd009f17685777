#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The table of QEMU's options against an independent table, and against the
# QEMU binaries at hand: what their -help names, and which of two words after
# an option their parser takes for its argument.  Each option stands in a line
# that test-parity tries, or in live/untried-options with a reason.  Prints TAP.
#
# SRCDIR                source tree; default: the parent of this directory
# QRISER_TEST_QEMU      more QEMU binaries, separated by colons
# QRISER_TEST_STRICT=1  what is missing is a failure, not a skip

set -u

here=$(cd "$(dirname "$0")" && pwd)
SRCDIR=${SRCDIR:-$here/..}
options=$SRCDIR/profiles/qemu/options.json
table=$SRCDIR/../shared/data/qemu-options.tsv

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

table_facts="names arity versions"
binary_facts="help arity absent"
echo "1..$((4 + 3 * ${#binaries[@]}))"
number=0
failed=0

# result STATUS DESCRIPTION: one TAP line; status 77 with nothing to compare.
result() {
  number=$((number + 1))
  case $1 in
    0) echo "ok $number - $2" ;;
    77) echo "ok $number # SKIP $2: no facts of that version" ;;
    *)
      echo "not ok $number - $2"
      failed=1
      ;;
  esac
}

# skip REASON
skip() {
  number=$((number + 1))
  echo "ok $number # SKIP $1"
}

# missing REASON: a skip, or with QRISER_TEST_STRICT=1 a failure.
missing() {
  if [ "${QRISER_TEST_STRICT:-0}" = 1 ]; then
    result 1 "$1"
  else
    skip "$1"
  fi
}

# compare FACT table FILE | compare FACT binary FILE
compare() {
  python3 - "$options" "$@" <<'PYTHON'
import csv
import json
import re
import subprocess
import sys

VERSIONS = ("7.2", "10.0")


def load(path):
    """Option name to (takes an argument, versions that have it)."""
    with open(path, encoding="utf-8") as stream:
        records = json.load(stream)["options"]
    return {record["option"]: (record["grammar"] != "flag",
                               tuple(record.get("qemu", VERSIONS)))
            for record in records}


def load_table(path):
    """The same from the independent table."""
    with open(path, encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    return {row["option"][1:]: (row["has_arg"] == "yes",
                                tuple(version for version in VERSIONS
                                      if row["in_" + version] == "yes"))
            for row in rows}


def against_table(fact, ours, theirs):
    for name in sorted(set(ours) | set(theirs)):
        if name not in ours or name not in theirs:
            if fact == "names":
                yield "-%s: only in %s" % (
                    name, "options.json" if name in ours else "the table")
        elif fact == "arity" and ours[name][0] != theirs[name][0]:
            yield "-%s: the table says argument: %s" % (name, theirs[name][0])
        elif fact == "versions" and ours[name][1] != theirs[name][1]:
            yield "-%s: %s, the table has %s" % (name, ours[name][1],
                                                 theirs[name][1])


def run(binary, *words):
    done = subprocess.run([binary, *words], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False, timeout=60)
    return done.stdout.decode("utf-8", "replace")


def help_names(binary):
    """Options that begin a line of -help, alone or as "-a or -b", "-a/-b"."""
    for line in run(binary, "-help").splitlines():
        for word in re.findall(r"^-[^\s,=]+(?: or -\S+)*", line):
            yield from re.findall(r"-+([A-Za-z0-9][A-Za-z0-9_-]*)",
                                  word.replace("/", " "))


def refused(binary, name):
    """The word that the binary calls an invalid option in a test line."""
    output = run(binary, "-" + name, "-zzz", "-zzz2")
    match = re.search(r"(\S+): invalid option", output)
    return match.group(1) if match else output.strip()[:80] or "nothing"


def against_binary(fact, ours, binary, version):
    if fact == "help":
        named = set(help_names(binary))
        if len(named) < 50:
            yield "-help names only %d options" % len(named)
        for name in sorted(named):
            if version not in ours.get(name, (None, ()))[1]:
                yield "-help names -%s" % name
        return
    for name, (takes, versions) in sorted(ours.items()):
        if fact == "arity" and version in versions:
            word = refused(binary, name)
            if word != ("-zzz2" if takes else "-zzz"):
                yield "-%s: argument: %s here, refused is %s" % (name, takes,
                                                                 word)
        if fact == "absent" and version not in versions:
            word = refused(binary, name)
            if word != "-" + name:
                yield "-%s: known to this binary (%s)" % (name, word)


def main():
    path, fact, kind, other = sys.argv[1:]
    ours = load(path)
    if kind == "table":
        lines = list(against_table(fact, ours, load_table(other)))
    else:
        match = re.search(r"version (\d+\.\d+)", run(other, "--version"))
        version = match.group(1) if match else "none"
        if version not in VERSIONS:
            print("# %s is version %s" % (other, version))
            sys.exit(77)
        lines = list(against_binary(fact, ours, other, version))
    for line in lines:
        print("# " + line)
    print("# %d options in options.json" % len(ours))
    sys.exit(1 if lines or not ours else 0)


main()
PYTHON
}

# untried: the options that are in both places or in none.
untried() {
  local live=$SRCDIR/tests/live name lines reason bad=0 words

  words=$(grep -v '^#' "$live/drop-in.lines" | tr -s ' ' '\n' | sed -n 's/^--\{0,1\}\([a-zA-Z].*\)/\1/p' | sort -u)
  while read -r name; do
    lines=$(grep -cx -e "$name" <<<"$words")
    reason=$(grep -c "^$name  *[^ ]" "$live/untried-options")
    if [ $((lines + reason)) -ne 1 ]; then
      echo "# -$name: in $lines lines, $reason reasons"
      bad=1
    fi
  done < <(sed -n 's/^ *{ "option": "\([^"]*\)".*/\1/p' "$options")
  return $bad
}

untried
result $? "each option is tried, or there is a reason why not"

have_python=no
command -v python3 >/dev/null 2>&1 && have_python=yes

for fact in $table_facts; do
  if [ ! -f "$table" ]; then
    skip "no cross-check data"
  elif [ $have_python = no ]; then
    missing "no python3"
  else
    compare "$fact" table "$table"
    result $? "options of the independent table: $fact"
  fi
done

for binary in "${binaries[@]}"; do
  for fact in $binary_facts; do
    if [ ! -x "$binary" ]; then
      missing "no $binary"
    elif [ $have_python = no ]; then
      missing "no python3"
    else
      compare "$fact" binary "$binary"
      result $? "options of $binary: $fact"
    fi
  done
done

exit $failed
