#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The rules that hold launcher/ together: who may include whom (layering.txt),
# no exit(), no state at file scope, no name of a QEMU device in C.  Each check
# must also fail on a copy with a planted fault.  Prints TAP.
#
# SRCDIR, BUILDDIR   source and build tree; default: the parent of this directory
# NM                 any nm; its objdump is looked for next to it

set -u

here=$(cd "$(dirname "$0")" && pwd)
SRCDIR=${SRCDIR:-$here/..}
BUILDDIR=${BUILDDIR:-$SRCDIR}
NM=${NM:-nm}
floors=$SRCDIR/tests/layering.txt
scratch=$(mktemp -d "${TMPDIR:-/tmp}/qriser-layering-XXXXXX")
trap 'rm -rf "$scratch"' EXIT

echo 1..14
number=0
failed=0

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

# includes DIRECTORY: every include that layering.txt forbids, every file that it
# does not know, and every name in it without a file.  The built tables are no source.
includes() {
  for file in "$1"/*.[ch]; do
    case $file in *-builtin.c) continue ;; esac
    echo "FILE ${file##*/}"
    sed -n 's/^# *include *"\([^"]*\)".*/INCLUDE \1/p' "$file"
  done | awk -v floors="$2" '
    function module(name) { sub(/\.[ch]$/, "", name); return name }
    BEGIN {
      while ((getline line < floors) > 0) {
        if (line ~ /^#/ || line ~ /^ *$/)
          continue
        height++
        n = split(line, names, " ")
        for (i = 1; i <= n; i++) {
          if (module(names[i]) in floor)
            print "layering.txt names " names[i] " twice"
          floor[module(names[i])] = height
          listed[names[i]] = 1
        }
      }
    }
    $1 == "FILE" {
      file = $2
      seen[file] = 1
      if (!(module(file) in floor))
        print file " is on no floor of layering.txt"
    }
    $1 == "INCLUDE" && $2 != "config.h" && module($2) != module(file) && module(file) in floor {
      if (!(module($2) in floor))
        print file " includes " $2 ", which is on no floor"
      else if (floor[module($2)] >= floor[module(file)])
        print file " (floor " floor[module(file)] ") includes " $2 " (floor " floor[module($2)] ")"
    }
    END {
      for (name in listed)
        if (!(name in seen))
          print "layering.txt names " name ", which does not exist"
    }'
}

# exits DIRECTORY: calls that end the process.  An error goes up to main().
exits() {
  grep -nE '(^|[^_[:alnum:]])(_?exit|_Exit|abort|quick_exit|errx?|err) *\(' "$1"/*.c /dev/null
}

# names DIRECTORY: quoted names of devices and machines of the profiles.
names() {
  # Bus types that devices are named after stay out of the list: "PCI" and the like.
  {
    cat "$SRCDIR"/profiles/devices/*.json | tr '\n' ' ' | grep -oE '"(driver|aliases)" *: *("[^"]+"|\[[^]]*\])'
    cat "$SRCDIR"/profiles/machines/*.json | tr '\n' ' ' | grep -oE '"(driver|machine)" *: *"[^"]+"'
  } |
    sed 's/^"[a-z]*" *: *//' | grep -oE '"[^"]+"' |
    grep -vxF -e '"PCI"' -e '"PCIE"' -e '"System"' | sort -u >"$scratch/names"
  [ -s "$scratch/names" ] || echo "no names found in the profiles"
  for file in "$1"/*.[ch]; do
    case $file in *-builtin.c) ;; *) grep -nHF -f "$scratch/names" "$file" ;; esac
  done
}

# variables LIBRARY...: data that can be written once the program runs.  Tables with
# pointers lie in .data.rel.ro, which the loader closes; those are constants.
# GLib's macro for errors with private data keeps two statics in the object of
# diag.c, set once under a lock:
#   initialized (gsize): whether the domain was registered
#   q (GQuark): the domain
variables() {
  "$objdump" -t "$@" | awk '
    /file format/ { object = $1; sub(/:$/, "", object) }
    / (\.data|\.bss|\.tdata|\.tbss)[^ \t]*\t/ || /\*COM\*/ {
      if ($0 ~ /\.data\.rel\.ro/ || $0 ~ / d +\./)
        next
      name = $NF
      if (object == "diag.o" && name ~ /^(qr_error_quark\.)?(initialized|q)(\.[0-9]+)?$/)
        next
      print object ": " name
    }'
}

# quiet COMMAND...: runs it; its output means failure.
quiet() {
  output=$("$@")
  [ -z "$output" ] && return 0
  printf '%s\n' "$output" | sed 's/^/# /'
  return 1
}

# caught COMMAND...: the opposite: a fault was planted.
caught() {
  [ -n "$("$@")" ]
}

# copy: a fresh copy of the sources in $scratch/launcher.
copy() {
  rm -rf "$scratch/launcher"
  mkdir "$scratch/launcher"
  cp "$SRCDIR"/launcher/*.[ch] "$scratch/launcher"
}

quiet includes "$SRCDIR/launcher" "$floors"
result $? "files include only lower floors"

copy
echo '#include "plan.h"' >>"$scratch/launcher/pool.c"
caught includes "$scratch/launcher" "$floors"
result $? "an include upwards is found"
copy
echo '#include "pool.h"' >>"$scratch/launcher/nearest.h"
caught includes "$scratch/launcher" "$floors"
result $? "an include sideways is found"
copy
echo 'int x;' >"$scratch/launcher/stray.c"
caught includes "$scratch/launcher" "$floors"
result $? "a file on no floor is found"
copy
rm "$scratch/launcher/pool.h"
caught includes "$scratch/launcher" "$floors"
result $? "a floor's name without a file is found"
copy
{ cat "$floors"; echo pool.h; } >"$scratch/floors"
caught includes "$scratch/launcher" "$scratch/floors"
result $? "a name on two floors is found"

quiet exits "$SRCDIR/launcher"
result $? "nothing ends the process but main()"
copy
echo 'void f (void) { exit (1); }' >>"$scratch/launcher/pool.c"
caught exits "$scratch/launcher"
result $? "a call of exit is found"

quiet names "$SRCDIR/launcher"
result $? "no name of a QEMU device or machine in C"
copy
echo 'const char *x = "virtio-net-pci";' >>"$scratch/launcher/pool.c"
caught names "$scratch/launcher"
result $? "a driver's name is found"
copy
echo 'const char *x = "pc-q35-7.2";' >>"$scratch/launcher/pool.c"
caught names "$scratch/launcher"
result $? "a machine's name is found"

objdump=${NM%nm}objdump
libraries=("$BUILDDIR/liblauncher.a" "$BUILDDIR/libprofile.a")
if ! command -v "$objdump" >/dev/null 2>&1; then
  reason="no $objdump"
elif ! ls "${libraries[@]}" >/dev/null 2>&1; then
  reason="no libraries in $BUILDDIR"
elif "$NM" "${libraries[@]}" 2>/dev/null | grep -qE '__(asan|ubsan|msan|tsan|sanitizer|gcov|llvm_prf|llvm_gcov|sancov)'; then
  reason="a build with sanitizers or coverage has variables of its own"
else
  reason=
fi
if [ -n "$reason" ]; then
  skip "$reason"
else
  quiet variables "${libraries[@]}"
  result $? "no variables at file scope"
fi

CC=${CC:-cc}
cat >"$scratch/planted.c" <<'C'
static int counter;
int common;
static const char *const names[] = { "a", "b" };
int next (void) { static long calls = 7; calls++; return common + ++counter + (names[calls & 1] != 0); }
C
if ! command -v "$objdump" >/dev/null 2>&1; then
  skip "no $objdump"
  skip "no $objdump"
elif ! ${CC} -fPIE -c -o "$scratch/planted.o" "$scratch/planted.c" 2>/dev/null; then
  skip "no C compiler"
  skip "no C compiler"
else
  [ "$(variables "$scratch/planted.o" | wc -l)" -eq 3 ]
  result $? "variables are found, all three kinds"
  ! variables "$scratch/planted.o" | grep -q names
  result $? "a constant table is none"
fi

exit $failed
