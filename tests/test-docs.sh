#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What documents say against what the program and its tables say. Prints TAP.
#
# SRCDIR   source tree; default: the parent of this directory
# QRISER   the program; default: build/qriser in the source tree
# shellcheck disable=SC2016,SC2317 # backquotes are Markdown's; an example calls qriser ()
set -u

SRCDIR=${SRCDIR:-$(cd "$(dirname "$0")/.." && pwd)}
QRISER=${QRISER:-$SRCDIR/build/qriser}
manual=$SRCDIR/launcher/qriser.1
completion=$SRCDIR/contrib/completions/qriser
readme=$SRCDIR/README
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0
failed=0

# Lines of text as TAP comments.
comment () { sed 's/^/# /'; }

# result STATUS NAME: one TAP line.
result ()
{
  number=$((number + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $number - $2"
  else
    echo "not ok $number - $2"
    failed=1
  fi
}

skip ()
{
  number=$((number + 1))
  echo "ok $number - $1 # SKIP $2"
}

# same NAME WANTED GOT: the two texts are equal, and not empty.
same ()
{
  if [ -n "$2" ] && [ "$2" = "$3" ]; then
    result 0 "$1"
  else
    diff <(printf '%s\n' "$2") <(printf '%s\n' "$3") | comment
    result 1 "$1"
  fi
}

# none NAME TEXT: the text, a list of faults, is empty.
none ()
{
  if [ -z "$2" ]; then
    result 0 "$1"
  else
    printf '%s\n' "$2" | comment
    result 1 "$1"
  fi
}

# manual_section NAME: its source.
manual_section () { awk -v name=".Sh $1" '$0 == name { on = 1; next } /^\.Sh / { on = 0 } on' "$manual"; }

# --- options and commands ---------------------------------------------------------------

# A switch without commands is a key of the drop-in face alone.
table_options=$(sed -n '/, 0, TRUE,/d; s/^  { "\([a-z-]*\)", QR_SWITCH_.*/--\1/p' "$SRCDIR/launcher/switches.c" | sort)
table_keys=$(sed -n '/TRUE,/s/^  { "\([a-z-]*\)", QR_SWITCH_.*/\1/p' "$SRCDIR/launcher/switches.c" | sort)
# --help and --version have no command and stand outside of the table.
table_all=$(printf '%s\n' "$table_options" --help --version | sort)
help_options=$("$QRISER" --help | sed -n 's/^  \(--[a-z-]*\).*/\1/p' | sort)
manual_options=$(manual_section OPTIONS | sed -n 's/^\.It Fl -\([a-z-]*\).*/--\1/p' | sort)
completion_options=$(grep -oE -e '--[a-z][a-z-]*' "$completion" | sort -u)

same "--help lists the options of the table" "$table_all" "$help_options"
same "the manual lists the options of the table" "$table_all" "$manual_options"
same "the completion lists the options of the table" "$table_all" "$completion_options"

same "the manual lists the keys of -qriser" "$table_keys" \
  "$(manual_section "THE DROP-IN FACE" | sed -n 's/^\.It Cm \([a-z-]*\)=.*/\1/p' | sort)"

table_commands=$(sed -n 's/^  { "\([a-z ]*\)", QR_COMMAND_.*/\1/p' "$SRCDIR/launcher/options.c" | sort)
same "--help lists the commands of the table" "$table_commands" \
  "$("$QRISER" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z ]*[a-z]\)  *.*/\1/p' | sed 's/   *.*//' | sort)"
same "the manual lists the commands of the table" "$table_commands" \
  "$(manual_section COMMANDS | sed -n 's/^\.It Ic \([a-z ]*\).*/\1/p' | sed 's/ $//' | sort)"

# words_of VARIABLE: the words that the completion has for it.
words_of ()
{
  awk -v name="local $1=" 'index($0, name) { on = 1; sub(/.*="/, "") } on { print } on && /"/ { exit }' "$completion" \
    | tr -d '"' | tr -s ' ' '\n' | sed '/^$/d' | sort
}

same "the completion has the commands of the table" "$table_commands" \
  "$(printf '%s\n' "$(words_of commands | grep -vx profile)" "$(words_of subcommands | sed 's/^/profile /')" | sort)"
same "the completion has the roles" "$("$QRISER" roles | sed 's/ .*/=/' | sort)" "$(words_of roles)"
formats=$("$QRISER" plan --format=? -- 2>&1 | sed -n 's/^  hint: //p' | tr -d ' ' | tr , '\n' | sort)
same "the completion has the formats" "$formats" "$(words_of formats)"
policies=$("$QRISER" plan --policy=? -- -nodefaults 2>&1 | sed -n 's/^  hint: policies are: //p' | tr -d ' ' | tr , '\n')
same "the completion has the policies" "$(printf '%s\n' "$policies" "${policies//@[0-9]/}" | sort -u)" "$(words_of policies)"

overlays=$(sed -n 's/.*"overlay": "\([^"]*\)".*/\1/p' "$SRCDIR/profiles/qemu/needs.json")
seccomp_profiles=$(cd "$SRCDIR/profiles/seccomp" && printf '%s\n' *.json off | sed 's/\.json$//' | grep -vxF "$overlays" | sort)
seccomp_parts=$(cd "$SRCDIR/profiles/seccomp/parts" && printf '%s\n' *.json "$overlays" | sed 's/\.json$//' | sort)
same "the completion has the seccomp profiles" "$seccomp_profiles" "$(words_of profiles)"
same "the manual has the seccomp profiles" "$seccomp_profiles" \
  "$(manual_section CONFINEMENT | sed -n 's/^\.It Cm \([a-z-]*\)$/\1/p' | sort)"
same "the manual has the parts and overlays of profiles" "$seccomp_parts" \
  "$(manual_section CONFINEMENT | sed -n 's/^\.It Cm +\([a-z0-9-]*\)$/\1/p' | sort)"
same "the manual has the keys of the configuration" \
  "$(sed -n 's/^  { "\([a-z-]*\)", SCOPE_.*/\1/p' "$SRCDIR/launcher/settings.c" | sort)" \
  "$(manual_section FILES | sed -n 's/^\.It Cm \([a-z-]*\) .*/\1/p' | sort)"

none "the manual has all formats" \
  "$(for word in $formats; do manual_section OPTIONS | grep -q "^\.Cm $word\$\|^\.Cm $word " || echo "no $word"; done)"
none "the manual has all policies" \
  "$(for word in $policies; do manual_section POLICIES | grep -qx "\.Cm $word" || echo "no $word"; done)"

# --- checks, exit statuses ----------------------------------------------------------------

codes=$(tr -s '[:space:]' ' ' <"$SRCDIR/launcher/check.c" | grep -oE '\{ "[a-z0-9-]+", \{ (REFUSED|ERROR|WARNING|NOTICE),' \
  | sed 's/[^a-zA-Z0-9 -]//g; s/^ *//; s/  */ /g' \
  | sed 's/REFUSED/error/; s/ERROR/allowable/; s/WARNING/warning/; s/NOTICE/notice/')
same "the manual has the checks with their severity" "$codes" \
  "$(manual_section CHECKS | sed -n 's/^\.It Cm \([a-z0-9-]*\) Pq \([a-z]*\)$/\1 \2/p')"
none "each check has a case of its own" \
  "$(printf '%s\n' "$codes" | while read -r code _; do [ -d "$SRCDIR/tests/cases/check-$code" ] || echo "no check-$code"; done)"
same "the completion has the checks" "$(printf '%s\n' "$codes" | cut -d ' ' -f 1 | sort)" "$(words_of codes)"
warnings=$(awk '/^const char \*const qr_plan_codes/ { on = 1 } on { print } on && /;/ { exit }' "$SRCDIR/launcher/plan.c" \
  | grep -oE '"[a-z-]+"' | tr -d '"' | sort)
same "the other codes are those that the program warns of" "$warnings" \
  "$(cat "$SRCDIR"/launcher/*.c | tr -s '[:space:]' ' ' \
    | grep -oE 'qr_warnings_add(_hinted)? ?\([^"]*"[a-z-]+",' | grep -oE '"[a-z-]+"' | tr -d '"' | sort -u)"
same "the manual has the other codes" "$warnings" \
  "$(manual_section WARNINGS | sed -n 's/^\.It Cm \([a-z-]*\).*/\1/p' | sort)"
same "the completion has the other codes" "$warnings" "$(words_of warnings)"
none "each other code is in a case, or in test-keep, test-fit or test-left" \
  "$(for code in $warnings; do
    grep -qE "\(${code}[,)]" "$SRCDIR"/tests/cases/*/expected.{tree,out} \
      || grep -q "\"$code\"" "$SRCDIR"/tests/test-{keep,fit,left}.c || echo "no $code"
  done)"
same "check takes all codes" "$(printf '%s\n' "$codes" "$warnings" | cut -d ' ' -f 1 | sort)" \
  "$("$QRISER" check --allow=? -- 2>&1 | sed -n 's/^  hint: //p' | tr -d ' ' | tr , '\n' | sort)"
same "the program has the checks" "$(printf '%s\n' "$codes" | cut -d ' ' -f 1)" \
  "$("$QRISER" plan --allow=? -- 2>&1 | sed -n 's/^  hint: //p' | tr -d ' ' | tr , '\n')"
same "the manual has the exit statuses of diag.h" \
  "$(sed -n 's/^  QR_STATUS_[A-Z_]* = \([0-9]*\),.*/\1/p' "$SRCDIR/launcher/diag.h")" \
  "$(manual_section "EXIT STATUS" | sed -n 's/^\.It \([0-9]*\)$/\1/p')"

if command -v mandoc >/dev/null; then
  none "mandoc finds no fault in the manual" "$(mandoc -Tlint -W warning "$manual" 2>/dev/null)"
else
  skip "mandoc finds no fault in the manual" "mandoc is not installed"
fi

# --- README, NEWS --------------------------------------------------------------------------

# The console examples: a line "$ command" with its continuations, and what it prints.
awk '
  /^```console$/ { on = 1; next }
  /^```$/ { on = 0 }
  !on { next }
  /^\$ / || joined { if (!joined) n++; joined = /\\$/; sub(/^\$ /, ""); print > (dir "/" n ".command"); next }
  { print > (dir "/" n ".wanted") }
' dir="$work" "$readme"
qriser () { "$QRISER" "$@"; }
examples=0
for command in "$work"/*.command; do
  [ -e "$command" ] || continue
  examples=$((examples + 1))
  # shellcheck source=/dev/null
  same "README: $(head -n 1 "$command" | cut -c 1-60)" "$(cat "${command%.command}.wanted")" "$(. "$command" 2>&1)"
done
result "$((examples < 2))" "README has examples"

missing=
while read -r path; do
  [ -e "$SRCDIR/$path" ] || missing+=" $path"
done < <(grep -oE '\b(contrib|launcher|profiles|tests|build-aux)/[A-Za-z0-9./_-]*[A-Za-z0-9]' "$readme" | sort -u)
for path in COPYING NEWS SECURITY; do
  if ! grep -qw "$path" "$readme" || ! [ -e "$SRCDIR/$path" ]; then
    missing+=" $path"
  fi
done
none "README names files that exist" "$missing"

version=$(sed -n 's/^AC_INIT(\[[a-z]*\], \[\([0-9.]*\)\].*/\1/p' "$SRCDIR/configure.ac")
address=$(sed -n 's/^AC_INIT([^,]*, [^,]*, \[\([^]]*\)\].*/\1/p' "$SRCDIR/configure.ac")
same "NEWS begins with the version of configure.ac" "qriser $version" "$(sed -n '1s/, .*//p' "$SRCDIR/NEWS")"
same "the program has the version of configure.ac" "qriser $version" "$("$QRISER" --version | head -n 1)"
none "README has the version of configure.ac" "$(grep -qF "$version" "$readme" || echo "no $version")"
none "SECURITY has the address of configure.ac" "$(grep -qF "$address" "$SRCDIR/SECURITY" || echo "no $address")"

# --- profiles/schema.md ------------------------------------------------------------------------

# Keys of the field tables.
keys=$(cat "$SRCDIR"/launcher/{catalog,confinement,learn-words,opened,probe-words,qemu-option,machine,policy,role,unplanned}.c \
  | tr -s '[:space:]' ' ' | grep -oE '\{ "[a-z0-9-]+", QR_FIELD_' | cut -d '"' -f 2 | sort -u)
documented=$(grep '^|' "$SRCDIR/profiles/schema.md" | cut -d '|' -f 2 | grep -oE '`[^`]+`' | tr -d '`' \
  | sed 's/.*\.//' | sort -u)
none "schema.md has every key of the tables" "$(comm -23 <(printf '%s\n' "$keys") <(printf '%s\n' "$documented"))"
seccomp_keys=$(awk '/ keys\[\]/ { on = 1 } on { print } /};/ { on = 0 }' "$SRCDIR"/launcher/seccomp-*.c \
  | grep -oE '"[A-Za-z]+"' | tr -d '"' | sort -u)
none "schema.md has every key of seccomp profiles" \
  "$(comm -23 <(printf '%s\n' "$seccomp_keys") <(printf '%s\n' "$documented"))"
none "schema.md has no key that no table has" \
  "$(comm -13 <(printf '%s\n' "$keys" "$seccomp_keys" family kind schema source | sort -u) <(printf '%s\n' "$documented" \
    | grep -vxE 'devices|buses|overlay|opened|options|defaults|machine|policy|controllers|roles|keys'))"

echo "1..$number"
exit "$failed"
