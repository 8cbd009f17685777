#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Each fault of a host, injected below a root of the test's own, gives its line.  Prints TAP.
#
# QRISER             the program
# QRISER_TEST_QEMU   further QEMU binaries, separated by colons

# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

fake=$here/fake-qemu.py
old=$BUILDDIR/tests/old-kernel
root=$work/root
machine=$("$QRISER" --version | sed -n 's/^built for \([^ ]*\) .*/\1/p')
export XDG_CACHE_HOME=$work/cache
unset QEMU_MODULE_DIR

# A QEMU of the test's own: not the script, which a start refuses, but what is asked all the same.
bin=$work/usr/bin
qemu=$bin/qemu-system-$machine
mkdir -p "$bin" "$work/usr/lib/qemu"

# makes_qemu ARGUMENT...: a program that becomes it.
makes_qemu() {
  {
    echo '#include <unistd.h>'
    echo 'int main (int n, char **words) {'
    for word in "$@"; do echo "  execv (\"$word\", words);"; done
    echo '  return n == 0; }'
  } >"$work/qemu.c"
  ${CC:-cc} -o "$work/qemu.new" "$work/qemu.c" && mv "$work/qemu.new" "$qemu"
}

# doctor STATUS WORDS...: what it says is in $work/out.
doctor() {
  local wanted=$1 status=0
  shift
  "${before[@]}" "$QRISER" doctor --qemu="$qemu" --root="$root" "$@" >"$work/out" 2>"$work/err" || status=$?
  cat "$work/out" "$work/err"
  [ "$status" -eq "$wanted" ] || { echo "status $status, not $wanted"; return 1; }
}
before=()

# line CHECK STATE PART: what it said last has such a line.
line() {
  grep -E "^$1 +$2 " "$work/out" | grep -qF -- "$3" || { echo "no $1 $2 with: $3"; cat "$work/out"; return 1; }
}

# finds CHECK PART WORDS...: a fault, with status 1; notices, well: one of these, with whatever status.
finds() {
  local name=$1 part=$2
  shift 2
  doctor 1 "$@" >/dev/null && line "$name" fault "$part"
}
tells() {
  local state=$1 name=$2 part=$3
  shift 3
  "${before[@]}" "$QRISER" doctor --qemu="$qemu" --root="$root" "$@" >"$work/out" 2>"$work/err"
  [ $? -le 1 ] && line "$name" "$state" "$part"
}
notices() { tells notice "$@"; }
well() { tells ok "$@"; }

# fresh: a host where all is well, as far as files tell.
fresh() {
  rm -rf "$root"
  mkdir -p "$root/dev" "$root/proc" "$root/etc"
  : >"$root/dev/kvm"
  printf 'root:x:0:\nvirtual:x:4711:\n' >"$root/etc/group"
  printf 'processor : 0\nflags : fpu vmx sse\n' >"$root/proc/cpuinfo"
}

if ! makes_qemu "$fake"; then
  missing "doctor" "no C compiler"
  finish
fi
fresh

# --- the whole ------------------------------------------------------------------------------

ulimit -S -n 1024
all_well() {
  doctor 0 && lacks "$(cat "$work/out")" " fault " && line qemu ok "$qemu" && line version ok "9.9.9, asked and kept"
}
check "a host without faults" all_well
aligned() { same 1 "$(awk '{ print match ($0, / (ok|notice|fault) /) }' "$work/out" | sort -u | wc -l)"; }
check "its lines are aligned" aligned
json_is() {
  doctor 0 --format=json && python3 - "$work/out" <<'END'
import json, sys
lines = json.load(open(sys.argv[1]))
assert all(sorted(line) == ["check", "hint", "message", "state"] for line in lines), lines
assert all(line["state"] in ("ok", "notice", "fault") for line in lines), lines
names = [line["check"] for line in lines]
assert names[:4] == ["qemu", "cache", "version", "kvm"], names
END
}
check "the same as JSON" json_is
json_fault() {
  doctor 1 --format=json --qemu="$work/none" \
    && same "fault" "$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[0]["state"])' "$work/out")"
}
check "a fault as JSON" json_fault
check "no word more" contains "$("$QRISER" doctor more 2>&1)" '"more" is one word too many'

# --- the QEMU -------------------------------------------------------------------------------

check "what it said is kept" well version "9.9.9, as it said before"
check "nothing of that name" finds qemu "there is no qemu-system-nowhere in PATH" --qemu=qemu-system-nowhere
check "... and what to do" line qemu fault "name one: --qemu=PATH"
named() { "$QRISER" doctor --arch=nowhere --root="$root" >"$work/out"; [ $? -eq 1 ] && line qemu fault "there is no qemu-system-nowhere"; }
check "nothing for that architecture" named
check "no such file" finds qemu "there is no \"$work/none\"" --qemu="$work/none"
check "a script" finds qemu "it is a script for" --qemu="$fake"
check "... and what to do" line qemu fault "; name the QEMU that the script starts"
check "a directory" finds qemu "it is a directory" --qemu="$work"
check "qriser itself" finds qemu "it is qriser itself" --qemu="$QRISER"
cp "$qemu" "$work/closed" && chmod a-x "$work/closed"
check "one that is not executable" finds qemu "not an executable file" --qemu="$work/closed"
check "such are not asked" lacks "$(cut -d ' ' -f 1 "$work/out")" "version"
check "one that says nothing" finds version "ended and said nothing" --qemu=/bin/true
check "one that is none" finds version "is no QMP" --qemu=/bin/echo
check "a version that is not its own" finds version "the QEMU is 9.9.9, and was said to be 7.2" --qemu-version=7.2
check "a version that is" well version "9.9.9" --qemu-version=9.9
novel() { sed 's/"major": 9/"major": 11/' "$fake" >"$work/novel.py" && chmod +x "$work/novel.py" && makes_qemu "$work/novel.py"; }
check "a newer QEMU" novel
check "... is a notice" notices version "11.9.9, asked and kept; qriser was tried with 7.2 to 10.0"

# One that dies for its modules, as a QEMU does whose modules are another's.
picky() {
  sed '/^def main/,/^    machine/s/^    machine/    if os.path.exists(os.environ.get("QEMU_MODULE_DIR", "") + "\/other.so"):\n        sys.exit("Note: only modules from the same build can be loaded.")\n    machine/' \
    "$fake" >"$work/picky.py" && chmod +x "$work/picky.py" && makes_qemu "$work/picky.py"
}
check "a QEMU with modules" picky
mkdir "$work/modules"
export QEMU_MODULE_DIR=$work/modules
check "... that fit" well version "9.9.9, asked and kept"
sleep 0.02
: >"$work/modules/other.so"
check "modules that do not fit" finds version "only modules from the same build can be loaded"
unset QEMU_MODULE_DIR
makes_qemu "$fake"

# What implicit --probe kept stays.
kept() {
  "$QRISER" implicit --probe --qemu="$qemu" novel >/dev/null
  find "$XDG_CACHE_HOME" -name '*.version' -delete
  doctor 0 >/dev/null && line version ok "asked and kept" || return 1
  contains "$("$QRISER" implicit --qemu="$qemu" novel)" "fake-bridge"
}
check "machine types that were kept are kept" kept

# --- the cache ------------------------------------------------------------------------------

check "the cache" well cache "$XDG_CACHE_HOME/qriser"
chmod 0777 "$XDG_CACHE_HOME/qriser"
check "one that others may write" finds cache "is not trusted: others may write it (mode 0777)"
check "... and what to do" line cache fault "chmod go-w"
chmod 0700 "$XDG_CACHE_HOME/qriser"
find "$XDG_CACHE_HOME" -name '*.version' -exec chmod 0666 {} +
check "an entry that others may write" finds cache "others may write it (mode 0666)"
rm -r "$XDG_CACHE_HOME"
no_cache() { XDG_CACHE_HOME=/dev/null/none doctor 1 >/dev/null && line cache fault "cannot be written" && line version ok "asked, and not kept"; }
check "none that can be made" no_cache
if [ "$(id -u)" -eq 0 ]; then
  mkdir -p "$XDG_CACHE_HOME/qriser"
  chown 12345 "$XDG_CACHE_HOME/qriser"
  check "one of somebody else" finds cache "it belongs to user 12345"
  rm -r "$XDG_CACHE_HOME"
else
  skip "one of somebody else" "only root can make it"
fi

# --- KVM ------------------------------------------------------------------------------------

# as_user COMMAND...: as somebody who is not root, in what he can read.
before_user=()
if [ "$(id -u)" -eq 0 ]; then
  chmod 0755 "$work"
  install -m 0755 "$QRISER" "$work/qriser"
  before_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
as_user() {
  local status
  if [ ${#before_user[@]} -gt 0 ]; then
    before=("${before_user[@]}")
    QRISER=$work/qriser XDG_CACHE_HOME=$work/nobody "$@"
    status=$?
    before=()
    return "$status"
  fi
  "$@"
}

# The same with the program that is installed.
as_installed() {
  local status

  before=("${before_user[@]}")
  XDG_CACHE_HOME=$work/nobody "$@"
  status=$?
  before=()
  return "$status"
}

check "KVM" well kvm "can be opened"
chmod 0660 "$root/dev/kvm"
if [ "$(id -u)" -eq 0 ]; then
  chown 0:4711 "$root/dev/kvm"
  check "KVM for a group" as_user finds kvm "is for the group virtual, in which this user is not"
  check "... and what to do" line kvm fault "; usermod -aG virtual USER"
else
  chmod 0060 "$root/dev/kvm"
  check "KVM for a group" finds kvm "is for the group"
  check "... and what to do" line kvm fault "; usermod -aG"
fi
rm "$root/dev/kvm"
mkdir "$root/dev/kvm"
check "KVM that is something else" finds kvm "cannot be opened: Is a directory"
rmdir "$root/dev/kvm"
case $machine in
  x86_64 | i386)
    check "KVM without its module" finds kvm "the module kvm_intel is not loaded"
    check "... and what to do" line kvm fault "; modprobe kvm_intel"
    echo "flags : fpu svm" >"$root/proc/cpuinfo"
    check "... on another CPU" finds kvm "; modprobe kvm_amd"
    echo "flags : fpu" >"$root/proc/cpuinfo"
    check "no virtualization" notices kvm "the CPU shows no virtualization"
    ;;
  *) check "no KVM" notices kvm "so guests are emulated" ;;
esac
other=aarch64
[ "$machine" != aarch64 ] || other=riscv64
foreign() { "$QRISER" doctor --arch="$other" --root="$root" >"$work/out"; line kvm ok "the guests are $other"; }
check "guests of another architecture" foreign
fresh

# --- the kernel -----------------------------------------------------------------------------

check "filters" well seccomp "filters can be loaded"
before=("$old" filter --)
check "a kernel without filters" finds seccomp "no filter can be loaded: Invalid argument"
check "... has no listeners either" lacks "$(cat "$work/out")" "seccomp-listener"
before=("$old" notify --)
if "$QRISER" doctor --qemu="$qemu" --root="$root" | grep -q '^landlock .* version'; then
  check "a kernel without listeners" notices seccomp-listener "Invalid argument; Landlock lets QEMU execute itself"
  check "... and what to do" line seccomp-listener notice "; it needs Linux 5.5"
else
  missing "a kernel without listeners" "this one has no Landlock"
fi
before=("$old" notify landlock --)
check "... and without Landlock" finds seccomp-listener "nothing keeps QEMU from executing other programs"
check "... which is told of" line landlock notice "the kernel has no Landlock"
before=("$old" listener --)
check "a sandbox with a listener around this" tells "(notice|fault)" seccomp-listener "Device or resource busy"
check "... and why" line seccomp-listener "(notice|fault)" "a sandbox around this one decides"
before=()
landlock_is() { doctor 0 >/dev/null && line landlock "(ok|notice)" ""; }
check "Landlock" landlock_is

# --- limits ---------------------------------------------------------------------------------

# limited OPTION VALUE COMMAND...: under another limit.
limited() { (ulimit -S "$1" "$2" && shift 2 && "$@"); }
check "memory that may be locked" limited -l 64 as_user notices locked-memory "64 KiB, too little for an assigned device"
check "few open files" limited -n 512 notices open-files "512, too few"
check "fewer open files" limited -n 128 finds open-files "128, too few"
check "... and what to do" line open-files fault "; ulimit -n 1024"
check "enough open files" limited -n 1024 well open-files "1024"
check "a small stack" limited -s 2048 notices stack "512 KiB, too little"
check "a smaller stack" limited -s 256 finds stack "128 KiB, too little"
check "the usual stack" limited -s 8192 well stack "2048 KiB"

# --- the bridge helper ----------------------------------------------------------------------

helper=$root$work/usr/lib/qemu/qemu-bridge-helper
rules=$root$work/etc/qemu/bridge.conf
check "no helper" notices bridge "QEMU's helper for it is not there"
mkdir -p "${helper%/*}" "${rules%/*}"
: >"$helper"
chmod 0755 "$helper"
check "no bridge.conf" notices bridge "there is no $rules"
check "... and what to do" line bridge notice "chmod u+s $helper"
echo "allow br0" >"$rules"
chmod 0644 "$rules"
check "a helper without its set-user-id bit" as_user finds bridge "$helper is not set-user-id root"
check "... and what to do" line bridge fault "chown root $helper && chmod u+s $helper"
chmod 0666 "$rules"
check "rules that everybody may write" finds bridge "everybody may write $rules"
chmod 0644 "$rules"
if [ "$(id -u)" -eq 0 ]; then
  chmod 4755 "$helper"
  check "a helper with it" as_user well bridge "$helper opens taps"
  echo "# nothing" >"$rules"
  check "rules that allow nothing" as_user finds bridge "$rules allows no bridge"
  chmod 0600 "$rules"
  check "rules that cannot be read" as_user notices bridge "cannot be read by this user"
else
  skip "a helper with it" "only root can make it"
fi
fresh

# --- libvirt --------------------------------------------------------------------------------

# libvirt starts what is installed, by a name whose file it looks at.
installed=$work/installed
mkdir -p "$installed"
install -m 0755 "$QRISER" "$installed/qriser"
ln -s qriser "$installed/qriser-system-$machine"
QRISER=$installed/qriser

# keeps DIRECTORY NAME: what libvirt would keep of $installed/NAME.
keeps() {
  mkdir -p "$1"
  : >"$1/$(printf %s "$installed/$2" | sha256sum | cut -d ' ' -f 1).xml"
}
kept_system=$root/var/cache/libvirt/qemu/capabilities
kept_user=$XDG_CACHE_HOME/libvirt/qemu/cache/capabilities
# later: the clock of files has moved on.
later() { sleep 0.05; }

check "libvirt that was never here" well libvirt "libvirt keeps nothing of qriser's names"
later
keeps "$kept_system" "qriser-system-$machine"
check "one that asked the QEMU as it is" well libvirt "is not older than QEMU"
later
makes_qemu "$fake"
check "another QEMU since" finds libvirt "libvirt takes \"$installed/qriser-system-$machine\" for what it was before $qemu changed"
check "... and what to do" line libvirt fault "; touch $installed/qriser-system-$machine"
later
touch "$installed/qriser-system-$machine"
check "... which was done" well libvirt "is not older"
later
keeps "$kept_system" "qriser-system-$machine"
check "... and asked again" well libvirt "is not older"
rm -r "${kept_system:?}"
keeps "$kept_system" qriser
later
makes_qemu "$fake"
check "another QEMU behind the program itself" finds libvirt "; touch $installed/qriser"
rm -r "${kept_system:?}"
keeps "$kept_user" "qriser-system-$machine"
later
makes_qemu "$fake"
check "the user's own libvirt" finds libvirt "; touch $installed/qriser-system-$machine"
rm -r "$XDG_CACHE_HOME/libvirt"
other_qemu() {
  ln -s qriser "$installed/qriser-system-$other"
  cp "$qemu" "$bin/qemu-system-$other"
  keeps "$kept_system" "qriser-system-$other"
  later
  cp "$qemu" "$bin/qemu-system-$other"
  PATH=$bin:$PATH finds libvirt "; touch $installed/qriser-system-$other"
}
check "a QEMU of another architecture" other_qemu
rm "$installed/qriser-system-$other" "$bin/qemu-system-$other"
chmod 0700 "$root/var/cache/libvirt/qemu"
if [ "$(id -u)" -eq 0 ]; then
  check "what this user cannot read" limited -n 1024 as_installed notices libvirt "cannot be read by this user"
else
  chmod 0000 "$root/var/cache/libvirt/qemu"
  check "what this user cannot read" notices libvirt "cannot be read by this user"
  chmod 0700 "$root/var/cache/libvirt/qemu"
fi
fresh

# --- AppArmor -------------------------------------------------------------------------------

armed=$root/sys/module/apparmor/parameters/enabled
loaded=$root/sys/kernel/security/apparmor/profiles
guests=$root/etc/apparmor.d/abstractions/libvirt-qemu
check "no AppArmor" well apparmor "the kernel has no AppArmor, or it is off"
mkdir -p "${armed%/*}" "${loaded%/*}" "$guests.d" "$root/etc/apparmor.d/local"
echo N >"$armed"
check "AppArmor that is off" well apparmor "or it is off"
echo Y >"$armed"
echo "cupsd (enforce)" >"$loaded"
check "AppArmor without libvirt" well apparmor "libvirt's profiles are not loaded"
printf 'libvirtd (enforce)\nvirt-aa-helper (enforce)\n' >"$loaded"
check "profiles that are not in files" well apparmor "there are no profiles of libvirt's"
printf 'profile libvirtd /usr/sbin/libvirtd {\n  /usr/bin/* PUx,\n  include if exists <local/usr.sbin.libvirtd>\n}\n' >"$root/etc/apparmor.d/usr.sbin.libvirtd"
printf '  /usr/bin/qemu-system-x86_64 rmix,\n  include if exists <abstractions/libvirt-qemu.d>\n' >"$guests"
check "a daemon that may not execute qriser" finds apparmor "does not let libvirtd execute $installed/qriser"
check "... and what to do" line apparmor fault "; write \"$installed/qriser PUx,\" into /etc/apparmor.d/local/usr.sbin.libvirtd"
echo "$installed/qriser PUx," >"$root/etc/apparmor.d/local/usr.sbin.libvirtd"
check "guests that may not" finds apparmor "does not let libvirt's guests execute $installed/qriser"
check "... and what to do" line apparmor fault "; write \"$installed/qriser rmix,\" into /etc/apparmor.d/abstractions/libvirt-qemu.d/qriser"
check "... nor QEMU" line apparmor fault "does not let libvirt's guests execute $qemu"
lacks_daemon() { lacks "$(cat "$work/out")" "let libvirtd execute"; }
check "... while the daemon may" lacks_daemon
printf '%s rmix,\n' "$installed/qriser" "$bin/*" >"$guests.d/qriser"
check "both may" well apparmor "libvirt's profiles allow qriser and QEMU"
rm "$loaded"
check "which nobody knows to be loaded" well apparmor "should they be loaded, allow"
mv "$root/etc/apparmor.d/usr.sbin.libvirtd" "$root/etc/apparmor.d/usr.sbin.virtqemud"
check "a newer daemon that may not" finds apparmor "does not let virtqemud execute"
check "... of which the local rules are not read" line apparmor fault "into /etc/apparmor.d/usr.sbin.virtqemud"
echo "  include if exists <local/abstractions/libvirt-qemu>" >"$guests"
check "guests of another version" finds apparmor "into /etc/apparmor.d/local/abstractions/libvirt-qemu"
fresh

# --- QEMU -----------------------------------------------------------------------------------

# real QEMU: it says its version.
real() {
  local version
  version=$("$1" -version | sed -n 's/.*version \([0-9.]*\).*/\1/p')
  doctor 0 --qemu="$1" && line qemu ok "$1" && line version ok "$version, asked and kept"
}
find_qemus
[ "${#qemus[@]}" -gt 0 ] || missing "QEMU" "no QEMU here"
for real in ${qemus[@]+"${qemus[@]}"}; do
  use_modules "$real"
  check "${real##*/} of $("$real" -version | sed -n 's/.*version \([0-9.]*\).*/\1/p')" real "$real"
done
finish
