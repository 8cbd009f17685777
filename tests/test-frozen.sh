#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A version of a policy that is out does not change: what it gives for the lines of
# frozen/lines, or frozen/NAME.lines (with qriser's options in frozen/NAME.options), stands in frozen/NAME@VERSION, and the sums of all these files in
# frozen/SHA256SUMS.  Another rule is the next version, with a file of its own.
# Prints TAP.
#
# QRISER     the program
# SRCDIR     the source
# FREEZE=NAME@VERSION  writes the file of a new version, where there is none

set -u

# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

trap 'rm -rf "$work"' EXIT
frozen=$SRCDIR/tests/frozen

# words LINE: its words, one a line; "N*" stands for the two behind it N times.
words() {
  local -a all
  local i n

  read -ra all <<<"$1"
  for ((i = 0; i < ${#all[@]}; i++)); do
    if [[ ${all[i]} =~ ^([0-9]+)\*$ ]]; then
      for ((n = 1; n < BASH_REMATCH[1]; n++)); do
        printf '%s\n' "${all[i + 1]}" "${all[i + 2]}"
      done
    else
      printf '%s\n' "${all[i]}"
    fi
  done
}

# places POLICY: each line, and the devices that come of it, without the program.
places() {
  local line lines=$frozen/${1%@*}.lines
  local -a split options=()

  [ -e "$lines" ] || lines=$frozen/lines
  [ ! -e "${lines%.lines}.options" ] || mapfile -t options <"${lines%.lines}.options"
  while read -r line; do
    printf '$ %s\n' "$line"
    mapfile -t split < <(words "$line")
    "$QRISER" plan --policy="$1" ${options[@]+"${options[@]}"} --allow=io-windows --format=shell -- "${split[@]}" 2>/dev/null | sed 1d
  done <"$lines"
}

if [ -n "${FREEZE:-}" ] && [ ! -e "$frozen/$FREEZE" ]; then
  places "$FREEZE" >"$frozen/$FREEZE"
  (cd "$frozen" && sha256sum "$FREEZE" >>SHA256SUMS)
fi

for file in "$SRCDIR"/profiles/policies/*.json; do
  name=$(basename "$file" .json)
  name=${name%-*}@${name##*-}
  check "$name has its file" [ -s "$frozen/$name" ]
  check "$name gives what it gave" same "$(cat "$frozen/$name")" "$(places "$name")"
done
# shellcheck disable=SC2317 # check calls it
sums() { (cd "$frozen" && sha256sum --quiet --strict -c SHA256SUMS); }
check "the files are as they were: a changed rule is the next version" sums
check "all of them are summed" same "$(cd "$frozen" && find . -type f ! -name SHA256SUMS | sed 's,^./,,' | sort)" \
  "$(cut -c 67- "$frozen/SHA256SUMS" | sort)"

finish
