/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "seccomp-words.h"

#include <linux/seccomp.h>
#include <seccomp.h>
#include <string.h>

#include "nearest.h"

/* The highest error number that Linux has a name for is below. */
#define ERRNO_NAMES_MAX 256

/* @refused says why we do not take a word that is known. */
typedef struct
{
  const char *name;
  guint32 value;
  const char *refused;
} Word;

static const char supervised[] = "is refused: it needs a process that stays beside QEMU";

static const Word actions[] = {
  { "SCMP_ACT_ALLOW", SCMP_ACT_ALLOW, NULL },
  { "SCMP_ACT_ERRNO", SCMP_ACT_ERRNO (0), NULL },
  { "SCMP_ACT_KILL", SCMP_ACT_KILL_THREAD, NULL },
  { "SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS, NULL },
  { "SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD, NULL },
  { "SCMP_ACT_LOG", SCMP_ACT_LOG, NULL },
  { "SCMP_ACT_TRAP", SCMP_ACT_TRAP, NULL },
  { "SCMP_ACT_NOTIFY", 0, supervised },
  { "SCMP_ACT_TRACE", 0, supervised },
  { NULL, 0, NULL },
};

static const Word operators[] = {
  { "SCMP_CMP_EQ", SCMP_CMP_EQ, NULL }, { "SCMP_CMP_GE", SCMP_CMP_GE, NULL },
  { "SCMP_CMP_GT", SCMP_CMP_GT, NULL }, { "SCMP_CMP_LE", SCMP_CMP_LE, NULL },
  { "SCMP_CMP_LT", SCMP_CMP_LT, NULL }, { "SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ, NULL },
  { "SCMP_CMP_NE", SCMP_CMP_NE, NULL }, { NULL, 0, NULL },
};

/* The filter is loaded with LOG and SPEC_ALLOW by one thread, whatever is listed. */
static const Word flags[] = {
  { "SECCOMP_FILTER_FLAG_LOG", 0, NULL },
  { "SECCOMP_FILTER_FLAG_SPEC_ALLOW", 0, NULL },
  { "SECCOMP_FILTER_FLAG_TSYNC", 0, NULL },
  { "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", 0, supervised },
  { NULL, 0, NULL },
};

/* In the order of their numbers. */
static const char *const capabilities[] = {
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_DAC_READ_SEARCH",
  "CAP_FOWNER",
  "CAP_FSETID",
  "CAP_KILL",
  "CAP_SETGID",
  "CAP_SETUID",
  "CAP_SETPCAP",
  "CAP_LINUX_IMMUTABLE",
  "CAP_NET_BIND_SERVICE",
  "CAP_NET_BROADCAST",
  "CAP_NET_ADMIN",
  "CAP_NET_RAW",
  "CAP_IPC_LOCK",
  "CAP_IPC_OWNER",
  "CAP_SYS_MODULE",
  "CAP_SYS_RAWIO",
  "CAP_SYS_CHROOT",
  "CAP_SYS_PTRACE",
  "CAP_SYS_PACCT",
  "CAP_SYS_ADMIN",
  "CAP_SYS_BOOT",
  "CAP_SYS_NICE",
  "CAP_SYS_RESOURCE",
  "CAP_SYS_TIME",
  "CAP_SYS_TTY_CONFIG",
  "CAP_MKNOD",
  "CAP_LEASE",
  "CAP_AUDIT_WRITE",
  "CAP_AUDIT_CONTROL",
  "CAP_SETFCAP",
  "CAP_MAC_OVERRIDE",
  "CAP_MAC_ADMIN",
  "CAP_SYSLOG",
  "CAP_WAKE_ALARM",
  "CAP_BLOCK_SUSPEND",
  "CAP_AUDIT_READ",
  "CAP_PERFMON",
  "CAP_BPF",
  "CAP_CHECKPOINT_RESTORE",
};

/* Those of libseccomp 2.6; an older one does not know all of them. */
static const char *const architectures[] = {
  "SCMP_ARCH_X86",      "SCMP_ARCH_X86_64",   "SCMP_ARCH_X32",         "SCMP_ARCH_ARM",
  "SCMP_ARCH_AARCH64",  "SCMP_ARCH_MIPS",     "SCMP_ARCH_MIPS64",      "SCMP_ARCH_MIPS64N32",
  "SCMP_ARCH_MIPSEL",   "SCMP_ARCH_MIPSEL64", "SCMP_ARCH_MIPSEL64N32", "SCMP_ARCH_PARISC",
  "SCMP_ARCH_PARISC64", "SCMP_ARCH_PPC",      "SCMP_ARCH_PPC64",       "SCMP_ARCH_PPC64LE",
  "SCMP_ARCH_S390",     "SCMP_ARCH_S390X",    "SCMP_ARCH_RISCV64",     "SCMP_ARCH_LOONGARCH64",
  "SCMP_ARCH_M68K",     "SCMP_ARCH_SH",       "SCMP_ARCH_SHEB",
};

/* Go's names, and others that profiles of Docker, Podman and crun have. Those of a token that has
 * several begin with the one that it is called by. */
static const struct
{
  const char *name;
  guint32 token; /* 0: no machine that qriser can run on */
} go_architectures[] = {
  { "amd64", SCMP_ARCH_X86_64 },
  { "386", SCMP_ARCH_X86 },
  { "x86", SCMP_ARCH_X86 },
  { "x32", SCMP_ARCH_X32 },
  { "arm64", SCMP_ARCH_AARCH64 },
  { "arm", SCMP_ARCH_ARM },
  { "mips", SCMP_ARCH_MIPS },
  { "mipsle", SCMP_ARCH_MIPSEL },
  { "mips64", SCMP_ARCH_MIPS64 },
  { "mips64le", SCMP_ARCH_MIPSEL64 },
  { "mips64p32", SCMP_ARCH_MIPS64N32 },
  { "mips64p32le", SCMP_ARCH_MIPSEL64N32 },
  { "mips64n32", SCMP_ARCH_MIPS64N32 },
  { "mipsel64", SCMP_ARCH_MIPSEL64 },
  { "mipsel64n32", SCMP_ARCH_MIPSEL64N32 },
  { "parisc", SCMP_ARCH_PARISC },
  { "parisc64", SCMP_ARCH_PARISC64 },
  { "ppc", SCMP_ARCH_PPC },
  { "ppc64", SCMP_ARCH_PPC64 },
  { "ppc64le", SCMP_ARCH_PPC64LE },
  { "riscv64", SCMP_ARCH_RISCV64 },
  { "s390", SCMP_ARCH_S390 },
  { "s390x", SCMP_ARCH_S390X },
  { "amd64p32", 0 },
  { "armbe", 0 },
  { "arm64be", 0 },
  { "loong64", 0 },
  { "loongarch64", 0 },
  { "m68k", 0 },
  { "mips3l64n32", 0 },
  { "mipsel", SCMP_ARCH_MIPSEL },
  { "riscv", 0 },
  { "riscv32", 0 },
  { "sh", 0 },
  { "sheb", 0 },
  { "sparc", 0 },
  { "sparc64", 0 },
};

static gboolean
read_word (const QrJson *json, const Word *words, const char *what, guint32 *out, GError **error)
{
  g_autoptr (GString) known = g_string_new (NULL);
  const char *name;

  if (!qr_json_string (json, &name, error))
    return FALSE;
  for (const Word *word = words; word->name != NULL; word++)
    {
      if (strcmp (word->name, name) == 0)
        {
          *out = word->value;
          if (word->refused != NULL)
            qr_json_fail (json, error, NULL, "%s \"%s\" %s", what, name, word->refused);
          return word->refused == NULL;
        }
      if (word->refused == NULL)
        g_string_append_printf (known, "%s%s", known->len > 0 ? ", " : "", word->name);
    }
  qr_json_fail (json, error, NULL, "unknown %s \"%s\"; known are: %s", what, name, known->str);
  return FALSE;
}

/* @guess: (nullable): what was probably meant; @hint: (nullable): what to do besides */
static void
fail_unknown (const QrJson *json, const char *what, const char *name, const char *guess,
              const char *hint, GError **error)
{
  g_autofree char *text = guess == NULL  ? g_strdup (hint)
                          : hint == NULL ? g_strdup_printf ("did you mean \"%s\"?", guess)
                                         : g_strdup_printf ("did you mean \"%s\"? %s", guess, hint);

  qr_json_fail (json, error, text, "no %s is named \"%s\"", what, name);
}

gboolean
qr_seccomp_read_action (const QrJson *json, guint32 *out, GError **error)
{
  return read_word (json, actions, "action", out, error);
}

gboolean
qr_seccomp_read_operator (const QrJson *json, guint32 *out, GError **error)
{
  return read_word (json, operators, "operator", out, error);
}

gboolean
qr_seccomp_read_flag (const QrJson *json, GError **error)
{
  guint32 value;

  return read_word (json, flags, "flag", &value, error);
}

/* "SCMP_ARCH_X86_64" is "x86_64" to libseccomp; 0 is an unknown one. */
static guint32
resolve_architecture (const char *name)
{
  static const char prefix[] = "SCMP_ARCH_";
  g_autofree char *lower = g_ascii_strdown (name, -1), *upper = g_ascii_strup (name, -1);

  if (!g_str_has_prefix (name, prefix) || strcmp (name, upper) != 0)
    return 0;
  return seccomp_arch_resolve_name (lower + sizeof prefix - 1);
}

gboolean
qr_seccomp_read_architecture (const QrJson *json, guint32 *out, GError **error)
{
  QrNearest nearest = { 0 };

  if (!qr_json_string (json, &nearest.word, error))
    return FALSE;
  *out = resolve_architecture (nearest.word);
  if (*out != 0)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (architectures); i++)
    {
      if (strcmp (architectures[i], nearest.word) == 0)
        return TRUE;
      qr_nearest_offer (&nearest, architectures[i]);
    }
  fail_unknown (json, "architecture", nearest.word, nearest.best, NULL, error);
  return FALSE;
}

/* libseccomp's name of a machine is another word than Go's. */
static const char *
guess_go_architecture (const char *name)
{
  QrNearest nearest = { .word = name };
  const char *known = qr_seccomp_go_architecture (seccomp_arch_resolve_name (name));

  for (guint i = 0; i < G_N_ELEMENTS (go_architectures); i++)
    qr_nearest_offer (&nearest, go_architectures[i].name);
  return known != NULL ? known : nearest.best;
}

gboolean
qr_seccomp_read_go_architecture (const QrJson *json, const char **out, GError **error)
{
  if (!qr_json_string (json, out, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (go_architectures); i++)
    if (strcmp (go_architectures[i].name, *out) == 0)
      return TRUE;
  fail_unknown (json, "architecture", *out, guess_go_architecture (*out),
                "architectures have Go's names here, as amd64 and arm64", error);
  return FALSE;
}

/* With "CAP_" before it where it was left out. */
static const char *
guess_capability (const char *name)
{
  g_autofree char *upper = g_ascii_strup (name, -1);
  g_autofree char *whole
      = g_strconcat (g_str_has_prefix (upper, "CAP_") ? "" : "CAP_", upper, NULL);
  QrNearest nearest = { .word = whole };

  for (guint i = 0; i < G_N_ELEMENTS (capabilities); i++)
    qr_nearest_offer (&nearest, capabilities[i]);
  return nearest.best;
}

gboolean
qr_seccomp_read_capability (const QrJson *json, guint32 *out, GError **error)
{
  const char *name;

  if (!qr_json_string (json, &name, error))
    return FALSE;
  for (*out = 0; *out < G_N_ELEMENTS (capabilities); ++*out)
    if (strcmp (capabilities[*out], name) == 0)
      return TRUE;
  fail_unknown (json, "capability", name, guess_capability (name), "they stand in capabilities(7)",
                error);
  return FALSE;
}

gboolean
qr_seccomp_read_errno_name (const QrJson *json, guint32 *out, GError **error)
{
  const char *name;

  if (!qr_json_string (json, &name, error))
    return FALSE;
  for (*out = 1; *out < ERRNO_NAMES_MAX; ++*out)
    if (g_strcmp0 (strerrorname_np ((int) *out), name) == 0)
      return TRUE;
  qr_json_fail (json, error, "they stand in errno(3)", "no error is named \"%s\"", name);
  return FALSE;
}

const char *
qr_seccomp_go_architecture (guint32 token)
{
  for (guint i = 0; i < G_N_ELEMENTS (go_architectures); i++)
    if (token != 0 && go_architectures[i].token == token)
      return go_architectures[i].name;
  return NULL;
}

/* The last of several. */
static const char *
name_of (const Word *words, guint32 value)
{
  const char *name = NULL;

  for (; words->name != NULL; words++)
    if (words->refused == NULL && words->value == value)
      name = words->name;
  return name;
}

const char *
qr_seccomp_action_name (guint32 action)
{
  return name_of (actions, action & SECCOMP_RET_ACTION_FULL);
}

const char *
qr_seccomp_operator_name (guint32 operation)
{
  return name_of (operators, operation);
}

const char *
qr_seccomp_architecture_name (guint32 token)
{
  static const Word built_for[] = {
    { "SCMP_ARCH_X86_64", SCMP_ARCH_X86_64, NULL },
    { "SCMP_ARCH_AARCH64", SCMP_ARCH_AARCH64, NULL },
    { "SCMP_ARCH_RISCV64", SCMP_ARCH_RISCV64, NULL },
    { NULL, 0, NULL },
  };

  return name_of (built_for, token);
}
