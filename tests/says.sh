# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the program says, for scripts that have tap.sh.
#
# program   the program; QRISER where it is not set

: "${work:?tap.sh comes first}"

# says STATUS WORDS...: what the program prints is in $work/out, its errors in $work/err.
says() {
  local wanted=$1 status=0
  shift
  "${program:-$QRISER}" "$@" >"$work/out" 2>"$work/err" || status=$?
  cat "$work/err"
  [ "$status" -eq "$wanted" ] || { echo "status $status, not $wanted"; return 1; }
}

# refuses STATUS PART WORDS...: with PART in its error.
refuses() {
  local status=$1 part=$2
  shift 2
  says "$status" "$@" && contains "$(cat "$work/err")" "$part"
}

# picks EXPRESSION: of the JSON in $work/out, as "a".
picks() {
  python3 -c 'import json, sys; a = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$work/out" "$1"
}
