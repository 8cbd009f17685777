#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Configuration files as the whole program reads them: the system's through a
# program that looks for it in the build tree, the user's through
# XDG_CONFIG_HOME; who may write which, and when neither is read.  Prints TAP.
#
# QRISER     the program
# BUILDDIR   where tests/qriser-configured is, and looks for its configuration

set -u

# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

program=$BUILDDIR/tests/qriser-configured
system=$BUILDDIR/tests/configuration
trap 'rm -rf "$work" "$system"' EXIT
rm -rf "$system"
mkdir "$system" "$work/xdg" "$work/xdg/qriser" "$work/bin"
user=$work/xdg/qriser/qriser.conf
export XDG_CONFIG_HOME=$work/xdg
for name in qriser qemu-system-x86_64 qriser-system-x86_64; do
  ln -s "$program" "$work/bin/$name"
done

# configure FILE LINE...: a file that nobody else may write.
configure() {
  printf '%s\n' "${@:2}" >"$1"
  chmod 644 "$1"
}

# tree NAME: the first line of the plan of a line that needs nothing.
tree() {
  case $1 in
    qriser) "$work/bin/$1" plan -- -M q35 -nodefaults -display none 2>&1 ;;
    *) "$work/bin/$1" -qriser plan=tree -M q35 -nodefaults -display none 2>&1 ;;
  esac | head -n 1
}

# says DESCRIPTION PART TEXT
says() { check "$1" contains "$3" "$2"; }

# ends STATUS PART COMMAND...: with this exit status, saying this.
ends() {
  local text status

  text=$("${@:3}" 2>&1)
  status=$?
  [ "$status" -eq "$1" ] || { echo "exit status $status, not $1: $text"; return 1; }
  contains "$text" "$2"
}

# fails STATUS PART DESCRIPTION NAME
fails() { check "$3" ends "$1" "$2" "$work/bin/$4" plan -- -nodefaults; }

# --- the user's file, on the tool face -------------------------------------------------

says "no file at all" "policy ich9@1, seccomp default" "$(tree qriser)"
configure "$user" '[qriser]' 'policy = "qemu"'
says "the user's policy" "policy qemu@1" "$(tree qriser)"
says "the drop-in face reads no user's file" "policy ich9@1" "$(tree qriser-system-x86_64)"
says "the line wins" "policy ich9@1" "$("$work/bin/qriser" plan --policy=ich9 -- -nodefaults | head -n 1)"
configure "$user" '[name "qriser"]' 'policy = "ich9"' '[qriser]' 'policy = "qemu"'
says "a name wins over all names" "policy ich9@1" "$(tree qriser)"
configure "$user" '[name "qriser"]' 'like = "other"' '[name "other"]' 'policy = "qemu"'
says "a name is like another" "policy qemu@1" "$(tree qriser)"
configure "$user" '[name "qriser"]' 'like = "a"' '[name "a"]' 'like = "b"' '[name "b"]' 'like = "a"'
fails 78 "circle" "names in a circle: 78" qriser
configure "$user" '[qriser]' 'polcy = "qemu"'
fails 78 "qriser.conf:2:1: polcy" "an unknown key: 78, with line and column" qriser
configure "$user" '[qriser]' 'policy = qemu'
fails 78 "qriser.conf:2:10: " "a value without quotes: 78, with line and column" qriser
configure "$user" '[qriser]' 'policy = "nosuch"'
fails 78 "qriser.conf:2:11: policy" "a policy that does not exist: 78, with line and column" qriser
says "the line wins over it" "policy ich9@1" "$("$work/bin/qriser" plan --policy=ich9 -- -nodefaults | head -n 1)"
configure "$user" '[qriser]' 'policy = "./own.json"'
fails 78 "or an absolute path" "a policy by a path that is not absolute: 78" qriser
sed 's/"policy": "ich9"/"policy": "mine"/' "$SRCDIR/profiles/policies/ich9-1.json" >"$work/mine.json"
configure "$user" '[qriser]' "policy = \"$work/mine.json\""
says "a policy by its path" "policy mine@1" "$(tree qriser)"
configure "$user" '[qriser]' 'seccomp = "off"'
fails 78 "may not loosen" "loosening: 78" qriser
configure "$user" '[qriser]' 'policy = "qemu"'
chmod 666 "$user"
fails 78 "can be written by others" "a file that all may write: 78" qriser
rm "$user"
mkdir "$user"
fails 78 "is not a regular file" "a directory: 78" qriser
rmdir "$user"
mkfifo "$user"
fails 78 "is not a regular file" "a FIFO: 78, and nobody waits" qriser
rm "$user"
head -c 17825792 /dev/zero >"$user"
fails 78 "is larger than 16 MiB" "17 MiB: 78" qriser
rm "$user"
says "XDG_CONFIG_HOME that is no absolute path is none" "policy ich9@1" \
  "$(cd "$work" && XDG_CONFIG_HOME=xdg tree qriser)"

# --- policies of the system's --------------------------------------------------------------

mkdir -p "$system/profiles/policies"
sed 's/"policy": "ich9"/"policy": "site"/' "$SRCDIR/profiles/policies/ich9-1.json" >"$system/profiles/policies/site-1.json"
sed 's/"policy": "ich9"/"policy": "site"/;s/"version": 1/"version": 2/' "$SRCDIR/profiles/policies/ich9-1.json" \
  >"$system/profiles/policies/site-2.json"
says "the newest, by its name on the line" "policy site@2" "$("$work/bin/qriser" plan --policy=site -- -nodefaults | head -n 1)"
configure "$user" '[qriser]' 'policy = "site@1"'
says "another version, in a file" "policy site@1" "$(tree qriser)"
"$work/bin/qriser" run --qemu=/bin/true --policy=site@1 --lock="$work/vm.lock" -- -nodefaults >"$work/out" 2>&1
check "a lock of it is kept" contains "$(cat "$work/vm.lock")" '"site@1"'
rm "$user"
says "and it is the lock's afterwards" "policy site@1" \
  "$("$work/bin/qriser" plan --lock="$work/vm.lock" -- -nodefaults | head -n 1)"
check "another one than the lock's: 65" ends 65 "the lock is of policy site@1, and site@2 is asked for" \
  "$work/bin/qriser" plan --policy=site --lock="$work/vm.lock" -- -nodefaults
sed -i '3s/:.*/: 1,/' "$system/profiles/policies/site-2.json"
check "a broken one: 78, with line and column" ends 78 "site-2.json:3:" \
  "$work/bin/qriser" plan --policy=site -- -nodefaults
rm -r "$system/profiles"
check "a lock of one that is gone: 78" ends 78 "site@1, which is not known" \
  "$work/bin/qriser" plan --lock="$work/vm.lock" -- -nodefaults

# --- the system's file ------------------------------------------------------------------

if [ "$(id -u)" -ne 0 ]; then
  configure "$system/qriser.conf" '[qriser]' 'policy = "qemu"'
  fails 78 "belongs to user" "the system's file must be root's: 78" qriser
  skip "what the system's file says" "not root"
  skip "a program that gained rights reads no file" "not root"
  finish
fi
configure "$system/qriser.conf" '[qriser]' 'seccomp = "desktop"' '[name "qemu-system-x86_64"]' 'policy = "ich9"'
says "the system's file, tool face" "policy ich9@1, seccomp desktop" "$(tree qriser)"
says "the system's file, a name" "policy ich9@1, seccomp desktop" "$(tree qemu-system-x86_64)"
configure "$user" '[qriser]' 'seccomp = "default"'
says "the user tightens" "seccomp default" "$(tree qriser)"
says "but not under QEMU's name" "seccomp desktop" "$(tree qemu-system-x86_64)"
configure "$user" '[qriser]' 'seccomp = "legacy-spawn"'
fails 78 "may not loosen" "the user may not loosen: 78" qriser
configure "$system/qriser.conf" '[qriser]' 'allow-user-loosen = "on"'
says "until the system's file lets him" "seccomp legacy-spawn" "$(tree qriser)"
chown nobody "$system/qriser.conf"
fails 78 "belongs to user" "a system's file that is not root's: 78" qriser
chown root "$system/qriser.conf"
chmod g+w "$system/qriser.conf"
fails 78 "can be written by others" "a system's file that a group may write: 78" qriser
chmod 644 "$system/qriser.conf"
rm "$user"
configure "$system/qriser.conf" '[qriser]' "qemu = \"$work/bin/qemu-system-x86_64\""
check "a QEMU that is qriser: 126" ends 126 "it is qriser itself" "$work/bin/qriser" run -- -nodefaults

configure "$system/qriser.conf" 'nonsense'
cp "$program" "$work/gained"
chmod 4755 "$work/gained"
chmod 755 "$work"
if ! command -v setpriv >/dev/null || grep -q nosuid <<<"$(findmnt -no OPTIONS -T "$work" 2>/dev/null)"; then
  skip "a program that gained rights reads no file" "no setpriv, or a file system without set-user-ID"
else
  says "a program that gained rights reads no file" "policy ich9@1" \
    "$(cd / && setpriv --reuid=65534 --regid=65534 --clear-groups "$work/gained" plan -- -nodefaults 2>&1)"
fi
finish
