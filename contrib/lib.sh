# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What quickstart, run-tests and .ci/run share: where the checkout is, what has
# to be installed, how it is built, how test results are counted. Sourced by
# bash scripts that set "top" to the checkout's directory.

say () { printf '\n== %s\n' "$*"; }
note () { printf '%s\n' "$*" >&2; }
die () { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

: "${top:?the directory of the checkout}"
compiler=gcc
configure_arguments=() # of --configure; used by the scripts
assume_yes=no
missing_apt=()
missing_dnf=()
missing_names=()

if [ -n "${CI:-}" ] || ! [ -t 0 ]; then
  assume_yes=yes
fi

# make and configure split paths at blanks, so no build can work there.
check_top ()
{
  case $top in
    *[[:space:]]*)
      die "the path of this checkout has a blank, and make cannot build there: \"$top\"; move or clone it to a path without blanks" ;;
  esac
}

# The options that both commands take. usage() is the caller's.
take_options ()
{
  local word

  for word; do
    case $word in
      --yes) assume_yes=yes ;;
      --help) usage; exit 0 ;;
      --compiler=gcc | --compiler=clang) compiler=${word#*=} ;;
      --configure=*)
        # shellcheck disable=SC2034
        read -r -a configure_arguments <<<"${word#*=}"
        ;;
      *) note "${0##*/}: unknown option \"$word\""; usage >&2; exit 64 ;;
    esac
  done
}

# --- what has to be installed ----------------------------------------------------

# need CHECK APT DNF: the packages APT and DNF are missing unless CHECK is a
# command in PATH, or, with a blank in it, succeeds.
need ()
{
  case $1 in
    *" "*) eval "$1" >/dev/null 2>&1 && return ;;
    *) command -v "$1" >/dev/null && return ;;
  esac
  missing_names+=("$1")
  missing_apt+=("$2")
  missing_dnf+=("$3")
}

need_compiler ()
{
  case $1 in
    gcc) need gcc "gcc libc6-dev" "gcc glibc-devel" ;;
    clang) need clang clang "clang compiler-rt" ;;
  esac
}

need_build_tools ()
{
  need autoreconf autoconf autoconf
  need automake automake automake
  need make make make
  need_compiler "$compiler"
  need "pkg-config --version" pkg-config pkgconf-pkg-config
  need "pkg-config --exists 'glib-2.0 >= 2.68'" libglib2.0-dev glib2-devel
  need "pkg-config --exists 'json-c >= 0.15'" libjson-c-dev json-c-devel
  need "pkg-config --exists 'libseccomp >= 2.5.0'" libseccomp-dev libseccomp-devel
}

need_qemu ()
{
  need qemu-system-x86_64 qemu-system-x86 "qemu-system-x86 qemu-device-display-virtio-vga"
  need qemu-img qemu-utils qemu-img
}

confirm ()
{
  local answer

  [ "$assume_yes" = yes ] && return
  read -r -p "Run this now? [y/N] " answer
  case $answer in
    y | Y | yes) ;;
    *) die "nothing was installed" ;;
  esac
}

# Installs what need() found missing; says the exact command first.
install_missing ()
{
  local -a packages root=()
  local install

  [ "${#missing_names[@]}" -eq 0 ] && return
  say "missing: ${missing_names[*]}"
  if ! command -v apt-get >/dev/null; then
    note "On Fedora this should install it (untested):"
    note "  dnf install ${missing_dnf[*]}"
    die "no apt-get here, so install it by hand and start again"
  fi
  # A "need" may stand for several packages.
  read -r -a packages <<<"${missing_apt[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    root=(sudo)
  fi
  install="${root[*]:+${root[*]} }apt-get install --no-install-recommends ${packages[*]}"
  printf '  %s\n' "$install"
  if [ "${#root[@]}" -ne 0 ] && ! command -v sudo >/dev/null; then
    die "that needs root, and there is no sudo: install it as root and start again"
  fi
  confirm
  root+=(env DEBIAN_FRONTEND=noninteractive)
  "${root[@]}" apt-get -q update </dev/null || note "apt-get update failed; going on with the lists at hand"
  "${root[@]}" apt-get -q -y install --no-install-recommends "${packages[@]}" </dev/null
  missing_apt=() missing_dnf=() missing_names=()
}

# --- building ----------------------------------------------------------------------

jobs_at_once () { getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1; }

# One more, because tests wait for what they run.
tests_at_once () { echo $(($(jobs_at_once) + 1)); }

# build DIRECTORY COMPILER [CONFIGURE-ARGUMENT...]: configures and makes; a
# directory that was configured otherwise is cleaned first.
build ()
{
  local directory=$1 wanted had

  shift
  wanted="CC=$*"
  if [ -e "$top/config.status" ]; then
    die "the source tree itself is configured, which forbids other builds: run \"make distclean\" in $top first"
  fi
  if ! [ -e "$top/configure" ] || ! [ -e "$top/Makefile.in" ]; then
    (cd "$top" && autoreconf -i)
  fi
  mkdir -p "$directory"
  had=$(cat "$directory/.configured-with" 2>/dev/null || true)
  if [ "$had" != "$wanted" ] || ! [ -e "$directory/config.status" ]; then
    if [ -e "$directory/Makefile" ]; then
      make -C "$directory" clean >/dev/null || true
    fi
    (cd "$directory" && "$top/configure" -q "CC=$1" "${@:2}")
    printf '%s\n' "$wanted" >"$directory/.configured-with"
  fi
  make -C "$directory" -j"$(jobs_at_once)"
}

# How slow the installed QEMU is to start and end, of several times: 1 where it takes less than
# 60 ms, as on most machines, else how often it takes 20.
slowness ()
{
  local i took begun

  begun=$(date +%s%N)
  for i in 1 2 3 4 5; do
    timeout 10 qemu-system-x86_64 -machine q35 -nodefaults -display none -S -monitor stdio <<<"quit" \
      >/dev/null 2>&1 || break
  done
  took=$((($(date +%s%N) - begun) / i / 1000000))
  if [ "$took" -ge 60 ]; then
    echo $((took / 20))
  else
    echo 1
  fi
}

# --- test results --------------------------------------------------------------------

# summarize DIRECTORY...: the line "N passed, N failed, N skipped" of all results
# of tests (.trs files) below; fails when a test failed or none ran.
summarize ()
{
  find "$@" -name '*.trs' -type f -exec cat {} + | awk '
    $1 == ":test-result:" { n[$2]++ }
    END {
      passed = n["PASS"] + n["XFAIL"]
      failed = n["FAIL"] + n["ERROR"] + n["XPASS"]
      printf "%d passed, %d failed, %d skipped\n", passed, failed, n["SKIP"]
      exit failed > 0 || passed == 0
    }'
}
