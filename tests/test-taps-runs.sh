#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Taps that are opened before QEMU is confined: by name, with a script, by a helper; that QEMU
# gets them and nothing else, and what is said where one cannot be had.  Prints TAP.  The taps
# are in a network of its own, which takes no rights but user namespaces and an open tap device.
#
# QRISER, BUILDDIR, QRISER_TEST_QEMU, QRISER_TEST_STRICT   as for the others

# shellcheck disable=SC2317 # conditions are called by check ()
set -u

if [ "${TAPS_INSIDE:-}" != 1 ] && TAPS_INSIDE=1 unshare -Urn true 2>/dev/null; then
  exec env TAPS_INSIDE=1 unshare -Urn bash "$0"
fi

# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

if [ "${TAPS_INSIDE:-}" != 1 ]; then
  skip "all" "no user namespaces"
  finish
fi
helper=$BUILDDIR/tests/tap-helper
if ! (exec 3<>/dev/net/tun) 2>/dev/null; then
  skip "all" "/dev/net/tun cannot be opened"
  finish
fi
find_qemus
if [ "${#qemus[@]}" -eq 0 ]; then
  missing "all" "no QEMU"
  finish
fi

cp "$helper" "$work/up"
echo 0 >"$work/up.status"

# interfaces: the taps of this network.
interfaces() { sed -n 's/^ *\([^ ]*\):.*/\1/p' /proc/net/dev | grep -vx lo | sort | tr '\n' ' '; }

# begin PROGRAM WORDS...: QEMU, which has the number $pid and talks by the descriptors 7 and 8;
# 9 is for it to inherit.
begin() {
  local program=$1
  shift
  use_modules "$program"
  rm -f "$work/in" "$work/out"
  mkfifo "$work/in" "$work/out"
  "$QRISER" run --qemu="$program" -- -nodefaults -display none -S -qmp stdio "$@" \
    9</dev/zero <"$work/in" >"$work/out" 2>"$work/err" &
  pid=$!
  exec 7>"$work/in" 8<"$work/out"
}

# answers: QEMU has begun.
answers() {
  local line
  printf '{"execute":"qmp_capabilities"}\n' >&7
  while IFS= read -r -t 30 -u 8 line; do
    case $line in *'"return"'*) return 0 ;; esac
  done
  cat "$work/err"
  return 1
}

# end: QEMU ends with 0.
end() {
  local status
  printf '{"execute":"quit"}\n' >&7
  cat <&8 >"$work/rest"
  wait "$pid"
  status=$?
  exec 7>&- 8<&-
  [ "$status" -eq 0 ] || { echo "status $status"; cat "$work/err"; return 1; }
}

# held PATTERN: numbers in QEMU of what has a name with the pattern.
held() {
  local fd
  for fd in /proc/"$pid"/fd/*; do
    # shellcheck disable=SC2254 # a pattern it is
    case $(readlink "$fd") in $1) echo "${fd##*/}" ;; esac
  done | sort -n | tr '\n' ' '
}

# confined: by a filter, without new privileges.
confined() {
  same "$(grep -E '^(NoNewPrivs|Seccomp):' "/proc/$pid/status" | tr -d '\n')" "$(printf 'NoNewPrivs:\t1Seccomp:\t2')"
}

# runs NAME TAPS NUMBERS WORDS...: QEMU begins with the words, these are the taps then, and these
# numbers of them are open in it, and what it was to inherit, but no socket.
runs() {
  local name=$1 taps=$2 numbers=$3
  shift 3
  rm -f "$work/up.seen"
  begin "$qemu" "$@"
  check "$name: QEMU begins" answers
  check "$name: the filter is there" confined
  check "$name: the taps" same "$(interfaces)" "$taps"
  check "$name: the descriptors" same "$(held '/dev/net/tun')" "$numbers"
  check "$name: what was inherited" same "$(held '/dev/zero')" "9 "
  check "$name: nothing of the helper" same "$(held 'socket:*')" ""
  check "$name: QEMU ends" end
}

# fails NAME PATTERN WORDS...: status 69, the message has the pattern, no tap is left.
fails() {
  local name=$1 pattern=$2 status
  shift 2
  "$QRISER" run --qemu="$qemu" -- -nodefaults -display none -S "$@" </dev/null >"$work/err" 2>&1
  status=$?
  check "$name: the status" same "$status" 69
  check "$name: the message" contains "$(cat "$work/err")" "$pattern"
  check "$name: no tap is left" same "$(interfaces)" ""
}

card=virtio-net-pci,netdev=n
for qemu in "${qemus[@]}"; do
  label=$("$qemu" --version | sed -n '1s/.*version \([0-9]*\.[0-9]*\).*/\1/p')
  runs "$label, by name" "t0 " "256 " -netdev tap,id=n,ifname=t0,script=no,downscript=no -device $card
  runs "$label, by no name" "tap0 " "256 " -nic tap,script=no,downscript=no,model=virtio-net-pci
  runs "$label, a plain one" "t0 " "256 " \
    -netdev tap,id=n,ifname=t0,script=no,downscript=no,vnet_hdr=off -device $card
  runs "$label, script" "t1 " "256 " -netdev tap,id=n,ifname=t1,script="$work/up",downscript=no -device $card
  check "$label, script: its argument" same "$(cat "$work/up.seen")" t1
  runs "$label, queues" "t2 " "256 257 258 " \
    -netdev "{\"type\":\"tap\",\"id\":\"n\",\"ifname\":\"t2\",\"queues\":3,\"script\":\"$work/up\",\"downscript\":\"no\"}" \
    -device $card,mq=on,vectors=8
  check "$label, queues: one script" same "$(cat "$work/up.seen")" t2
  runs "$label, bridge" "b0 " "256 " -netdev bridge,id=n,br=b0,helper="$helper" -device $card
  runs "$label, helper" "b1 " "256 " -netdev tap,id=n,br=b1,helper="$helper",sndbuf=0 -device $card
  runs "$label, two" "b0 t0 " "256 258 " -nic bridge,br=b0,helper="$helper",model=virtio-net-pci \
    -name fd257 -netdev tap,id=n,ifname=t0,script=no,downscript=no -device $card
  runs "$label, a machine that is not planned" "b0 " "256 " -M microvm \
    -netdev bridge,id=n,br=b0,helper="$helper" -device virtio-net-device,netdev=n
done

qemu=${qemus[0]}
echo 5 >"$work/up.status"
fails "script" "script \"$work/up\" does not set \"t0\" up: it ended with status 5" \
  -netdev tap,id=n,ifname=t0,script="$work/up",downscript=no
fails "no script" "script \"$work/none\" does not set \"t0\" up: No such file or directory" \
  -netdev tap,id=n,ifname=t0,script="$work/none",downscript=no
echo 'exit 0' >"$work/text"
chmod +x "$work/text"
fails "no shell for a script" "\"t0\" up: Exec format error" \
  -netdev tap,id=n,ifname=t0,script="$work/text",downscript=no
fails "helper" "gives no tap on bridge \"fail\": it ended with status 3" -netdev bridge,id=n,br=fail,helper="$helper"
fails "helper without a tap" "it sent none" -netdev bridge,id=n,br=silent,helper="$helper"
fails "helper that fails late" "it ended with status 4" -netdev bridge,id=n,br=late,helper="$helper"
fails "helper that is ended" "signal 9 ended it" -netdev bridge,id=n,br=killed,helper="$helper"
fails "the second" "cannot open tap \"t0\": Device or resource busy" \
  -netdev tap,id=m,ifname=t0,script=no,downscript=no -netdev tap,id=n,ifname=t0,script=no,downscript=no
# A user of no rights in this network.
if setpriv --bounding-set=-all --inh-caps=-all true 2>/dev/null; then
  setpriv --bounding-set=-all --inh-caps=-all "$QRISER" run --qemu="$qemu" -- -nodefaults -display none \
    -netdev tap,id=n,script=no,downscript=no </dev/null >"$work/err" 2>&1
  check "no rights" same "$? $(sed -n 1p "$work/err")" \
    "69 qriser: error: cannot open a tap: Operation not permitted"
else
  skip "no rights" "setpriv cannot take them"
fi
fails "no tap" "cannot open tap \"lo\": " -netdev tap,id=n,ifname=lo,script=no,downscript=no

# Signals that are ignored here are not in a helper, and one that is waited for is heard of.
(trap '' HUP CHLD PIPE
 "$QRISER" run --qemu=/bin/true -- -netdev bridge,id=n,br=b0,helper="$helper") >"$work/err" 2>&1
check "ignored signals" same "$? $(cat "$work/err")" "0 "

# What only shows opens and runs nothing.
for command in plan check "explain virtio-net-pci:n"; do
  rm -f "$work/up.seen"
  # shellcheck disable=SC2086 # a command with its operand
  "$QRISER" $command -- -nodefaults -netdev tap,id=n,script="$work/up",downscript=no \
    -netdev bridge,id=m,br=fail,helper="$helper" -device $card >"$work/err" 2>&1
  check "$command: runs nothing" same "$? $(ls "$work/up.seen" 2>/dev/null)" "0 "
done

finish
