#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# qriser beside QEMU: until that has left for the background, or until its end.  Prints TAP.
#
# QRISER, BUILDDIR, QRISER_TEST_PROBE, QRISER_TEST_QEMU, QRISER_TEST_STRICT   as for the others

set -u

# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"
probe=${QRISER_TEST_PROBE:-$BUILDDIR/tests/probe}
old=$BUILDDIR/tests/old-kernel
headless=(-nodefaults -display none)
sigsys=159 # of a shell, 128 and the signal

# ends STATUS COMMAND...: it ends with STATUS; what it says is in out and err.
ends() {
  local expected=$1 got
  shift
  "$@" >"$work/out" 2>"$work/err" </dev/null
  got=$?
  [ "$got" -eq "$expected" ] || { echo "status $got, not $expected"; cat "$work/err"; return 1; }
}

export QRISER_TEST_PROBE_MODE=
supervised=("$QRISER" run --supervise --qemu="$probe" --seccomp=default -- "${headless[@]}")

# --- without a QEMU ----------------------------------------------------------------------

check "the exit status is the program's" ends 1 "$QRISER" run --supervise --qemu=/bin/false -- "${headless[@]}"
check "a program that is not there: 127" ends 127 "$QRISER" run --supervise --qemu="$work/none" -- "${headless[@]}"
: >"$work/text"
chmod +x "$work/text"
# LeakSanitizer starts a thread of its own at the end, which the filter refuses.
ASAN_OPTIONS=detect_leaks=0 check "no program: 126, said once" ends 126 "$QRISER" run --supervise --qemu="$work/text" -- "${headless[@]}"
check "and not more than once" same 1 "$(wc -l <"$work/err")"

check "a call that ends it: SIGSYS" ends "$sigsys" env QRISER_TEST_PROBE_MODE=x32 "$QRISER" run --supervise --qemu="$probe" -- "${headless[@]}"
check "the call is named" contains "$(cat "$work/err")" \
  'qriser: seccomp profile "default" ends QEMU for system call '
check "without --supervise it ends alike" ends "$sigsys" env QRISER_TEST_PROBE_MODE=x32 "$QRISER" run --qemu="$probe" -- "${headless[@]}"
check "what is refused is told" ends 0 "${supervised[@]}"
check "with the profile that allows it" contains "$(cat "$work/err")" \
  '"default" refuses system call io_uring_setup'
check "each call once" same "" "$(sed -n 's/.* system call \([a-z0-9_]*\) .*/\1/p' "$work/err" | sort | uniq -d)"
cp "$work/out" "$work/watched"
"$QRISER" run --qemu="$probe" --seccomp=default -- "${headless[@]}" >"$work/plain" 2>"$work/err"
check "each call has the same end as without" same "$(cat "$work/plain")" "$(cat "$work/watched")"
"$QRISER" run --supervise --qemu="$probe" --seccomp=default+kvm-wx -- "${headless[@]}" -enable-kvm >"$work/watched" 2>"$work/said"
check "what an overlay refuses is told" contains "$(cat "$work/said")" \
  '"default+kvm-wx" refuses system call mprotect '
check "and with which profile it would not be" grep -q 'mprotect.*; "default" allows it$' "$work/said"
"$QRISER" run --qemu="$probe" --seccomp=default+kvm-wx -- "${headless[@]}" -enable-kvm >"$work/plain" 2>"$work/err"
check "each call has the same end as without" same "$(cat "$work/plain")" "$(cat "$work/watched")"
check "--seccomp=audit: all go on" ends 0 "$QRISER" run --supervise --seccomp=audit --qemu="$probe" -- "${headless[@]}"
check "and those that default refuses are told" contains "$(cat "$work/err")" '"audit" would refuse system call '
check "--seccomp=off: there is nothing to supervise" ends 0 "$QRISER" run --supervise --seccomp=off --qemu=/bin/true -- "${headless[@]}"
check "which is said" contains "$(cat "$work/err")" "qriser: warning: there is nothing to supervise"
for lacks in notify listener; do
  check "a kernel that lets nobody decide, by $lacks: 69" ends 69 \
    "$old" $lacks -- "$QRISER" run --supervise --qemu=/bin/true -- "${headless[@]}"
  check "--daemonize there, by $lacks: 69" ends 69 \
    "$old" $lacks -- "$QRISER" run --qemu=/bin/true -- "${headless[@]}" -daemonize
done
check "by the profile that does without: 0" ends 0 \
  "$old" notify -- "$QRISER" run --seccomp=legacy-spawn --qemu=/bin/true -- "${headless[@]}" -daemonize
for lacks in notify listener; do
  check "--best-effort there, by $lacks: QEMU runs" ends 0 \
    "$old" $lacks -- "$QRISER" run --supervise --best-effort=on --seccomp=default --qemu="$probe" -- "${headless[@]}"
  check "which is said, by $lacks" contains "$(cat "$work/err")" "nobody decides what QEMU asks"
  check "under the filter, by $lacks" grep -qx "mount 1" "$work/out"
done
# QEMU is started as it is without: pid and parent are others, and the filters.
state=$BUILDDIR/tests/show-state
alike() { grep -vE '^(pid|PPid|Seccomp_filters|argument 0)' "$1"; }
"$QRISER" run --qemu="$state" -- "${headless[@]}" 9</dev/null >"$work/plain" 2>"$work/err" </dev/null
check "a descriptor of the user's is there" grep -q "9" "$work/plain"
"$QRISER" run --supervise --qemu="$state" -- "${headless[@]}" 9</dev/null >"$work/out" 2>"$work/err" </dev/null
check "supervised it is started as without" same "$(alike "$work/plain")" "$(alike "$work/out")"
"$old" unshare -- "$QRISER" run --supervise --qemu="$state" -- "${headless[@]}" 9</dev/null >"$work/out" 2>"$work/err" </dev/null
check "and where unshare(2) is refused" same "$(alike "$work/plain")" "$(alike "$work/out")"
check "SIGCHLD that is ignored: it ends" ends 1 timeout 20 sh -c 'trap "" CHLD; exec "$@"' sh \
  "$QRISER" run --supervise --qemu=/bin/false -- "${headless[@]}"
check "--supervise and the part daemonize: 65" ends 65 "$QRISER" run --supervise --seccomp=default+daemonize --qemu=/bin/true -- "${headless[@]}"
check "--supervise and -daemonize: 65" ends 65 "$QRISER" run --supervise --qemu=/bin/true -- "${headless[@]}" -daemonize
# A profile of one's own, which may refuse what leaving takes.
"$QRISER" profile show default >"$work/own.json"
"$QRISER" profile show default+daemonize | sed 's/"setsid",* *//' >"$work/sessionless.json"
"$QRISER" profile show default+daemonize >"$work/leaving.json"
ln -s "$QRISER" "$work/qemu-system-x86_64"
check "a profile of one's own that refuses a process: 69" ends 69 \
  "$QRISER" run --seccomp="$work/own.json" --qemu=/bin/true -- "${headless[@]}" -daemonize
check "which is said" contains "$(cat "$work/err")" \
  "own.json\" refuses a process of its own (clone(2) with SIGCHLD)"
check "in QEMU's place: 69" ends 69 \
  "$work/qemu-system-x86_64" -qriser "qemu=/bin/true,seccomp=$work/own.json" "${headless[@]}" -daemonize
check "with the option" contains "$(cat "$work/err")" 'option "-daemonize" (argument 6)'
check "one that refuses a session: 69" ends 69 \
  "$QRISER" run --seccomp="$work/sessionless.json" --qemu=/bin/true -- "${headless[@]}" -daemonize
check "which is said" contains "$(cat "$work/err")" "refuses a session of its own (setsid(2))"
check "one that allows both: 0" ends 0 \
  "$QRISER" run --seccomp="$work/leaving.json" --qemu=/bin/true -- "${headless[@]}" -daemonize
check "a line that runs no machine: 0" ends 0 \
  "$QRISER" run --seccomp="$work/own.json" --qemu=/bin/true -- -version -daemonize
: >"$work/status"
check "the status line stays empty" ends 0 "$QRISER" run --supervise --status-fd=5 --qemu=/bin/true -- "${headless[@]}" 5>"$work/status"
check "so it does" same "" "$(cat "$work/status")"
ASAN_OPTIONS=detect_leaks=0 check "a failure is in it once" ends 126 "$QRISER" run --supervise --status-fd=5 --qemu="$work/text" -- "${headless[@]}" 5>"$work/status"
check "so it is" same 1 "$(wc -l <"$work/status")"

# --- with each QEMU ------------------------------------------------------------------------

find_qemus
if [ "${#qemus[@]}" -eq 0 ]; then
  missing "QEMU" "no QEMU"
  finish
fi

# of_process PID KEY: a line of its status.
of_process() { sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"; }

# talk: standard input to the monitor at the pipes, of which descriptor 8 is the one that it writes,
# and what it answers, up to "bye".
talk() {
  { echo '{"execute":"qmp_capabilities"}'; cat; } | timeout 20 tee "$work/mon.in" >"$work/check"
  timeout 20 sed '/"bye"/q' <&8
}

gone() { ! kill -0 "$1" 2>/dev/null; }

for program in "${qemus[@]}"; do
  use_modules "$program"
  version=$("$program" --version | sed -n 's/.*version \([0-9.]*\).*/\1/p')
  pidfile=$work/pid
  rm -f "$pidfile" "$work/mon.in" "$work/mon.out"
  mkfifo "$work/mon.in" "$work/mon.out"
  exec 8<>"$work/mon.out"
  trap 'end_marked "$work/pid"; rm -rf "$work"' EXIT
  check "QEMU $version, -daemonize: 0" ends 0 timeout 60 "$QRISER" run --qemu="$program" --status-fd=5 -- "${headless[@]}" \
    -m 32 -daemonize -pidfile "$pidfile" -qmp "pipe:$work/mon" 5>"$work/status"
  check "QEMU $version: it is up by then" test -s "$pidfile"
  pid=$(cat "$pidfile")
  check "QEMU $version: the status line is closed empty" same "" "$(cat "$work/status")"
  check "QEMU $version: the profile is default" contains \
    "$("$QRISER" plan --qemu="$program" -- "${headless[@]}" -daemonize)" "seccomp default+daemonize"
  check "QEMU $version: it is filtered" same 2 "$(of_process "$pid" Seccomp)"
  check "QEMU $version: the filter, and who may leave" same 2 "$(of_process "$pid" Seccomp_filters)"
  check "QEMU $version: it has a session of its own" test "$(ps -o sid= -p "$pid")" != "$(ps -o sid= -p $$)"
  check "QEMU $version: nobody is beside it" same "" "$(pgrep -f "^$QRISER run.*$pidfile")"
  talk >"$work/said" <<END
{"execute":"migrate","arguments":{"uri":"exec:touch $work/touched"},"id":"program"}
{"execute":"quit","id":"bye"}
END
  check "QEMU $version: it starts nothing" contains "$(grep '"program"' "$work/said")" "ailed to fork"
  check "QEMU $version: not even that" test ! -e "$work/touched"
  check "QEMU $version: it ends" until_true gone "$pid"

  check "QEMU $version: -daemonize of what it refuses: its status" ends 1 timeout 60 "$QRISER" run --qemu="$program" -- \
    "${headless[@]}" -daemonize -chardev socket,id=c,path="$work/none/socket",server=on,wait=off
  check "QEMU $version: and its message" contains "$(cat "$work/err")" "qemu-system"
  check "QEMU $version: -daemonize as before under legacy-spawn: 0" ends 0 timeout 60 "$QRISER" run --seccomp=legacy-spawn \
    --qemu="$program" -- "${headless[@]}" -m 32 -daemonize -pidfile "$pidfile"
  end_marked "$pidfile"
  rm -f "$pidfile"

  { echo '{"execute":"qmp_capabilities"}'
    echo '{"execute":"migrate","arguments":{"uri":"exec:true"}}'
    echo '{"execute":"quit"}'; } | timeout 60 "$QRISER" run --supervise --qemu="$program" -- "${headless[@]}" -m 32 -qmp stdio \
    >"$work/out" 2>"$work/err"
  check "QEMU $version, --supervise: it ends as it did" same 0 $?
  check "QEMU $version: the process that it tried to make is named" contains "$(cat "$work/err")" \
    '"default" refuses system call clone'

  "$QRISER" run --supervise --qemu="$program" -- "${headless[@]}" -m 32 -qmp "pipe:$work/mon" 2>"$work/err" &
  beside=$!
  talk <<<'{"execute":"query-status","id":"bye"}' >"$work/said"
  check "QEMU $version: supervised, it starts" contains "$(cat "$work/said")" '"running"'
  kill -TERM "$beside"
  wait "$beside"
  check "QEMU $version: SIGTERM is handed on, and it ends in peace" same 0 $?
done
finish
