/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the profile reader refuses, in its own words. */
#include "config.h"

#include "seccomp-profile.h"

#include <linux/capability.h>
#include <string.h>

#define DENY "{\"defaultAction\": \"SCMP_ACT_ERRNO\", "
#define RULES(rules) DENY "\"syscalls\": [\n" rules "\n]}"
#define ARGS(args)                                                                                 \
  RULES ("{\"names\": [\"ioctl\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [\n" args "\n]}")

typedef struct
{
  const char *name, *text, *message;
} Case;

static const Case refusals[] = {
  { "empty",
    "{}",
    "qriser: error: \"defaultAction\" is missing here\n"
    "  p.json:1:1: {}\n"
    "              ^~\n" },
  { "array",
    "[]",
    "qriser: error: expected an object\n"
    "  p.json:1:1: []\n"
    "              ^~\n" },
  { "broken",
    "{'a': 1}",
    "qriser: error: broken JSON: expected a string in double quotes\n"
    "  p.json:1:2: {'a': 1}\n"
    "               ^\n" },
  { "key",
    DENY "\n\"archMaps\": []}",
    "qriser: error: unknown key \"archMaps\"; known are: defaultAction, defaultErrnoRet, defaultErrno, architectures, archMap, flags, syscalls, comment, source\n"
    "  p.json:2:1: \"archMaps\": []}\n"
    "              ^~~~~~~~~~\n" },
  { "listener",
    DENY "\n\"listenerPath\": \"/run/x\"}",
    "qriser: error: unknown key \"listenerPath\"; known are: defaultAction, defaultErrnoRet, defaultErrno, architectures, archMap, flags, syscalls, comment, source\n"
    "  p.json:2:1: \"listenerPath\": \"/run/x\"}\n"
    "              ^~~~~~~~~~~~~~\n" },
  { "default-action",
    "{\"defaultAction\": \"ERRNO\"}",
    "qriser: error: unknown action \"ERRNO\"; known are: SCMP_ACT_ALLOW, SCMP_ACT_ERRNO, SCMP_ACT_KILL, SCMP_ACT_KILL_PROCESS, SCMP_ACT_KILL_THREAD, SCMP_ACT_LOG, SCMP_ACT_TRAP\n"
    "  p.json:1:19: {\"defaultAction\": \"ERRNO\"}\n"
    "                                 ^~~~~~~\n" },
  { "default-action-type",
    "{\"defaultAction\": 1}",
    "qriser: error: expected a string\n"
    "  p.json:1:19: {\"defaultAction\": 1}\n"
    "                                 ^\n" },
  { "default-trace",
    "{\"defaultAction\": \"SCMP_ACT_TRACE\"}",
    "qriser: error: action \"SCMP_ACT_TRACE\" is refused: it needs a process that stays beside QEMU\n"
    "  p.json:1:19: {\"defaultAction\": \"SCMP_ACT_TRACE\"}\n"
    "                                 ^~~~~~~~~~~~~~~~\n" },
  { "default-errno-beside-allow",
    "{\"defaultAction\": \"SCMP_ACT_ALLOW\",\n \"defaultErrnoRet\": 1}",
    "qriser: error: \"defaultErrnoRet\" beside an action that takes no error number\n"
    "  p.json:2:21:  \"defaultErrnoRet\": 1}\n"
    "                                   ^\n"
    "  hint: only SCMP_ACT_ERRNO takes one\n" },
  { "default-errno-large",
    DENY "\n \"defaultErrnoRet\": 4095}",
    "qriser: error: expected a whole number, 0 to 4094\n"
    "  p.json:2:21:  \"defaultErrnoRet\": 4095}\n"
    "                                   ^~~~\n" },
  { "default-errno-null",
    DENY "\n \"defaultErrnoRet\": null}",
    "qriser: error: expected a whole number, 0 to 4094\n"
    "  p.json:2:21:  \"defaultErrnoRet\": null}\n"
    "                                   ^~~~\n" },
  { "architectures-type",
    DENY "\n\"architectures\": \"SCMP_ARCH_X86_64\"}",
    "qriser: error: expected an array\n"
    "  p.json:2:18: \"architectures\": \"SCMP_ARCH_X86_64\"}\n"
    "                                ^~~~~~~~~~~~~~~~~~\n" },
  { "architecture",
    DENY "\n\"architectures\": [\"SCMP_ARCH_X86_63\"]}",
    "qriser: error: no architecture is named \"SCMP_ARCH_X86_63\"\n"
    "  p.json:2:19: \"architectures\": [\"SCMP_ARCH_X86_63\"]}\n"
    "                                 ^~~~~~~~~~~~~~~~~~\n"
    "  hint: did you mean \"SCMP_ARCH_X86_64\"?\n" },
  { "architecture-case",
    DENY "\n\"architectures\": [\"SCMP_ARCH_x86_64\"]}",
    "qriser: error: no architecture is named \"SCMP_ARCH_x86_64\"\n"
    "  p.json:2:19: \"architectures\": [\"SCMP_ARCH_x86_64\"]}\n"
    "                                 ^~~~~~~~~~~~~~~~~~\n"
    "  hint: did you mean \"SCMP_ARCH_X86_64\"?\n" },
  { "architecture-prefix",
    DENY "\n\"architectures\": [\"X86_64\"]}",
    "qriser: error: no architecture is named \"X86_64\"\n"
    "  p.json:2:19: \"architectures\": [\"X86_64\"]}\n"
    "                                 ^~~~~~~~\n" },
  { "architecture-foreign",
    DENY "\n\"architectures\": [\"SCMP_ARCH_PARISC\"]}",
    "qriser: error: the profile is not for this machine's architecture\n"
    "  p.json:2:18: \"architectures\": [\"SCMP_ARCH_PARISC\"]}\n"
    "                                ^~~~~~~~~~~~~~~~~~~~\n" },
  { "architectures-none",
    DENY "\n\"architectures\": []}",
    "qriser: error: the profile is not for this machine's architecture\n"
    "  p.json:2:18: \"architectures\": []}\n"
    "                                ^~\n" },
  { "architecture-later",
    DENY "\n\"architectures\": [\"SCMP_ARCH_LOONGARCH46\"]}",
    "qriser: error: no architecture is named \"SCMP_ARCH_LOONGARCH46\"\n"
    "  p.json:2:19: \"architectures\": [\"SCMP_ARCH_LOONGARCH46\"]}\n"
    "                                 ^~~~~~~~~~~~~~~~~~~~~~~\n"
    "  hint: did you mean \"SCMP_ARCH_LOONGARCH64\"?\n" },
  { "architectures-later",
    DENY "\n\"architectures\": [\"SCMP_ARCH_LOONGARCH64\", \"SCMP_ARCH_M68K\"]}",
    "qriser: error: the profile is not for this machine's architecture\n"
    "  p.json:2:18: \"architectures\": [\"SCMP_ARCH_LOONGARCH64\", \"SCMP_ARCH_M68K\"]}\n"
    "                                ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n" },
  { "flag",
    DENY "\n\"flags\": [\"SECCOMP_FILTER_FLAG_LOGS\"]}",
    "qriser: error: unknown flag \"SECCOMP_FILTER_FLAG_LOGS\"; known are: SECCOMP_FILTER_FLAG_LOG, SECCOMP_FILTER_FLAG_SPEC_ALLOW, SECCOMP_FILTER_FLAG_TSYNC\n"
    "  p.json:2:11: \"flags\": [\"SECCOMP_FILTER_FLAG_LOGS\"]}\n"
    "                         ^~~~~~~~~~~~~~~~~~~~~~~~~~\n" },
  { "flag-listener",
    DENY "\n\"flags\": [\"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\"]}",
    "qriser: error: flag \"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\" is refused: it needs a process that stays beside QEMU\n"
    "  p.json:2:11: \"flags\": [\"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\"]}\n"
    "                         ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n" },
  { "syscalls-type",
    DENY "\n\"syscalls\": {}}",
    "qriser: error: expected an array\n"
    "  p.json:2:13: \"syscalls\": {}}\n"
    "                           ^~\n" },
  { "rule-type",
    RULES ("[]"),
    "qriser: error: expected an object\n"
    "  p.json:2:1: []\n"
    "              ^~\n" },
  { "rule-key",
    RULES ("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\", \"include\": {}}"),
    "qriser: error: unknown key \"include\"; known are: names, name, action, errnoRet, errno, args, includes, excludes, comment\n"
    "  p.json:2:49: {\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\", \"include\": {}}\n"
    "                                                               ^~~~~~~~~\n" },
  { "no-names",
    RULES ("{\"action\": \"SCMP_ACT_ALLOW\"}"),
    "qriser: error: \"names\" is missing here\n"
    "  p.json:2:1: {\"action\": \"SCMP_ACT_ALLOW\"}\n"
    "              ^~~~~~~~~~~~~~~~~~~~~~~~~~~~\n" },
  { "empty-names",
    RULES ("{\"names\": [], \"action\": \"SCMP_ACT_ALLOW\"}"),
    "qriser: error: a rule names at least one system call\n"
    "  p.json:2:11: {\"names\": [], \"action\": \"SCMP_ACT_ALLOW\"}\n"
    "                         ^~\n" },
  { "names-type",
    RULES ("{\"names\": \"read\", \"action\": \"SCMP_ACT_ALLOW\"}"),
    "qriser: error: expected an array\n"
    "  p.json:2:11: {\"names\": \"read\", \"action\": \"SCMP_ACT_ALLOW\"}\n"
    "                         ^~~~~~\n" },
  { "name-type",
    RULES ("{\"names\": [0], \"action\": \"SCMP_ACT_ALLOW\"}"),
    "qriser: error: expected a string\n"
    "  p.json:2:12: {\"names\": [0], \"action\": \"SCMP_ACT_ALLOW\"}\n"
    "                          ^\n" },
  { "unknown-name",
    RULES ("{\"names\": [\"read\", \"wriet\"], \"action\": \"SCMP_ACT_KILL\"}"),
    "qriser: error: no system call is named \"wriet\"\n"
    "  p.json:2:20: {\"names\": [\"read\", \"wriet\"], \"action\": \"SCMP_ACT_KILL\"}\n"
    "                                  ^~~~~~~\n"
    "  hint: check the spelling against syscalls(2)\n" },
  { "empty-name",
    RULES ("{\"names\": [\"\"], \"action\": \"SCMP_ACT_ALLOW\"}"),
    "qriser: error: no system call is named \"\"\n"
    "  p.json:2:12: {\"names\": [\"\"], \"action\": \"SCMP_ACT_ALLOW\"}\n"
    "                          ^~\n"
    "  hint: check the spelling against syscalls(2)\n" },
  { "no-action",
    RULES ("{\"names\": [\"read\"]}"),
    "qriser: error: \"action\" is missing here\n"
    "  p.json:2:1: {\"names\": [\"read\"]}\n"
    "              ^~~~~~~~~~~~~~~~~~~\n" },
  { "action",
    RULES ("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_DENY\"}"),
    "qriser: error: unknown action \"SCMP_ACT_DENY\"; known are: SCMP_ACT_ALLOW, SCMP_ACT_ERRNO, SCMP_ACT_KILL, SCMP_ACT_KILL_PROCESS, SCMP_ACT_KILL_THREAD, SCMP_ACT_LOG, SCMP_ACT_TRAP\n"
    "  p.json:2:31: {\"names\": [\"read\"], \"action\": \"SCMP_ACT_DENY\"}\n"
    "                                             ^~~~~~~~~~~~~~~\n" },
  { "notify",
    RULES ("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_NOTIFY\"}"),
    "qriser: error: action \"SCMP_ACT_NOTIFY\" is refused: it needs a process that stays beside QEMU\n"
    "  p.json:2:31: {\"names\": [\"read\"], \"action\": \"SCMP_ACT_NOTIFY\"}\n"
    "                                             ^~~~~~~~~~~~~~~~~\n" },
  { "trace",
    RULES ("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_TRACE\"}"),
    "qriser: error: action \"SCMP_ACT_TRACE\" is refused: it needs a process that stays beside QEMU\n"
    "  p.json:2:31: {\"names\": [\"read\"], \"action\": \"SCMP_ACT_TRACE\"}\n"
    "                                             ^~~~~~~~~~~~~~~~\n" },
  { "errno-beside-kill",
    RULES ("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_KILL\", \"errnoRet\": 1}"),
    "qriser: error: \"errnoRet\" beside an action that takes no error number\n"
    "  p.json:2:60: {\"names\": [\"read\"], \"action\": \"SCMP_ACT_KILL\", \"errnoRet\": 1}\n"
    "                                                                          ^\n"
    "  hint: only SCMP_ACT_ERRNO takes one\n" },
  { "errno-large",
    RULES ("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 4095}"),
    "qriser: error: expected a whole number, 0 to 4094\n"
    "  p.json:2:61: {\"names\": [\"read\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 4095}\n"
    "                                                                           ^~~~\n" },
  { "errno-name",
    RULES ("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": \"EPERM\"}"),
    "qriser: error: expected a whole number, 0 to 4094\n"
    "  p.json:2:61: {\"names\": [\"read\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": \"EPERM\"}\n"
    "                                                                           ^~~~~~~\n" },
  { "argument-key",
    ARGS ("{\"index\": 0, \"value\": 1, \"op\": \"SCMP_CMP_EQ\", \"value2\": 1}"),
    "qriser: error: unknown key \"value2\"; known are: index, value, valueTwo, op\n"
    "  p.json:3:47: {\"index\": 0, \"value\": 1, \"op\": \"SCMP_CMP_EQ\", \"value2\": 1}\n"
    "                                                             ^~~~~~~~\n" },
  { "argument-index",
    ARGS ("{\"index\": 6, \"value\": 1, \"op\": \"SCMP_CMP_EQ\"}"),
    "qriser: error: expected a whole number, 0 to 5\n"
    "  p.json:3:11: {\"index\": 6, \"value\": 1, \"op\": \"SCMP_CMP_EQ\"}\n"
    "                         ^\n" },
  { "argument-no-index",
    ARGS ("{\"value\": 1, \"op\": \"SCMP_CMP_EQ\"}"),
    "qriser: error: \"index\" is missing here\n"
    "  p.json:3:1: {\"value\": 1, \"op\": \"SCMP_CMP_EQ\"}\n"
    "              ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n" },
  { "argument-no-value",
    ARGS ("{\"index\": 0, \"op\": \"SCMP_CMP_EQ\"}"),
    "qriser: error: \"value\" is missing here\n"
    "  p.json:3:1: {\"index\": 0, \"op\": \"SCMP_CMP_EQ\"}\n"
    "              ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n" },
  { "argument-no-operator",
    ARGS ("{\"index\": 0, \"value\": 1}"),
    "qriser: error: \"op\" is missing here\n"
    "  p.json:3:1: {\"index\": 0, \"value\": 1}\n"
    "              ^~~~~~~~~~~~~~~~~~~~~~~~\n" },
  { "operator",
    ARGS ("{\"index\": 0, \"value\": 1, \"op\": \"==\"}"),
    "qriser: error: unknown operator \"==\"; known are: SCMP_CMP_EQ, SCMP_CMP_GE, SCMP_CMP_GT, SCMP_CMP_LE, SCMP_CMP_LT, SCMP_CMP_MASKED_EQ, SCMP_CMP_NE\n"
    "  p.json:3:32: {\"index\": 0, \"value\": 1, \"op\": \"==\"}\n"
    "                                              ^~~~\n" },
  { "order-lt",
    ARGS ("{\"index\": 0, \"value\": 0, \"op\": \"SCMP_CMP_LT\"}"),
    "qriser: error: with this \"value\" the comparison holds for no argument\n"
    "  p.json:3:23: {\"index\": 0, \"value\": 0, \"op\": \"SCMP_CMP_LT\"}\n"
    "                                     ^\n"
    "  hint: drop the rule\n" },
  { "order-le",
    ARGS ("{\"index\": 0, \"value\": 18446744073709551615, \"op\": \"SCMP_CMP_LE\"}"),
    "qriser: error: with this \"value\" the comparison holds for every argument\n"
    "  p.json:3:23: {\"index\": 0, \"value\": 18446744073709551615, \"op\": \"SCMP_CMP_LE\"}\n"
    "                                     ^~~~~~~~~~~~~~~~~~~~\n"
    "  hint: drop the comparison\n" },
  { "order-gt",
    ARGS ("{\"index\": 0, \"value\": 18446744073709551615, \"op\": \"SCMP_CMP_GT\"}"),
    "qriser: error: with this \"value\" the comparison holds for no argument\n"
    "  p.json:3:23: {\"index\": 0, \"value\": 18446744073709551615, \"op\": \"SCMP_CMP_GT\"}\n"
    "                                     ^~~~~~~~~~~~~~~~~~~~\n"
    "  hint: drop the rule\n" },
  { "order-ge",
    ARGS ("{\"index\": 0, \"value\": 0, \"op\": \"SCMP_CMP_GE\"}"),
    "qriser: error: with this \"value\" the comparison holds for every argument\n"
    "  p.json:3:23: {\"index\": 0, \"value\": 0, \"op\": \"SCMP_CMP_GE\"}\n"
    "                                     ^\n"
    "  hint: drop the comparison\n" },
  { "order-twice",
    ARGS ("{\"index\": 0, \"value\": 1, \"op\": \"SCMP_CMP_GE\"},\n" "{\"index\": 0, \"value\": 9, \"op\": \"SCMP_CMP_LT\"}"),
    "qriser: error: argument 0 is compared twice in one rule\n"
    "  p.json:4:1: {\"index\": 0, \"value\": 9, \"op\": \"SCMP_CMP_LT\"}\n"
    "              ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n"
    "  hint: two rules would be alternatives; compare it once, or have a rule for each value\n" },
  { "order-contradicts",
    RULES ("{\"name\": \"socket\", \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{\"index\": 0, \"value\": 39, \"op\": \"SCMP_CMP_LT\"}]},\n"
           "{\"name\": \"socket\", \"action\": \"SCMP_ACT_KILL\", \"args\": [{\"index\": 0, \"value\": 38, \"op\": \"SCMP_CMP_EQ\"}]}"),
    "qriser: error: contradictory actions for \"socket\"\n"
    "  p.json:3:10: {\"name\": \"socket\", \"action\": \"SCMP_ACT_KILL\", \"args\": [{\"...\n"
    "                        ^~~~~~~~\n"
    "  the other is here:\n"
    "  p.json:2:10: {\"name\": \"socket\", \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{...\n"
    "                        ^~~~~~~~\n"
    "  hint: keep one of the two\n" },
  { "value-negative",
    ARGS ("{\"index\": 0, \"value\": -1, \"op\": \"SCMP_CMP_EQ\"}"),
    "qriser: error: expected a whole number, 0 to 18446744073709551615\n"
    "  p.json:3:23: {\"index\": 0, \"value\": -1, \"op\": \"SCMP_CMP_EQ\"}\n"
    "                                     ^~\n" },
  { "value-fraction",
    ARGS ("{\"index\": 0, \"value\": 1.5, \"op\": \"SCMP_CMP_EQ\"}"),
    "qriser: error: expected a whole number, 0 to 18446744073709551615\n"
    "  p.json:3:23: {\"index\": 0, \"value\": 1.5, \"op\": \"SCMP_CMP_EQ\"}\n"
    "                                     ^~~\n" },
  { "value-too-large",
    ARGS ("{\"index\": 0, \"value\": 18446744073709551616, \"op\": \"SCMP_CMP_EQ\"}"),
    "qriser: error: broken JSON: the number does not fit 64 bits\n"
    "  p.json:3:23: {\"index\": 0, \"value\": 18446744073709551616, \"op\": \"SCMP_CMP_EQ\"...\n"
    "                                     ^\n" },
  { "second-value",
    ARGS ("{\"index\": 0, \"value\": 1, \"valueTwo\": 2, \"op\": \"SCMP_CMP_NE\"}"),
    "qriser: error: \"valueTwo\" beside an operator that takes one value\n"
    "  p.json:3:38: {\"index\": 0, \"value\": 1, \"valueTwo\": 2, \"op\": \"SCMP_CMP_NE\"}\n"
    "                                                    ^\n"
    "  hint: only SCMP_CMP_MASKED_EQ compares with two\n" },
  { "mask-zero",
    ARGS ("{\"index\": 0, \"value\": 0, \"op\": \"SCMP_CMP_MASKED_EQ\"}"),
    "qriser: error: a mask of 0 compares nothing\n"
    "  p.json:3:23: {\"index\": 0, \"value\": 0, \"op\": \"SCMP_CMP_MASKED_EQ\"}\n"
    "                                     ^\n"
    "  hint: drop the comparison\n" },
  { "mask-exceeded",
    ARGS ("{\"index\": 0, \"value\": 6, \"valueTwo\": 3, \"op\": \"SCMP_CMP_MASKED_EQ\"}"),
    "qriser: error: \"valueTwo\" has bits outside the mask, so the rule never applies\n"
    "  p.json:3:38: {\"index\": 0, \"value\": 6, \"valueTwo\": 3, \"op\": \"SCMP_CMP_MASKED_EQ\"}\n"
    "                                                    ^\n"
    "  hint: \"value\" is the mask, \"valueTwo\" what is expected under it\n" },
  { "argument-twice",
    ARGS ("{\"index\": 1, \"value\": 1, \"op\": \"SCMP_CMP_NE\"},\n" "{\"index\": 1, \"value\": 2, \"op\": \"SCMP_CMP_NE\"}"),
    "qriser: error: argument 1 is compared twice in one rule\n"
    "  p.json:4:1: {\"index\": 1, \"value\": 2, \"op\": \"SCMP_CMP_NE\"}\n"
    "              ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n"
    "  hint: two rules would be alternatives; compare it once, or have a rule for each value\n" },
  { "arch-map-beside",
    DENY "\"architectures\": [\"SCMP_ARCH_X86_64\"]," "\n" "\"archMap\": [{\"architecture\": \"SCMP_ARCH_X86_64\"}]}",
    "qriser: error: \"archMap\" beside \"architectures\"\n"
    "  p.json:2:12: \"archMap\": [{\"architecture\": \"SCMP_ARCH_X86_64\"}]}\n"
    "                          ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n"
    "  hint: keep one of the two\n" },
  { "arch-map-for-others",
    DENY "\"archMap\": [{\"architecture\": \"SCMP_ARCH_S390X\", \"subArchitectures\": [\"SCMP_ARCH_X86_64\"]}]}",
    "qriser: error: the profile is not for this machine's architecture\n"
    "  p.json:1:48: {\"defaultAction\": \"SCMP_ACT_ERRNO\", \"archMap\": [{\"architecture\": \"SCMP_ARCH_S390X\", \"subArchitectures\": [\"SCMP_ARCH_X86_64\"]}]}\n"
    "                                                              ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n" },
  { "arch-map-unknown",
    DENY "\"archMap\": [{\"architecture\": \"SCMP_ARCH_X86_64\", \"subArchitectures\": [\"SCMP_ARCH_X33\"]}]}",
    "qriser: error: no architecture is named \"SCMP_ARCH_X33\"\n"
    "  p.json:1:107: ... [{\"architecture\": \"SCMP_ARCH_X86_64\", \"subArchitectures\": [\"SCMP_ARCH_X33\"]}]}\n"
    "                                                                               ^~~~~~~~~~~~~~~\n"
    "  hint: did you mean \"SCMP_ARCH_X32\"?\n" },
  { "arch-map-list",
    DENY "\"archMap\": [\"SCMP_ARCH_X86_64\"]}",
    "qriser: error: expected an object\n"
    "  p.json:1:49: {\"defaultAction\": \"SCMP_ACT_ERRNO\", \"archMap\": [\"SCMP_ARCH_X86_64\"]}\n"
    "                                                               ^~~~~~~~~~~~~~~~~~\n" },
  { "arch-map-without",
    DENY "\"archMap\": [{\"subArchitectures\": []}]}",
    "qriser: error: \"architecture\" is missing here\n"
    "  p.json:1:49: {\"defaultAction\": \"SCMP_ACT_ERRNO\", \"archMap\": [{\"subArchitectures\": []}]}\n"
    "                                                               ^~~~~~~~~~~~~~~~~~~~~~~~\n" },
  { "arch-map-key",
    DENY "\"archMap\": [{\"architecture\": \"SCMP_ARCH_X86_64\", \"arches\": []}]}",
    "qriser: error: unknown key \"arches\"; known are: architecture, subArchitectures\n"
    "  p.json:1:86: ...CT_ERRNO\", \"archMap\": [{\"architecture\": \"SCMP_ARCH_X86_64\", \"arches\": []}]}\n"
    "                                                                              ^~~~~~~~\n" },
  { "name-beside-names",
    RULES ("{\"name\": \"read\", \"names\": [\"write\"], \"action\": \"SCMP_ACT_ALLOW\"}"),
    "qriser: error: \"name\" beside \"names\"\n"
    "  p.json:2:10: {\"name\": \"read\", \"names\": [\"write\"], \"action\": \"SCMP_AC...\n"
    "                        ^~~~~~\n"
    "  hint: keep one of the two\n" },
  { "name-unknown",
    RULES ("{\"name\": \"wriet\", \"action\": \"SCMP_ACT_KILL\"}"),
    "qriser: error: no system call is named \"wriet\"\n"
    "  p.json:2:10: {\"name\": \"wriet\", \"action\": \"SCMP_ACT_KILL\"}\n"
    "                        ^~~~~~~\n"
    "  hint: check the spelling against syscalls(2)\n" },
  { "name-empty",
    RULES ("{\"name\": \"\", \"action\": \"SCMP_ACT_ALLOW\"}"),
    "qriser: error: no system call is named \"\"\n"
    "  p.json:2:10: {\"name\": \"\", \"action\": \"SCMP_ACT_ALLOW\"}\n"
    "                        ^~\n"
    "  hint: check the spelling against syscalls(2)\n" },
  { "go-architecture",
    RULES ("{\"name\": \"read\", \"action\": \"SCMP_ACT_ALLOW\", \"includes\": {\"arches\": [\"x86_64\"]}}"),
    "qriser: error: no architecture is named \"x86_64\"\n"
    "  p.json:2:70: ...\"read\", \"action\": \"SCMP_ACT_ALLOW\", \"includes\": {\"arches\": [\"x86_64\"]}}\n"
    "                                                                              ^~~~~~~~\n"
    "  hint: did you mean \"amd64\"? architectures have Go's names here, as amd64 and arm64\n" },
  { "go-architecture-elsewhere",
    RULES ("{\"name\": \"read\", \"action\": \"SCMP_ACT_ALLOW\", \"excludes\": {\"arches\": [\"aarch64\"]}}"),
    "qriser: error: no architecture is named \"aarch64\"\n"
    "  p.json:2:70: ...\"read\", \"action\": \"SCMP_ACT_ALLOW\", \"excludes\": {\"arches\": [\"aarch64\"]}}\n"
    "                                                                              ^~~~~~~~~\n"
    "  hint: did you mean \"arm64\"? architectures have Go's names here, as amd64 and arm64\n" },
  { "go-architecture-misspelt",
    RULES ("{\"name\": \"read\", \"action\": \"SCMP_ACT_KILL\", \"includes\": {\"arches\": [\"amd46\"]}}"),
    "qriser: error: no architecture is named \"amd46\"\n"
    "  p.json:2:69: ... \"read\", \"action\": \"SCMP_ACT_KILL\", \"includes\": {\"arches\": [\"amd46\"]}}\n"
    "                                                                              ^~~~~~~\n"
    "  hint: did you mean \"amd64\"? architectures have Go's names here, as amd64 and arm64\n" },
  { "go-architecture-excluded",
    RULES ("{\"name\": \"read\", \"action\": \"SCMP_ACT_KILL\", \"excludes\": {\"arches\": [\"amd64\", \"s390y\"]}}"),
    "qriser: error: no architecture is named \"s390y\"\n"
    "  p.json:2:78: ...\"action\": \"SCMP_ACT_KILL\", \"excludes\": {\"arches\": [\"amd64\", \"s390y\"]}}\n"
    "                                                                              ^~~~~~~\n"
    "  hint: did you mean \"s390\"? architectures have Go's names here, as amd64 and arm64\n" },
  { "go-architecture-unlike",
    RULES ("{\"name\": \"read\", \"action\": \"SCMP_ACT_KILL\", \"includes\": {\"arches\": [\"\"]}}"),
    "qriser: error: no architecture is named \"\"\n"
    "  p.json:2:69: ... \"read\", \"action\": \"SCMP_ACT_KILL\", \"includes\": {\"arches\": [\"\"]}}\n"
    "                                                                              ^~\n"
    "  hint: architectures have Go's names here, as amd64 and arm64\n" },
  { "capability",
    RULES ("{\"name\": \"read\", \"action\": \"SCMP_ACT_ALLOW\", \"excludes\": {\"caps\": [\"SYS_ADMIN\"]}}"),
    "qriser: error: no capability is named \"SYS_ADMIN\"\n"
    "  p.json:2:68: ...: \"read\", \"action\": \"SCMP_ACT_ALLOW\", \"excludes\": {\"caps\": [\"SYS_ADMIN\"]}}\n"
    "                                                                              ^~~~~~~~~~~\n"
    "  hint: did you mean \"CAP_SYS_ADMIN\"? they stand in capabilities(7)\n" },
  { "capability-misspelt",
    RULES ("{\"name\": \"read\", \"action\": \"SCMP_ACT_KILL\", \"includes\": {\"caps\": [\"CAP_NET_RAV\"]}}"),
    "qriser: error: no capability is named \"CAP_NET_RAV\"\n"
    "  p.json:2:67: ...\": \"read\", \"action\": \"SCMP_ACT_KILL\", \"includes\": {\"caps\": [\"CAP_NET_RAV\"]}}\n"
    "                                                                              ^~~~~~~~~~~~~\n"
    "  hint: did you mean \"CAP_NET_RAW\"? they stand in capabilities(7)\n" },
  { "kernel-word",
    RULES ("{\"name\": \"read\", \"action\": \"SCMP_ACT_ALLOW\", \"includes\": {\"minKernel\": \"4\"}}"),
    "qriser: error: \"4\" is no version of Linux\n"
    "  p.json:2:72: ...ead\", \"action\": \"SCMP_ACT_ALLOW\", \"includes\": {\"minKernel\": \"4\"}}\n"
    "                                                                              ^~~\n"
    "  hint: it has two numbers, as \"4.8\"\n" },
  { "kernel-three",
    RULES ("{\"name\": \"read\", \"action\": \"SCMP_ACT_ALLOW\", \"includes\": {\"minKernel\": \"4.8.1\"}}"),
    "qriser: error: \"4.8.1\" is no version of Linux\n"
    "  p.json:2:72: ...ead\", \"action\": \"SCMP_ACT_ALLOW\", \"includes\": {\"minKernel\": \"4.8.1\"}}\n"
    "                                                                              ^~~~~~~\n"
    "  hint: it has two numbers, as \"4.8\"\n" },
  { "kernel-number",
    RULES ("{\"name\": \"read\", \"action\": \"SCMP_ACT_ALLOW\", \"includes\": {\"minKernel\": 4.8}}"),
    "qriser: error: expected a string\n"
    "  p.json:2:72: ...ead\", \"action\": \"SCMP_ACT_ALLOW\", \"includes\": {\"minKernel\": 4.8}}\n"
    "                                                                              ^~~\n" },
  { "condition-key",
    RULES ("{\"name\": \"read\", \"action\": \"SCMP_ACT_ALLOW\", \"includes\": {\"kernel\": \"4.8\"}}"),
    "qriser: error: unknown key \"kernel\"; known are: arches, caps, minKernel\n"
    "  p.json:2:59: {\"name\": \"read\", \"action\": \"SCMP_ACT_ALLOW\", \"includes\": {\"kernel\": \"4.8\"}}\n"
    "                                                                         ^~~~~~~~\n" },
  { "conditions-list",
    RULES ("{\"name\": \"read\", \"action\": \"SCMP_ACT_ALLOW\", \"includes\": []}"),
    "qriser: error: expected an object\n"
    "  p.json:2:58: {\"name\": \"read\", \"action\": \"SCMP_ACT_ALLOW\", \"includes\": []}\n"
    "                                                                        ^~\n" },
  { "errno-unknown",
    RULES ("{\"name\": \"read\", \"action\": \"SCMP_ACT_ERRNO\", \"errno\": \"ENONSENSE\"}"),
    "qriser: error: no error is named \"ENONSENSE\"\n"
    "  p.json:2:55: {\"name\": \"read\", \"action\": \"SCMP_ACT_ERRNO\", \"errno\": \"ENONSENSE\"}\n"
    "                                                                     ^~~~~~~~~~~\n"
    "  hint: they stand in errno(3)\n" },
  { "errno-differs",
    RULES ("{\"name\": \"read\", \"action\": \"SCMP_ACT_ERRNO\", \"errno\": \"EINVAL\", \"errnoRet\": 1}"),
    "qriser: error: \"errno\" is another error than \"errnoRet\"\n"
    "  p.json:2:55: {\"name\": \"read\", \"action\": \"SCMP_ACT_ERRNO\", \"errno\": \"EINVAL\", \"errnoRet\": 1}\n"
    "                                                                     ^~~~~~~~\n"
    "  hint: keep one of the two\n" },
  { "errno-beside-allow",
    RULES ("{\"name\": \"read\", \"action\": \"SCMP_ACT_ALLOW\", \"errno\": \"EINVAL\"}"),
    "qriser: error: \"errno\" beside an action that takes no error number\n"
    "  p.json:2:55: {\"name\": \"read\", \"action\": \"SCMP_ACT_ALLOW\", \"errno\": \"EINVAL\"}\n"
    "                                                                     ^~~~~~~~\n"
    "  hint: only SCMP_ACT_ERRNO takes one\n" },
  { "elsewhere-is-read",
    RULES ("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{\"index\": 6, \"value\": 1, \"op\": \"SCMP_CMP_EQ\"}], \"includes\": {\"arches\": [\"s390x\"]}}"),
    "qriser: error: expected a whole number, 0 to 5\n"
    "  p.json:2:68: ...\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{\"index\": 6, \"value\": 1, \"op\": \"SCMP_CMP_EQ\"}], \"in...\n"
    "                                                                              ^\n" },
  { "contradiction",
    RULES ("{\"names\": [\"read\", \"ptrace\"],"
    " \"action\": \"SCMP_ACT_ALLOW\"},\n" "{\"names\": [\"ptrace\"],"
    " \"action\": \"SCMP_ACT_KILL\"}"),
    "qriser: error: contradictory actions for \"ptrace\"\n"
    "  p.json:3:12: {\"names\": [\"ptrace\"], \"action\": \"SCMP_ACT_KILL\"}\n"
    "                          ^~~~~~~~\n"
    "  the other is here:\n"
    "  p.json:2:20: {\"names\": [\"read\", \"ptrace\"], \"action\": \"SCMP_ACT_ALLOW\"},\n"
    "                                  ^~~~~~~~\n"
    "  hint: keep one of the two\n" },
  { "contradicts-default",
    RULES ("{\"names\": [\"ptrace\"],"
    " \"action\": \"SCMP_ACT_ALLOW\"},\n" "{\"names\": [\"ptrace\"],"
    " \"action\": \"SCMP_ACT_ERRNO\"}"),
    "qriser: error: contradictory actions for \"ptrace\"\n"
    "  p.json:3:12: {\"names\": [\"ptrace\"], \"action\": \"SCMP_ACT_ERRNO\"}\n"
    "                          ^~~~~~~~\n"
    "  the other is here:\n"
    "  p.json:2:12: {\"names\": [\"ptrace\"], \"action\": \"SCMP_ACT_ALLOW\"},\n"
    "                          ^~~~~~~~\n"
    "  hint: keep one of the two\n" },
  { "contradiction-under-condition",
    RULES ("{\"names\": [\"prctl\"],"
    " \"action\": \"SCMP_ACT_ALLOW\"},\n" "{\"names\": [\"prctl\"],"
    " \"action\": \"SCMP_ACT_ERRNO\", \"args\": [{\"index\": 0, \"value\": 22, \"op\": \"SCMP_CMP_EQ\"}]}"),
    "qriser: error: contradictory actions for \"prctl\"\n"
    "  p.json:3:12: {\"names\": [\"prctl\"], \"action\": \"SCMP_ACT_ERRNO\", \"args\": [...\n"
    "                          ^~~~~~~\n"
    "  the other is here:\n"
    "  p.json:2:12: {\"names\": [\"prctl\"], \"action\": \"SCMP_ACT_ALLOW\"},\n"
    "                          ^~~~~~~\n"
    "  hint: keep one of the two\n" },
};

/* What looks odd and is right. */
static const Case accepted[] = {
  { "no-rules", "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}", NULL },
  { "kill-spellings",
    RULES ("{\"names\": [\"ptrace\"], \"action\": \"SCMP_ACT_KILL\"},"
           "{\"names\": [\"ptrace\"], \"action\": \"SCMP_ACT_KILL_THREAD\"}"),
    NULL },
  { "actions",
    RULES ("{\"names\": [\"ptrace\"], \"action\": \"SCMP_ACT_KILL_PROCESS\"},"
           "{\"names\": [\"mount\"], \"action\": \"SCMP_ACT_TRAP\"},"
           "{\"names\": [\"bpf\"], \"action\": \"SCMP_ACT_LOG\"},"
           "{\"names\": [\"clone3\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 4094}"),
    NULL },
  { "flags",
    DENY "\"flags\": [\"SECCOMP_FILTER_FLAG_TSYNC\", \"SECCOMP_FILTER_FLAG_LOG\","
         "\"SECCOMP_FILTER_FLAG_SPEC_ALLOW\"]}",
    NULL },
  { "twice-the-same",
    RULES ("{\"names\": [\"read\", \"read\"], \"action\": \"SCMP_ACT_ALLOW\"},"
           "{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\","
           " \"args\": [{\"index\": 0, \"value\": 3, \"op\": \"SCMP_CMP_EQ\"}]}"),
    NULL },
  { "default-as-remainder",
    RULES ("{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ERRNO\"},"
           "{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ALLOW\","
           " \"args\": [{\"index\": 0, \"value\": 1, \"op\": \"SCMP_CMP_EQ\"}]}"),
    NULL },
  { "apart",
    RULES ("{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_KILL\","
           " \"args\": [{\"index\": 0, \"value\": 16, \"valueTwo\": 0, \"op\": \"SCMP_CMP_EQ\"}]},"
           "{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ALLOW\","
           " \"args\": [{\"index\": 0, \"value\": 1, \"op\": \"SCMP_CMP_EQ\"}]}"),
    NULL },
  { "apart-by-order",
    RULES ("{\"name\": \"socket\", \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{\"index\": 0, \"value\": 38, \"op\": \"SCMP_CMP_LT\"}]},"
           "{\"name\": \"socket\", \"action\": \"SCMP_ACT_KILL\", \"args\": [{\"index\": 0, \"value\": 38, \"op\": \"SCMP_CMP_EQ\"}]},"
           "{\"name\": \"socket\", \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{\"index\": 0, \"value\": 39, \"op\": \"SCMP_CMP_EQ\"}]},"
           "{\"name\": \"socket\", \"action\": \"SCMP_ACT_TRAP\", \"args\": [{\"index\": 0, \"value\": 39, \"op\": \"SCMP_CMP_GT\"}]}"),
    NULL },
  { "orders-of-two-arguments",
    ARGS ("{\"index\": 0, \"value\": 1, \"op\": \"SCMP_CMP_GE\"},{\"index\": 1, \"value\": 9, \"op\": \"SCMP_CMP_LE\"}"), NULL },
  { "largest-value",
    ARGS ("{\"index\": 5, \"value\": 18446744073709551615, \"op\": \"SCMP_CMP_NE\"}"), NULL },
  { "mask-without-second",
    ARGS ("{\"index\": 1, \"value\": 9223372036854775807, \"op\": \"SCMP_CMP_MASKED_EQ\"}"), NULL },
  { "other-architecture's-call",
    RULES ("{\"names\": [\"riscv_flush_icache\", \"arch_prctl\", \"s390_pci_mmio_read\"],"
           " \"action\": \"SCMP_ACT_ALLOW\"}"),
    NULL },
  { "dialect", 
    "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 38, \"defaultErrno\": \"ENOSYS\","
    " \"archMap\": [{\"architecture\": \"SCMP_ARCH_AARCH64\", \"subArchitectures\": [\"SCMP_ARCH_ARM\"]},"
    " {\"architecture\": \"SCMP_ARCH_RISCV64\", \"subArchitectures\": null},"
    " {\"architecture\": \"SCMP_ARCH_X86_64\", \"subArchitectures\": [\"SCMP_ARCH_X86\", \"SCMP_ARCH_X32\"]}],"
    " \"syscalls\": [{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": null, \"comment\": \"\","
    " \"includes\": {}, \"excludes\": null}]}", NULL },
  { "mixtures-of-one-rule", ARGS ("{\"index\": 1, \"value\": 1, \"op\": \"SCMP_CMP_EQ\"},\n" "{\"index\": 2, \"value\": 2, \"op\": \"SCMP_CMP_NE\"}"), NULL },
  { "unknown-elsewhere", RULES ("{\"names\": [\"no_such_call\"], \"action\": \"SCMP_ACT_KILL\", \"includes\": {\"arches\": [\"s390x\"]}}"), NULL },
};

/* A machine for the profiles to be on. */
static const QrSeccompHost host = { "amd64", 1u << CAP_NET_RAW | 1u << CAP_SYS_CHROOT, 6, 1 };

static gboolean
compile (const char *text, GError **error)
{
  g_autoptr (GPtrArray) warnings = qr_warnings_new ();
  g_autoptr (QrJsonDoc) doc
      = qr_json_doc_parse (text, strlen (text), "p.json", 0, QR_STATUS_CONFIG, error);
  g_autofree guint8 *bpf = NULL;
  QrJson root;
  gsize size = 0;

  if (doc == NULL)
    return FALSE;
  qr_json_root (doc, &root);
  if (!qr_seccomp_compile (&root, &host, warnings, &bpf, &size, error))
    return FALSE;
  g_assert_cmpuint (size, >, 0);
  g_assert_cmpuint (size % 8, ==, 0);
  return TRUE;
}

static void
test_refusal (gconstpointer data)
{
  const Case *item = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;

  g_assert_false (compile (item->text, &error));
  g_assert_nonnull (error);
  message = qr_error_render (error, "qriser");
  g_assert_cmpstr (message, ==, item->message);
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_CONFIG);
}

static void
test_accepted (gconstpointer data)
{
  const Case *item = data;
  g_autoptr (GError) error = NULL;

  (void) compile (item->text, &error);
  g_assert_no_error (error);
}

/* Whether a rule with @conditions holds on the machine above. */
typedef struct
{
  const char *name, *conditions;
  gboolean holds;
} Condition;

static const Condition conditions[] = {
  { "none", "\"comment\": \"\"", TRUE },
  { "empty", "\"includes\": {}, \"excludes\": {}", TRUE },
  { "arch", "\"includes\": {\"arches\": [\"arm64\", \"amd64\"]}", TRUE },
  { "other-arch", "\"includes\": {\"arches\": [\"arm64\", \"mips3l64n32\"]}", FALSE },
  { "other-arches", "\"includes\": {\"arches\": [\"loong64\", \"mipsel\", \"riscv64\", \"x86\", \"x32\", \"386\", \"ppc\"]}", FALSE },
  { "no-arch", "\"includes\": {\"arches\": []}", TRUE },
  { "not-arch", "\"excludes\": {\"arches\": [\"s390\", \"amd64\"]}", FALSE },
  { "not-other-arch", "\"excludes\": {\"arches\": [\"s390\", \"s390x\"]}", TRUE },
  { "cap", "\"includes\": {\"caps\": [\"CAP_NET_RAW\"]}", TRUE },
  { "all-caps", "\"includes\": {\"caps\": [\"CAP_NET_RAW\", \"CAP_SYS_CHROOT\"]}", TRUE },
  { "lacks-one", "\"includes\": {\"caps\": [\"CAP_NET_RAW\", \"CAP_CHECKPOINT_RESTORE\"]}", FALSE },
  { "not-cap", "\"excludes\": {\"caps\": [\"CAP_SYS_ADMIN\", \"CAP_NET_RAW\"]}", FALSE },
  { "not-other-cap", "\"excludes\": {\"caps\": [\"CAP_SYS_ADMIN\"]}", TRUE },
  { "kernel", "\"includes\": {\"minKernel\": \"6.1\"}", TRUE },
  { "older-kernel", "\"includes\": {\"minKernel\": \"5.19\"}", TRUE },
  { "newer-kernel", "\"includes\": {\"minKernel\": \"6.2\"}", FALSE },
  { "newest-kernel", "\"includes\": {\"minKernel\": \"7.0\"}", FALSE },
  { "not-kernel", "\"excludes\": {\"minKernel\": \"4.8\"}", FALSE },
  { "not-newer-kernel", "\"excludes\": {\"minKernel\": \"6.12\"}", TRUE },
  { "both",
    "\"includes\": {\"arches\": [\"amd64\"], \"caps\": [\"CAP_NET_RAW\"]}, \"excludes\": {\"caps\": [\"CAP_SYS_CHROOT\"]}",
    FALSE },
};

/* Reads @text for @machine; NULL: for none. */
static gboolean
read_text (const char *text, const QrSeccompHost *machine, GPtrArray *warnings, QrSeccompProfile *out, GError **error)
{
  g_autoptr (QrJsonDoc) doc = qr_json_doc_parse (text, strlen (text), "p.json", 0, QR_STATUS_CONFIG, error);
  QrJson root;

  g_assert_nonnull (doc);
  qr_json_root (doc, &root);
  return qr_seccomp_read (&root, machine, warnings, out, error);
}

static void
test_condition (gconstpointer data)
{
  const Condition *condition = data;
  g_autofree char *text
      = g_strdup_printf (RULES ("{\"name\": \"bpf\", \"action\": \"SCMP_ACT_ALLOW\", %s}"), condition->conditions);
  g_auto (QrSeccompProfile) profile = { 0 };
  g_autoptr (GPtrArray) warnings = qr_warnings_new ();
  g_autoptr (GError) error = NULL;
  gboolean good = read_text (text, &host, warnings, &profile, &error);

  g_assert_no_error (error);
  g_assert_true (good);
  g_assert_cmpuint (profile.rules->len, ==, condition->holds ? 1 : 0);
  g_assert_cmpuint (warnings->len, ==, 0);
}

/* A profile for no machine must be the same on all. */
static void
test_no_host (void)
{
  g_auto (QrSeccompProfile) profile = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (read_text (RULES ("{\"name\": \"bpf\", \"action\": \"SCMP_ACT_ALLOW\", \"includes\": {}}"), NULL,
                            NULL, &profile, NULL));
  g_assert_false (read_text (RULES ("{\"name\": \"bpf\", \"action\": \"SCMP_ACT_ALLOW\","
                                    " \"excludes\": {\"arches\": [\"s390\"]}}"),
                             NULL, NULL, &profile, &error));
  g_assert_error (error, QR_ERROR, QR_STATUS_CONFIG);
  g_clear_error (&error);
  g_assert_false (
      read_text (RULES ("{\"name\": \"no_call\", \"action\": \"SCMP_ACT_ALLOW\"}"), NULL, NULL, &profile, &error));
  g_assert_error (error, QR_ERROR, QR_STATUS_CONFIG);
}

/* Names of calls that are newer than libseccomp stay refused, and that is said. */
static void
test_unknown (void)
{
  g_auto (QrSeccompProfile) profile = { 0 };
  g_autoptr (GPtrArray) warnings = qr_warnings_new ();
  g_autoptr (GError) error = NULL;
  gboolean good = read_text (RULES ("{\"names\": [\"read\", \"fly\"], \"action\": \"SCMP_ACT_ALLOW\"},\n"
                                    "{\"names\": [\"swim\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 38},\n"
                                    "{\"names\": [\"run\"], \"action\": \"SCMP_ACT_KILL\","
                                    " \"includes\": {\"arches\": [\"arm64\"]}}"),
                             &host, warnings, &profile, &error);
  const QrWarning *notice;

  g_assert_no_error (error);
  g_assert_true (good);
  g_assert_cmpuint (profile.rules->len, ==, 1);
  g_assert_cmpuint (warnings->len, ==, 1);
  notice = warnings->pdata[0];
  g_assert_cmpint (notice->severity, ==, QR_SEVERITY_NOTICE);
  g_assert_cmpstr (notice->code, ==, "seccomp-unknown");
  g_assert_cmpstr (notice->message, ==,
                   "calls that p.json names and that are not known here keep its default action: "
                   "\"fly\" (line 2), \"swim\" (line 3)");
}

/* Two rules for one call, and what becomes of it. */
typedef struct
{
  const char *name, *first, *second;
  guint32 action;    /* 0: they are refused */
  const char *names; /* what has no effect */
} Overlap;

#define RULE(action) "\"action\": \"SCMP_ACT_" action "\""
#define HERE ", \"includes\": {\"arches\": [\"amd64\"]}"
#define ELSEWHERE ", \"includes\": {\"arches\": [\"arm64\"]}"
#define FIVE ", \"args\": [{\"index\": 0, \"value\": 5, \"op\": \"SCMP_CMP_EQ\"}]"

static const Overlap overlaps[] = {
  { "allow-first", RULE ("ALLOW"), RULE ("KILL_PROCESS") HERE, SCMP_ACT_ALLOW, "\"setns\" (line 3)" },
  { "allow-last", RULE ("KILL_PROCESS"), RULE ("ALLOW") HERE, SCMP_ACT_KILL_PROCESS, "\"setns\" (line 3)" },
  { "some-first", RULE ("KILL_PROCESS") HERE, RULE ("ALLOW"), SCMP_ACT_KILL_PROCESS, "\"setns\" (line 3)" },
  { "both-some", RULE ("ALLOW") HERE, RULE ("TRAP") HERE, SCMP_ACT_ALLOW, "\"setns\" (line 3)" },
  { "excluded", RULE ("ALLOW"), RULE ("TRAP") ", \"excludes\": {\"caps\": [\"CAP_BPF\"]}", SCMP_ACT_ALLOW,
    "\"setns\" (line 3)" },
  { "default-first", RULE ("ERRNO") HERE, RULE ("ALLOW"), SCMP_ACT_ALLOW, "\"setns\" (line 2)" },
  { "default-last", RULE ("ALLOW"), RULE ("ERRNO") HERE, SCMP_ACT_ALLOW, "\"setns\" (line 3)" },
  { "elsewhere", RULE ("ALLOW"), RULE ("KILL_PROCESS") ELSEWHERE, SCMP_ACT_ALLOW, NULL },
  { "same", RULE ("ALLOW"), RULE ("ALLOW") HERE, SCMP_ACT_ALLOW, NULL },
  { "for-all", RULE ("ALLOW"), RULE ("KILL_PROCESS") ", \"includes\": {}, \"excludes\": {\"caps\": []}", 0, NULL },
  { "arguments", RULE ("ALLOW"), RULE ("KILL_PROCESS") FIVE HERE, 0, NULL },
  { "arguments-first", RULE ("KILL_PROCESS") FIVE HERE, RULE ("ALLOW"), 0, NULL },
};

static void
test_overlap (gconstpointer data)
{
  const Overlap *overlap = data;
  g_autofree char *text = g_strdup_printf (RULES ("{\"name\": \"setns\", %s},\n{\"names\": [\"setns\"], %s}"),
                                           overlap->first, overlap->second);
  g_auto (QrSeccompProfile) profile = { 0 };
  g_autoptr (GPtrArray) warnings = qr_warnings_new ();
  g_autoptr (GError) error = NULL;
  gboolean good = read_text (text, &host, warnings, &profile, &error);
  const QrWarning *warning;

  if (overlap->action == 0)
    {
      g_assert_false (good);
      g_assert_cmpstr (error->message, ==, "contradictory actions for \"setns\"");
      return;
    }
  g_assert_no_error (error);
  g_assert_true (good);
  for (guint i = 0; i < profile.rules->len; i++)
    g_assert_cmphex (g_array_index (profile.rules, QrSeccompRule, i).action, ==, overlap->action);
  g_assert_cmpuint (profile.rules->len, >, 0);
  g_assert_cmpuint (warnings->len, ==, overlap->names == NULL ? 0 : 1);
  if (overlap->names == NULL)
    return;
  warning = warnings->pdata[0];
  g_assert_cmpint (warning->severity, ==, QR_SEVERITY_WARNING);
  g_assert_cmpstr (warning->code, ==, "seccomp-overlap");
  g_assert_true (g_str_has_suffix (warning->message, overlap->names));
  g_assert_true (g_str_has_prefix (warning->message, "rules of p.json have no effect"));
}

/* An architecture that is newer than libseccomp is no fault of a profile that is for this one, too. */
static void
test_later (void)
{
  g_auto (QrSeccompProfile) profile = { 0 };
  g_autoptr (GPtrArray) warnings = qr_warnings_new ();
  g_autoptr (GError) error = NULL;
  gboolean good = read_text (DENY "\"archMap\": [{\"architecture\": \"SCMP_ARCH_X86_64\", \"subArchitectures\": null},\n"
                                  "{\"architecture\": \"SCMP_ARCH_SHEB\", \"subArchitectures\": [\"SCMP_ARCH_SH\"]}]}",
                             &host, warnings, &profile, &error);
  const QrWarning *notice;

  g_assert_no_error (error);
  g_assert_true (good);
  if (seccomp_arch_resolve_name ("sheb") != 0)
    {
      g_assert_cmpuint (warnings->len, ==, 0);
      return;
    }
  g_assert_cmpuint (warnings->len, ==, 1);
  notice = warnings->pdata[0];
  g_assert_cmpint (notice->severity, ==, QR_SEVERITY_NOTICE);
  g_assert_cmpstr (notice->code, ==, "seccomp-unknown");
  g_assert_cmpstr (notice->message, ==,
                   "architectures that p.json is for and that libseccomp does not know here are passed over: "
                   "\"SCMP_ARCH_SHEB\" (line 2), \"SCMP_ARCH_SH\" (line 2)");
}

/* What this process may do, on the kernel it runs on. */
static void
test_host (void)
{
  g_autofree char *status = NULL;
  const char *permitted;
  QrSeccompHost here;

  qr_seccomp_host_read (&here);
  g_assert_nonnull (here.arch);
  g_assert_cmpuint (here.kernel, >=, 3);
  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  permitted = strstr (status, "\nCapPrm:\t");
  g_assert_nonnull (permitted);
  g_assert_cmphex (here.capabilities, ==, g_ascii_strtoull (permitted + strlen ("\nCapPrm:\t"), NULL, 16));
}

/* One past what fits into a filter, and what just fits. */
static void
test_size (gconstpointer data)
{
  gboolean fits = data != NULL;
  g_autoptr (GString) text = g_string_new (DENY "\"syscalls\": [");
  guint rules = 4096 / 11 + (fits ? 0 : 1);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < rules; i++)
    g_string_append_printf (text,
                            "%s\n{\"names\": [\"ioctl\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\":"
                            " [{\"index\": 1, \"value\": %u, \"op\": \"SCMP_CMP_EQ\"}]}",
                            i == 0 ? "" : ",", i * 2 + 1);
  g_string_append (text, "]}");
  g_assert_cmpint (compile (text->str, &error), ==, fits);
  if (!fits)
    g_assert_cmpstr (error->message, ==,
                     "too many rules: the kernel takes at most 4096 instructions");
}

static void
add_cases (const char *group, const Case *cases, gsize n, GTestDataFunc function)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/seccomp-profile/%s/%s", group, cases[i].name);

      g_test_add_data_func (path, &cases[i], function);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_cases ("refuses", refusals, G_N_ELEMENTS (refusals), test_refusal);
  add_cases ("accepts", accepted, G_N_ELEMENTS (accepted), test_accepted);
  for (gsize i = 0; i < G_N_ELEMENTS (conditions); i++)
    {
      g_autofree char *path = g_strdup_printf ("/seccomp-profile/condition/%s", conditions[i].name);

      g_test_add_data_func (path, &conditions[i], test_condition);
    }
  g_test_add_func ("/seccomp-profile/no-host", test_no_host);
  g_test_add_func ("/seccomp-profile/unknown", test_unknown);
  for (gsize i = 0; i < G_N_ELEMENTS (overlaps); i++)
    {
      g_autofree char *path = g_strdup_printf ("/seccomp-profile/overlap/%s", overlaps[i].name);

      g_test_add_data_func (path, &overlaps[i], test_overlap);
    }
  g_test_add_func ("/seccomp-profile/later", test_later);
  g_test_add_func ("/seccomp-profile/host", test_host);
  g_test_add_data_func ("/seccomp-profile/size/fits", "", test_size);
  g_test_add_data_func ("/seccomp-profile/size/too-large", NULL, test_size);
  return g_test_run ();
}
