#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Golden cases: a command line in, a plan or an error out.  Prints TAP, one
# line for each file compared.
#
# A directory of tests/cases has
#   args                 the words after "qriser", one a line
#   args.printf          the same with printf's escapes, for odd bytes
#   expected.tree, expected.shell, expected.json
#                        what "plan" prints in that format (args begins with "plan")
#   qemu                 the QEMU that this plan is for, in place of that for x86_64
#   expected.out         what is printed on standard output
#   expected.err, status what is printed on standard error, and the exit status
# and what its words name; the program is started in the directory.
#
# QRISER        the program
# REGENERATE=1  rewrites the expected files that are there

set -u

here=$(cd "$(dirname "$0")" && pwd)
cases=${SRCDIR:-$here/..}/tests/cases
QRISER=${QRISER:-$here/../qriser}
qemu=/usr/bin/qemu-system-x86_64
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0
failed=0
export PATH=/usr/bin:/bin
unset XDG_CONFIG_HOME

# read_args DIRECTORY: sets args.
read_args() {
  local line
  args=()
  if [ -f "$1/args" ]; then
    mapfile -t args <"$1/args"
    return
  fi
  while IFS= read -r line; do
    printf -v line '%b' "$line"
    args+=("$line")
  done <"$1/args.printf"
}

# compare CASE FILE: the program's output in $work/got against the file.
compare() {
  number=$((number + 1))
  if [ "${REGENERATE:-}" = 1 ]; then
    cp "$work/got" "$cases/$1/$2"
  fi
  if cmp -s "$work/got" "$cases/$1/$2"; then
    echo "ok $number - $1/$2"
  else
    echo "not ok $number - $1/$2"
    diff -u "$cases/$1/$2" "$work/got" | sed 's/^/# /'
    failed=1
  fi
}

# plan CASE FORMAT: what the plan looks like.
plan() {
  local qemu=$qemu
  [ -f "$cases/$1/qemu" ] && qemu=$(cat "$cases/$1/qemu")
  (cd "$cases/$1" && exec "$QRISER" plan --qemu="$qemu" --format="$2" "${args[@]:1}") \
    </dev/null >"$work/got" 2>"$work/err"
  local code=$?
  if [ $code -ne 0 ]; then
    echo "# $1: exit status $code"
    sed 's/^/# /' "$work/err"
  fi
  compare "$1" "expected.$2"
}

# whole CASE: output, error and status of the words as they are.
whole() {
  (cd "$cases/$1" && exec "$QRISER" "${args[@]}") </dev/null >"$work/out" 2>"$work/err"
  echo $? >"$work/status"
  cp "$work/err" "$work/got"
  [ -f "$cases/$1/expected.err" ] && compare "$1" expected.err
  cp "$work/out" "$work/got"
  [ -f "$cases/$1/expected.out" ] && compare "$1" expected.out
  cp "$work/status" "$work/got"
  compare "$1" status
}

# Where each call of a program with sanitizers takes long, every third case.
third=0
for directory in "$cases"/*/; do
  third=$(((third + 1) % 3))
  if [ "${QRISER_TEST_SLOW:-}" = yes ] && [ "$third" -ne 0 ]; then
    continue
  fi
  name=$(basename "$directory")
  read_args "$cases/$name"
  if [ -f "$cases/$name/status" ]; then
    whole "$name"
    continue
  fi
  for format in tree shell json; do
    [ -f "$cases/$name/expected.$format" ] && plan "$name" $format
  done
done
echo "1..$number"
exit $failed
