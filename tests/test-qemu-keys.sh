#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The keys of the roles against the QEMU binaries at hand: what devices and
# objects have, and what the other options take.  Prints TAP.
#
# SRCDIR             source tree; default: the parent of this directory
# QRISER_TEST_QEMU   more QEMU binaries, separated by colons

set -u

here=$(cd "$(dirname "$0")" && pwd)
SRCDIR=${SRCDIR:-$here/..}
profiles=$SRCDIR/profiles
tool=$SRCDIR/contrib/qemu-keys
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0
failed=0

# All that is tried here is one thing.
if [ "${QRISER_TEST_SHARE:-1}" -gt 50 ]; then
  echo "1..0 # SKIP one line of $QRISER_TEST_SHARE is tried on QEMU"
  exit 0
fi

binaries=()
versions=
IFS=: read -r -a wanted <<<"${QRISER_TEST_QEMU:-}"
for binary in /usr/bin/qemu-system-x86_64 ${wanted[@]+"${wanted[@]}"}; do
  case " ${binaries[*]-} " in *" --qemu=$binary "*) continue ;; esac
  [ -x "$binary" ] || continue
  binaries+=("--qemu=$binary")
  versions+=" $("$binary" --version | sed -n '1s/.*version \([0-9]*\.[0-9]*\).*/\1/p')"
done

# check NAME COMMAND...: succeeds and prints nothing on standard output.
check() {
  local name=$1
  shift
  number=$((number + 1))
  if "$@" >"$work/out" 2>"$work/err" && [ ! -s "$work/out" ]; then
    echo "ok $number - $name"
  else
    echo "not ok $number - $name"
    sed 's/^/# /' "$work/out" "$work/err" | head -n 40
    failed=1
  fi
}

# missing NAME: a skip, or with QRISER_TEST_STRICT=1 a failure.
missing() {
  number=$((number + 1))
  if [ "${QRISER_TEST_STRICT:-}" = 1 ]; then
    echo "not ok $number - $1: there is no QEMU 7.2"
    failed=1
  else
    echo "ok $number - $1 # SKIP there is no QEMU 7.2"
  fi
}

if ! command -v python3 >/dev/null; then
  echo "1..0 # SKIP there is no python3"
  exit 0
fi
case $versions in
  *" 7.2"*" 10.0"*)
    check "devices and objects have the keys of the file, and no others" python3 "$tool" --check "${binaries[@]}" "$profiles"
    check "each key of other options is known" python3 "$tool" --try "${binaries[@]}" "$profiles"
    ;;
  *" 7.2"*)
    check "the keys of devices and objects are in the file" python3 "$tool" --check-new "${binaries[@]}" "$profiles"
    number=$((number + 1))
    echo "ok $number - each key of other options is known # SKIP there is no QEMU 10.0"
    ;;
  *)
    missing "devices and objects have the keys of the file, and no others"
    missing "each key of other options is known"
    ;;
esac

# The checks see what is wrong.
if [ ${#binaries[@]} -gt 0 ]; then
  mkdir "$work/wrong"
  cp -r "$profiles/roles" "$profiles/devices" "$work/wrong"
  chmod -R u+w "$work/wrong"
  sed -i 's/"max-bytes", //' "$work/wrong/roles/keys-devices.json"
  check "a key that is missing in the file is seen" \
    bash -c 'python3 "$@" | grep -q "only QEMU has max-bytes"' - "$tool" --check-new "${binaries[@]}" "$work/wrong"
  cp "$profiles/roles/keys-devices.json" "$work/wrong/roles"
  printf '{ "schema": 1, "kind": "keys", "source": "a test", "keys": [{ "option": "netdev", "type": "bridge", "keys": ["br", "bridge"] }] }\n' \
    >"$work/wrong/roles/keys-options.json"
  check "a key that no QEMU has is seen" \
    bash -c 'python3 "$@" | grep -qx "netdev bridge: bridge"' - "$tool" --try "${binaries[@]}" "$work/wrong"
fi
echo "1..$number"
exit $failed
