#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What a user sees of a real QEMU under each seccomp profile: windows, VNC and
# SPICE servers, sound, scripts and commands that QEMU starts.  Prints TAP.
#
# What a window or a sound system does under a profile is compared with what it
# does unconfined on this machine; what does not work unconfined is skipped.
#
# QRISER             the program
# BUILDDIR           where it is otherwise
# QRISER_TEST_QEMU   more QEMU binaries, separated by colons
# QRISER_TEST_STRICT=1   no QEMU or no python3 is a failure, not a skip

set -u

# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

# All that is tried here is one thing.
if [ "${QRISER_TEST_SHARE:-1}" -gt 50 ]; then
  echo "1..0 # SKIP one line of $QRISER_TEST_SHARE is tried on QEMU"
  exit 0
fi

deadline=30 # seconds, for everything that is waited for
running=() # processes of ours

end_all() {
  local pid
  for pid in ${running[@]+"${running[@]}"}; do
    kill -KILL "$pid" 2>/dev/null
  done
  rm -rf "$work"
}
trap end_all EXIT

# check DESCRIPTION COMMAND...: the command ends with 0, and no QEMU is left.
check() {
  local description=$1 got
  shift
  "$@" >"$work/check" 2>&1
  got=$?
  stop >>"$work/check" 2>&1
  result $got "$description"
}

# alive PID: it runs; a zombie does not.
alive() {
  local line
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
  line=${line##*) }
  [ "${line%% *}" != Z ]
}

ended() { ! alive "$1"; }

# wait_for COMMAND...: until it ends with 0, for as long as there is a QEMU and time.
wait_for() {
  local end=$((SECONDS + deadline))
  while ! "$@" >"$work/wait" 2>&1; do
    if [ $SECONDS -ge $end ] || { [ -n "$vm" ] && ! alive "$vm"; }; then
      "$@" && return 0
      echo "in vain waited for: $*"
      cat "$work/err"
      return 1
    fi
    sleep 0.1
  done
}

# --- QEMU ------------------------------------------------------------------------

# talk.py: the other end of a socket, with the same deadline.
cat >"$work/talk.py" <<'PYTHON'
import json
import os
import socket
import struct
import sys
import time

DEADLINE = time.monotonic() + 30
GUEST, MAC = socket.inet_aton("10.0.2.15"), b"\x52\x54\x00\x12\x34\x56"


def alive(pid):
    try:
        with open("/proc/%s/stat" % pid) as stat:
            return stat.read().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def again(what, pid):
    """Until it works, QEMU ends or the time is over."""
    while True:
        running = alive(pid)
        try:
            return what()
        except OSError as fault:
            if not running or time.monotonic() > DEADLINE:
                sys.exit("no answer: %s" % fault)
            time.sleep(0.05)


def connect(path, pid):
    stream = socket.socket(socket.AF_UNIX)
    stream.settimeout(30)
    again(lambda: stream.connect(path), pid)
    return stream


def qmp(pid, path, *commands):
    """Prints the answer to the last of the commands."""
    stream = connect(path, pid).makefile("rw")
    json.loads(stream.readline())
    answer = {}
    for command in ('{"execute": "qmp_capabilities"}',) + commands:
        stream.write(command + "\n")
        stream.flush()
        answer = json.loads(stream.readline())
        while "event" in answer:
            answer = json.loads(stream.readline())
    print(json.dumps(answer))


def read(pid, path, length):
    """Prints what a server says at once."""
    stream, data = connect(path, pid), b""
    while len(data) < int(length):
        part = stream.recv(int(length) - len(data))
        if not part:
            break
        data += part
    print(data)


def spice(pid, path):
    """Asks for the main channel and prints the first word and the error of the answer."""
    stream = connect(path, pid)
    message = struct.pack("<IBBIII", 0, 1, 0, 0, 0, 18)
    stream.sendall(b"REDQ" + struct.pack("<III", 2, 2, len(message)) + message)
    answer = b""
    while len(answer) < 20:
        part = stream.recv(20 - len(answer))
        if not part:
            sys.exit("closed after %r" % answer)
        answer += part
    print(answer[:4].decode("latin1"), struct.unpack("<I", answer[16:])[0])


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return struct.pack("!H", ~total & 0xffff)


def segment(address, port, numbers, flags, data=b""):
    tcp = struct.pack("!HHIIBBHHH", 40000, port, *numbers, 0x50, flags, 8192, 0, 0) + data
    tcp = tcp[:16] + checksum(GUEST + address + struct.pack("!HH", 6, len(tcp)) + tcp) + tcp[18:]
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0) + GUEST + address
    return b"\xff" * 6 + MAC + b"\x08\x00" + ip[:10] + checksum(ip) + ip[12:] + tcp


def guest(pid, ours, theirs, address, port, text):
    """As a guest would, sends a text by TCP and prints what comes back first."""
    address, port = socket.inet_aton(address), int(port)
    data = text.encode().decode("unicode_escape").encode("latin1")
    wire = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    wire.bind(ours)
    wire.settimeout(30)
    arp = struct.pack("!HHBBH", 1, 0x800, 6, 4, 1) + MAC + GUEST + b"\0" * 6
    again(lambda: wire.sendto(b"\xff" * 6 + MAC + b"\x08\x06" + arp
                              + socket.inet_aton("10.0.2.2"), theirs), pid)
    wire.sendto(segment(address, port, (1, 0), 2), theirs)
    while time.monotonic() < DEADLINE:
        frame = wire.recv(65536)
        if frame[12:14] != b"\x08\x00" or frame[23] != 6:
            continue
        tcp = frame[34:]
        header, flags = (tcp[12] >> 4) * 4, tcp[13]
        length = struct.unpack("!H", frame[16:18])[0] - 20 - header
        following = struct.unpack("!I", tcp[4:8])[0] + 1
        if flags & 4:
            sys.exit("the connection was reset")
        if flags & 2:
            wire.sendto(segment(address, port, (2, following), 0x10), theirs)
            wire.sendto(segment(address, port, (2, following), 0x18, data), theirs)
        elif length > 0:
            print(tcp[header:header + length])
            return
    sys.exit("no answer")


{"qmp": qmp, "read": read, "spice": spice, "guest": guest}[sys.argv[1]](*sys.argv[2:])
PYTHON

vm=  # the QEMU that runs, or nothing
qemu=
profile=

# talk WHAT WORDS...: talk.py with the QEMU that runs.
talk() { python3 "$work/talk.py" "$1" "$vm" "${@:2}"; }
execute() { talk qmp "$work/qmp" "$@"; }

# line WORDS...: the words of a small machine and those given.
stopped=(-S) # its guest does not run
line() {
  words=("$QRISER" run "--qemu=$qemu" "--seccomp=$profile" --policy=qemu@1 --
    -nodefaults -machine q35 -m 64 ${stopped[@]+"${stopped[@]}"} -name "$name" -qmp "unix:$work/qmp,server=on,wait=off" "$@")
}

# start WORDS...: a QEMU in the background. "before" is a command to start it by.
before=()
start() {
  line "$@"
  rm -f "$work/qmp"
  ${before[@]+"${before[@]}"} "${words[@]}" </dev/null >"$work/out" 2>"$work/err" &
  vm=$!
  running+=("$vm")
}

# stop: ends the QEMU that runs, if one does.
stop() {
  local pid=$vm
  [ -n "$pid" ] || return 0
  if alive "$pid"; then
    execute '{"execute": "quit"}' >/dev/null 2>&1 || kill -KILL "$pid"
  fi
  vm=
  wait_for ended "$pid" || kill -KILL "$pid"
  wait "$pid" 2>/dev/null
  return 0
}

# starts WORDS...: QEMU comes as far as to answer.
starts() {
  start "$@"
  execute '{"execute": "query-status"}' >"$work/status" || { cat "$work/err"; return 1; }
  contains "$(cat "$work/status")" '"return"'
}

# outcome WORDS...: "runs" or the exit status, and what was said, without what changes.
outcome() {
  local said=runs
  start "$@"
  if ! execute '{"execute": "query-status"}' >/dev/null 2>&1; then
    said="does not answer"
    if wait_for ended "$vm" >/dev/null; then
      wait "$vm"
      said="ends with $?"
    fi
  fi
  stop
  echo "$said"
  sed -E 's/0x[0-9a-f]+|[0-9]{4,}[.0-9]*/N/g' "$work/err"
}

# like_unconfined WORDS...: the same outcome with a filter and without.
like_unconfined() {
  local confined
  confined=$(outcome "$@")
  same "$(profile=off outcome "$@")" "$confined"
}

# under NAME COMMAND...: the command with another profile.
under() {
  local profile=$1
  "${@:2}"
}

# reason: why the QEMU that ran unconfined did not do it.
reason() {
  local said
  said=$(grep -v '^ *$' "$work/err" | tail -n 1 | tr -d '#')
  echo "unconfined: ${said:-QEMU does not do it}"
}

# --- a display of our own ------------------------------------------------------------

mkdir -m 700 "$work/home" "$work/run"
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS XAUTHORITY PULSE_SERVER SESSION_MANAGER DISPLAY
export HOME=$work/home XDG_RUNTIME_DIR=$work/run

no_display=
start_display() {
  local tool
  for tool in Xvfb xwininfo; do
    command -v $tool >/dev/null || { no_display="no $tool"; return; }
  done
  : >"$work/err"
  # A server that starts anew after its last client refuses the next one meanwhile.
  Xvfb -noreset -displayfd 6 -screen 0 800x600x24 -nolisten tcp 6>"$work/display" >/dev/null 2>&1 &
  running+=("$!")
  vm=$!
  disown
  wait_for test -s "$work/display" >/dev/null || no_display="Xvfb does not start"
  vm=
  DISPLAY=:$(cat "$work/display")
  export DISPLAY
}

# window: one with the machine's name can be seen; SDL adds a number to the name.
window() {
  local id
  id=$(xwininfo -root -tree | sed -n "s/^ *\(0x[0-9a-f]*\) \"QEMU ($name.*/\1/p" | head -n 1)
  [ -n "$id" ] && xwininfo -id "$id" | grep -q "Map State: IsViewable"
}

# shows WORDS...: QEMU opens its window and goes on.
shows() {
  start "$@"
  wait_for window && contains "$(execute '{"execute": "query-status"}')" '"return"'
}

shared() { grep -q /SYSV "/proc/$vm/maps"; }

# shares WORDS...: the window's picture goes to the X server in shared memory. The guest
# runs, so that there is always something to draw.
shares() {
  local stopped=()
  shows "$@" && wait_for shared
}

# check_window DESCRIPTION COMMAND WORDS...: the command, if it ends with 0 unconfined.
check_window() {
  local description="$release: $1 under desktop"
  shift
  if [ -n "$no_display" ]; then
    skip "$description" "$no_display"
  elif ! under off "$@" >/dev/null 2>&1; then
    stop
    skip "$description" "$(reason)"
  else
    stop
    under desktop check "$description" "$@"
  fi
}

# --- what each QEMU is asked -----------------------------------------------------------

test_displays() {
  check_window "a GTK window in shared memory" shares -display gtk -device VGA
  check_window "a GTK window with OpenGL" shows -display gtk,gl=on -device virtio-vga-gl
  check_window "an SDL window in shared memory" shares -display sdl -device VGA
  check_window "an SDL window with OpenGL" shows -display sdl,gl=on -device virtio-vga-gl
  under desktop check "$release: egl-headless under desktop as unconfined" \
    like_unconfined -display egl-headless -device virtio-vga-gl
  under desktop check "$release: a USB device of the host under desktop as unconfined" \
    like_unconfined -display none -device qemu-xhci -device usb-host,vendorid=0x1234,productid=0x1
  local driver
  for driver in pa pipewire alsa sdl; do
    under desktop check "$release: sound by $driver under desktop as unconfined" \
      like_unconfined -display none -audiodev "$driver,id=sound" -device AC97,audiodev=sound
  done
}

greets() {
  start -vnc "unix:$work/vnc" -device VGA
  same "b'RFB 003.008\\n'" "$(talk read "$work/vnc" 12)"
}

links() {
  start -spice "unix=on,addr=$work/spice,disable-ticketing=on" -device qxl-vga
  same "REDQ 0" "$(talk spice "$work/spice")"
}

test_servers() {
  local under
  for under in default desktop; do
    under $under check "$release: a VNC server greets under $under" greets
    rm -f "$work/vnc"
    if under off links >/dev/null 2>&1; then
      stop
      rm -f "$work/spice"
      under $under check "$release: a SPICE server answers under $under" links
    else
      stop
      skip "$release: a SPICE server answers under $under" "$(reason)"
    fi
    rm -f "$work/spice"
  done
}

# The process that daemonizes ends; its child is the VM.
daemonizes() {
  local status
  rm -f "$work/qmp"
  line -display none -daemonize -pidfile "$work/pid"
  "${words[@]}" </dev/null >"$work/out" 2>"$work/err"
  status=$?
  cat "$work/err"
  same 0 "$status" || return 1
  vm=$(cat "$work/pid") || return 1
  running+=("$vm")
  alive "$vm" || { echo "process $vm is not there"; return 1; }
  contains "$(cat "/proc/$vm/status")" "Seccomp:	2" || return 1
  contains "$(execute '{"execute": "query-status"}')" '"return"' || return 1
  execute '{"execute": "quit"}' >/dev/null
  wait_for ended "$vm" || { alive "$vm" && return 1; }
  vm=
}

migrated() { execute '{"execute": "query-migrate"}' | grep -q '"status": "completed"'; }

# To a command, and back from one.
migrates() {
  rm -f "$work/state"
  start -display none
  contains "$(execute "{\"execute\": \"migrate\", \"arguments\": {\"uri\": \"exec:cat >$work/state\"}}")" \
    '"return"' && wait_for migrated && wait_for test -s "$work/state" || return 1
  stop
  start -display none -incoming "exec:cat $work/state"
  wait_for incoming_ended
}

incoming_ended() { ! execute '{"execute": "query-status"}' | grep -q '"inmigrate"'; }

# answers OPTION ADDRESS PORT TEXT ANSWER: a guest that sends the text gets the answer.
# A machine that is stopped takes no packets.
answers() {
  local stopped=()
  rm -f "$work/ours" "$work/theirs"
  start -display none -netdev "user,id=u,$1" \
    -netdev "dgram,id=d,local.type=unix,local.path=$work/theirs,remote.type=unix,remote.path=$work/ours" \
    -netdev hubport,id=h1,hubid=0,netdev=u -netdev hubport,id=h2,hubid=0,netdev=d
  contains "$(talk guest "$work/ours" "$work/theirs" "$2" "$3" "$4")" "$5" || { cat "$work/err"; return 1; }
}

# A negotiation of SMB 1, which every server at least refuses in its own form.
# shellcheck disable=SC1003 # a backslash for Python
negotiation='\0\0\0\x2f\xffSMBr\0\0\0\0\x18\x43\xc8\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\0\0\0\0\0\x0c\0\x02NT LM 0.12\0'

ring=()
rings() { starts -display none "${ring[@]}"; }

# Refused: QEMU ends by itself.
refuses() {
  start "$@"
  wait_for ended "$vm" || return 1
  if wait "$vm"; then
    echo "QEMU ended with 0"
    return 1
  fi
}

# identity USER WORDS...: QEMU answers, as that user.
identity() {
  starts -display none "${@:2}" || return 1
  contains "$(cat "/proc/$vm/status")" "Uid:	$(id -u "$1")	$(id -u "$1")"
}

child() { grep -lx "PPid:	$vm" /proc/[0-9]*/status | head -n 1 | cut -d / -f 3; }

# tears_down WORDS...: QEMU has a process beside it, which ends after it.
tears_down() {
  local beside
  starts -display none "$@" || return 1
  beside=$(child 2>/dev/null)
  [ -n "$beside" ] || { echo "no process beside it"; return 1; }
  running+=("$beside")
  stop
  wait_for ended "$beside"
}

# The script is run when the tap comes, and when it goes.
runs_script() {
  rm -f "$work/up" "$work/down"
  starts -display none -device virtio-net-pci,netdev=n \
    -netdev "tap,id=n,ifname=qrtest,script=$work/ifup,downscript=$work/ifdown" || return 1
  wait_for test -s "$work/up" || return 1
  contains "$(cat "$work/up")" "qrtest" || return 1
  if command -v ip >/dev/null; then
    contains "$(cat "$work/up")" ",UP" || return 1
  fi
  stop
  wait_for test -s "$work/down"
}

test_processes() {
  local has_runas
  profile=legacy-spawn
  check "$release: -daemonize" daemonizes
  check "$release: migration to and from a command" migrates
  check "$release: guestfwd= with a command" \
    answers "guestfwd=tcp:10.0.2.100:1234-cmd:echo a command" 10.0.2.100 1234 "" "a command"
  if [ -x /usr/sbin/smbd ]; then
    check "$release: smb=" answers "smb=$work/home" 10.0.2.4 445 "$negotiation" '\xffSMBr'
  else
    skip "$release: smb=" "no /usr/sbin/smbd"
  fi

  truncate -s 1M "$work/disk"
  # shellcheck disable=SC2054 # commas of QEMU
  ring=(-drive "if=none,id=d,file=$work/disk,format=raw,aio=io_uring,cache=none"
    -device virtio-blk-pci,drive=d)
  if under off rings >/dev/null 2>&1; then
    stop
    check "$release: aio=io_uring" rings
    under default check "$release: aio=io_uring is refused under default" refuses -display none "${ring[@]}"
    # By its path the profile is one of the user's own, which qriser does not judge.
    own=$SRCDIR/profiles/seccomp/default.json
    if [ "${release%%.*}" -lt 8 ]; then
      under "$own" check "$release: QEMU itself refuses aio=io_uring there" refuses -display none "${ring[@]}"
    else
      under "$own" check "$release: QEMU itself falls back from aio=io_uring there" rings
    fi
  else
    stop
    skip "$release: aio=io_uring" "$(reason)"
  fi

  has_runas=$("$qemu" -help | grep -c -e '^-runas')
  if [ "$has_runas" -gt 0 ]; then
    set -- -async-teardown -runas nobody
  else
    set -- "-run-with async-teardown=on" -run-with user=nobody
  fi
  # shellcheck disable=SC2086 # words to be split
  check "$release: $1" tears_down $1
  if [ "$(id -u)" -ne 0 ]; then
    skip "$release: $2 $3" "needs root"
  elif ! id -u nobody >/dev/null 2>&1; then
    skip "$release: $2 $3" "no user nobody"
  else
    check "$release: $2 $3" identity nobody "$2" "$3"
  fi

  if [ "$(id -u)" -ne 0 ]; then
    skip "$release: scripts of a tap" "needs root"
  elif ! [ -c /dev/net/tun ]; then
    skip "$release: scripts of a tap" "no /dev/net/tun"
  elif ! unshare -n true 2>/dev/null; then
    skip "$release: scripts of a tap" "no network namespace can be made"
  else
    before=(unshare -n)
    check "$release: scripts of a tap" runs_script
    under default check "$release: a script at the end is refused under default" refuses -display none \
      -device virtio-net-pci,netdev=n -netdev "tap,id=n,ifname=qrtest,script=no,downscript=$work/ifup"
    before=()
  fi
}

cat >"$work/ifup" <<END
#!/bin/sh
if command -v ip >/dev/null; then
  ip link set "\$1" up && ip link show "\$1" >"$work/up"
else
  echo "\$1" >"$work/up"
fi
END
cat >"$work/ifdown" <<END
#!/bin/sh
echo "\$1" >"$work/down"
END
chmod +x "$work/ifup" "$work/ifdown"

# --- all of them -----------------------------------------------------------------------

lacking=
python3 -c 'import socket' 2>/dev/null || lacking="no python3"
find_qemus
[ ${#qemus[@]} -gt 0 ] || lacking="no QEMU"
if [ -n "$lacking" ]; then
  if [ "${QRISER_TEST_STRICT:-}" = 1 ]; then
    echo "not ok 1 - displays: $lacking"
    echo "1..1"
    exit 1
  fi
  echo "1..0 # SKIP $lacking"
  exit 0
fi

start_display
for qemu in "${qemus[@]}"; do
  release=$("$qemu" --version | sed -n 's/.*version \([0-9]*\.[0-9]*\).*/\1/p')
  name="qriser test $release"
  use_modules "$qemu"
  test_displays
  test_servers
  test_processes
done

finish
