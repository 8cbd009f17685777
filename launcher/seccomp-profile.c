/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "seccomp-profile.h"

#include <errno.h>
#include <string.h>

/* The kernel takes 4095 too, libseccomp does not. */
#define ERRNO_MAX 4094

/* A word that the specification knows; @refused says why we do not take it. */
typedef struct
{
  const char *name;
  guint32 value;
  const char *refused;
} Word;

static const char later[] = "is not supported yet";
static const char inexact[] = "is refused: libseccomp builds wrong filters for several comparisons "
                              "of order on one argument";

static const char mixture_hint[]
    = "libseccomp builds wrong filters: take SCMP_CMP_EQ only, or compare one argument only";

static const Word actions[] = {
  { "SCMP_ACT_ALLOW", SCMP_ACT_ALLOW, NULL },
  { "SCMP_ACT_ERRNO", SCMP_ACT_ERRNO (0), NULL },
  { "SCMP_ACT_KILL", SCMP_ACT_KILL_THREAD, NULL },
  { "SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS, NULL },
  { "SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD, NULL },
  { "SCMP_ACT_LOG", SCMP_ACT_LOG, NULL },
  { "SCMP_ACT_TRAP", SCMP_ACT_TRAP, NULL },
  { "SCMP_ACT_NOTIFY", 0, later },
  { "SCMP_ACT_TRACE", 0, later },
  { NULL, 0, NULL },
};

static const Word operators[] = {
  { "SCMP_CMP_EQ", SCMP_CMP_EQ, NULL }, { "SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ, NULL },
  { "SCMP_CMP_NE", SCMP_CMP_NE, NULL }, { "SCMP_CMP_GE", 0, inexact },
  { "SCMP_CMP_GT", 0, inexact },        { "SCMP_CMP_LE", 0, inexact },
  { "SCMP_CMP_LT", 0, inexact },        { NULL, 0, NULL },
};

/* The filter is loaded with LOG and SPEC_ALLOW by one thread, whatever is listed. */
static const Word flags[] = {
  { "SECCOMP_FILTER_FLAG_LOG", 0, NULL },
  { "SECCOMP_FILTER_FLAG_SPEC_ALLOW", 0, NULL },
  { "SECCOMP_FILTER_FLAG_TSYNC", 0, NULL },
  { "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", 0, later },
  { NULL, 0, NULL },
};

typedef struct
{
  const QrJson *root;
  guint32 default_action;
  GArray *rules; /* of QrSeccompRule */
  guint cost;
} Profile;

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

static gboolean
read_action (const QrJson *object, const char *key, const char *errno_key, guint32 *out,
             GError **error)
{
  guint64 code = EPERM;
  QrJson action, number;

  if (!qr_json_member (object, key, &action, error)
      || !read_word (&action, actions, "action", out, error))
    return FALSE;
  if (qr_json_find (object, errno_key, &number))
    {
      if (*out != SCMP_ACT_ERRNO (0))
        {
          qr_json_fail (&number, error, "only SCMP_ACT_ERRNO takes one",
                        "\"%s\" beside an action that takes no error number", errno_key);
          return FALSE;
        }
      if (!qr_json_uint (&number, 0, ERRNO_MAX, &code, error))
        return FALSE;
    }
  if (*out == SCMP_ACT_ERRNO (0))
    *out = SCMP_ACT_ERRNO ((guint32) code);
  return TRUE;
}

/* All 64 bits: qr_json_uint() stops at the largest signed number. */
static gboolean
read_datum (const QrJson *json, guint64 *out, GError **error)
{
  g_autofree char *digits = NULL;
  QrPlace place;

  if (!qr_json_uint (json, 0, G_MAXUINT64, out, error))
    return FALSE;
  if (*out < G_MAXINT64)
    return TRUE;
  qr_json_place (json, &place);
  digits = g_strndup (place.text + place.start, place.length);
  if (g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT64, out, NULL))
    return TRUE;
  qr_json_fail (json, error, NULL, "expected a whole number, 0 to %" G_GUINT64_FORMAT, G_MAXUINT64);
  return FALSE;
}

/* In a masked comparison "value" is the mask and "valueTwo" what is expected. */
static gboolean
check_datums (const QrJson *value, const QrJson *second, const struct scmp_arg_cmp *arg,
              GError **error)
{
  if (arg->op != SCMP_CMP_MASKED_EQ && arg->datum_b != 0)
    qr_json_fail (second, error, "only SCMP_CMP_MASKED_EQ compares with two",
                  "\"valueTwo\" beside an operator that takes one value");
  else if (arg->op == SCMP_CMP_MASKED_EQ && arg->datum_a == 0)
    qr_json_fail (value, error, "drop the comparison", "a mask of 0 compares nothing");
  else if (arg->op == SCMP_CMP_MASKED_EQ && (arg->datum_b & ~arg->datum_a) != 0)
    qr_json_fail (second, error, "\"value\" is the mask, \"valueTwo\" what is expected under it",
                  "\"valueTwo\" has bits outside the mask, so the rule never applies");
  else
    return TRUE;
  return FALSE;
}

static gboolean
read_argument (const QrJson *json, struct scmp_arg_cmp *out, GError **error)
{
  static const char *const keys[] = { "index", "value", "valueTwo", "op", NULL };
  QrJson index, op, value, second;
  guint64 number;
  guint32 word;

  if (!qr_json_only (json, keys, error) || !qr_json_member (json, "index", &index, error)
      || !qr_json_uint (&index, 0, QR_SECCOMP_ARGUMENTS - 1, &number, error)
      || !qr_json_member (json, "op", &op, error)
      || !read_word (&op, operators, "operator", &word, error)
      || !qr_json_member (json, "value", &value, error))
    return FALSE;
  *out = (struct scmp_arg_cmp){ (guint) number, (enum scmp_compare) word, 0, 0 };
  if (!read_datum (&value, &number, error))
    return FALSE;
  out->datum_a = number;
  if (qr_json_find (json, "valueTwo", &second))
    {
      if (!read_datum (&second, &number, error))
        return FALSE;
      out->datum_b = number;
    }
  return check_datums (&value, &second, out, error);
}

static gboolean
read_arguments (const QrJson *json, QrSeccompRule *rule, GError **error)
{
  if (!qr_json_is_array (json, error))
    return FALSE;
  for (gsize i = 0; i < qr_json_length (json); i++)
    {
      struct scmp_arg_cmp arg;
      QrJson element;

      qr_json_element (json, i, &element);
      if (!read_argument (&element, &arg, error))
        return FALSE;
      for (guint j = 0; j < rule->n_args; j++)
        if (rule->args[j].arg == arg.arg)
          {
            qr_json_fail (&element, error, "make it a rule of its own",
                          "argument %u is compared twice in one rule", arg.arg);
            return FALSE;
          }
      rule->args[rule->n_args++] = arg; /* at most one for each argument, so it fits */
    }
  return TRUE;
}

static void
point_at_rule (const Profile *profile, const QrSeccompRule *rule, GError **error)
{
  QrJson list, entry, names, name;
  QrPlace place;

  if (error == NULL || !qr_json_find (profile->root, "syscalls", &list))
    return;
  qr_json_element (&list, rule->entry, &entry);
  if (!qr_json_find (&entry, "names", &names))
    return;
  qr_json_element (&names, rule->name, &name);
  qr_json_place (&name, &place);
  qr_error_also (*error, "the other is here:", &place);
}

/* Rules have no order in the specification; two that both match must agree. */
static gboolean
check_against (const Profile *profile, const QrSeccompRule *rule, const QrJson *json,
               const char *name, GError **error)
{
  for (guint i = 0; i < profile->rules->len; i++)
    {
      const QrSeccompRule *other = &g_array_index (profile->rules, QrSeccompRule, i);

      if (qr_seccomp_rules_contradict (other, rule, profile->default_action))
        qr_json_fail (json, error, "keep one of the two", "contradictory actions for \"%s\"", name);
      else if (!qr_seccomp_rules_mix (other, rule))
        qr_json_fail (json, error, mixture_hint, "operators of \"%s\" that do not mix", name);
      else
        continue;
      point_at_rule (profile, other, error);
      return FALSE;
    }
  if (qr_seccomp_rules_mix (rule, rule))
    return TRUE;
  qr_json_fail (json, error, mixture_hint, "operators of \"%s\" that do not mix", name);
  return FALSE;
}

static gboolean
read_name (Profile *profile, const QrJson *json, QrSeccompRule *rule, GError **error)
{
  const char *name;

  if (!qr_json_string (json, &name, error))
    return FALSE;
  rule->number = seccomp_syscall_resolve_name (name);
  if (rule->number == __NR_SCMP_ERROR)
    {
      qr_json_fail (json, error, "check the spelling against syscalls(2)",
                    "no system call is named \"%s\"", name);
      return FALSE;
    }
  profile->cost += qr_seccomp_rule_cost (rule);
  if (profile->cost > QR_SECCOMP_COST_MAX)
    {
      qr_json_fail (json, error, NULL,
                    "too many rules: the kernel takes at most 4096 instructions");
      return FALSE;
    }
  if (!check_against (profile, rule, json, name, error))
    return FALSE;
  g_array_append_val (profile->rules, *rule);
  return TRUE;
}

static gboolean
read_rule (Profile *profile, const QrJson *json, gsize entry, GError **error)
{
  static const char *const keys[] = { "names", "action", "errnoRet", "args", "comment", NULL };
  QrSeccompRule rule = { .entry = entry };
  QrJson names, args, name;

  if (!qr_json_only (json, keys, error) || !qr_json_member (json, "names", &names, error)
      || !qr_json_is_array (&names, error)
      || !read_action (json, "action", "errnoRet", &rule.action, error))
    return FALSE;
  if (qr_json_find (json, "args", &args) && !read_arguments (&args, &rule, error))
    return FALSE;
  if (qr_json_length (&names) == 0)
    {
      qr_json_fail (&names, error, NULL, "a rule names at least one system call");
      return FALSE;
    }
  for (rule.name = 0; rule.name < qr_json_length (&names); rule.name++)
    {
      qr_json_element (&names, rule.name, &name);
      if (!read_name (profile, &name, &rule, error))
        return FALSE;
    }
  return TRUE;
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

static gboolean
read_architectures (const QrJson *list, GError **error)
{
  gboolean native = FALSE;

  if (!qr_json_is_array (list, error))
    return FALSE;
  for (gsize i = 0; i < qr_json_length (list); i++)
    {
      const char *name;
      guint32 token;
      QrJson element;

      qr_json_element (list, i, &element);
      if (!qr_json_string (&element, &name, error))
        return FALSE;
      token = resolve_architecture (name);
      if (token == 0)
        {
          qr_json_fail (&element, error, NULL, "no architecture is named \"%s\"", name);
          return FALSE;
        }
      native |= token == seccomp_arch_native ();
    }
  if (!native)
    qr_json_fail (list, error, NULL, "the profile is not for this machine's architecture");
  return native;
}

static gboolean
read_flags (const QrJson *list, GError **error)
{
  guint32 value;
  QrJson element;

  if (!qr_json_is_array (list, error))
    return FALSE;
  for (gsize i = 0; i < qr_json_length (list); i++)
    {
      qr_json_element (list, i, &element);
      if (!read_word (&element, flags, "flag", &value, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_profile (Profile *profile, GError **error)
{
  static const char *const keys[] = { "defaultAction", "defaultErrnoRet", "architectures", "flags",
                                      "syscalls",      "comment",         "source",        NULL };
  QrJson list, entry;

  if (!qr_json_only (profile->root, keys, error)
      || !read_action (profile->root, "defaultAction", "defaultErrnoRet", &profile->default_action,
                       error))
    return FALSE;
  if (qr_json_find (profile->root, "architectures", &list) && !read_architectures (&list, error))
    return FALSE;
  if (qr_json_find (profile->root, "flags", &list) && !read_flags (&list, error))
    return FALSE;
  if (!qr_json_find (profile->root, "syscalls", &list))
    return TRUE;
  if (!qr_json_is_array (&list, error))
    return FALSE;
  for (gsize i = 0; i < qr_json_length (&list); i++)
    {
      qr_json_element (&list, i, &entry);
      if (!read_rule (profile, &entry, i, error))
        return FALSE;
    }
  return TRUE;
}

void
qr_seccomp_profile_clear (QrSeccompProfile *profile)
{
  g_clear_pointer (&profile->rules, g_array_unref);
}

gboolean
qr_seccomp_read (const QrJson *profile, QrSeccompProfile *out, GError **error)
{
  g_auto (QrSeccompProfile) read = { 0, g_array_new (FALSE, FALSE, sizeof (QrSeccompRule)) };
  Profile reading = { .root = profile, .rules = read.rules };

  if (!read_profile (&reading, error))
    return FALSE;
  *out = (QrSeccompProfile){ reading.default_action, g_steal_pointer (&read.rules) };
  return TRUE;
}

gboolean
qr_seccomp_compile (const QrJson *profile, guint8 **bpf, gsize *size, GError **error)
{
  g_auto (QrSeccompProfile) read = { 0 };

  return qr_seccomp_read (profile, &read, error)
         && qr_seccomp_build (read.default_action, (gconstpointer) read.rules->data,
                              read.rules->len, bpf, size, error);
}
