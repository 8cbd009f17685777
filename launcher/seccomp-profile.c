/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "seccomp-profile.h"

#include <errno.h>
#include <string.h>

#include "seccomp-arguments.h"
#include "seccomp-words.h"

/* The kernel takes 4095 too, libseccomp does not. */
#define ERRNO_MAX 4094

typedef struct
{
  const QrJson *root;
  const QrSeccompHost *host; /* NULL: a profile that depends on no machine */
  guint32 default_action;
  GArray *rules;      /* of QrSeccompRule */
  GString *unknown;   /* names of calls, for people */
  GString *overruled; /* of rules without effect */
  GString *later;     /* of architectures */
  guint cost;
  gboolean elsewhere; /* rules for other machines: calls need not be known */
} Profile;

/* The error number of an action: a number, its name, or both. */
static gboolean
read_errno (const QrJson *object, const char *number_key, const char *name_key, guint32 action,
            guint32 *out, GError **error)
{
  QrJson number, name;
  gboolean numbered = qr_json_find (object, number_key, &number);
  gboolean named = qr_json_find (object, name_key, &name);
  guint64 code = EPERM;
  guint32 same;

  if ((numbered || named) && action != SCMP_ACT_ERRNO (0))
    {
      qr_json_fail (numbered ? &number : &name, error, "only SCMP_ACT_ERRNO takes one",
                    "\"%s\" beside an action that takes no error number",
                    numbered ? number_key : name_key);
      return FALSE;
    }
  if (numbered && !qr_json_uint (&number, 0, ERRNO_MAX, &code, error))
    return FALSE;
  *out = (guint32) code;
  if (!named)
    return TRUE;
  if (!qr_seccomp_read_errno_name (&name, &same, error))
    return FALSE;
  *out = same;
  if (!numbered || same == code)
    return TRUE;
  qr_json_fail (&name, error, "keep one of the two", "\"%s\" is another error than \"%s\"",
                name_key, number_key);
  return FALSE;
}

static gboolean
read_action (const QrJson *object, const char *key, const char *number_key, const char *name_key,
             guint32 *out, GError **error)
{
  guint32 code;
  QrJson action;

  if (!qr_json_member (object, key, &action, error) || !qr_seccomp_read_action (&action, out, error)
      || !read_errno (object, number_key, name_key, *out, &code, error))
    return FALSE;
  if (*out == SCMP_ACT_ERRNO (0))
    *out = SCMP_ACT_ERRNO (code);
  return TRUE;
}

/* Adds @name to a list for people. */
static void
note (GString *list, const QrPlace *place, const char *name)
{
  g_string_append_printf (list, "%s\"%s\" (line %u)", list->len > 0 ? ", " : "", name,
                          qr_place_line (place));
}

/* Where the name stands that @rule is for. */
static void
find_rule (const Profile *profile, const QrSeccompRule *rule, QrPlace *place)
{
  QrJson list, entry, names, name;

  (void) qr_json_find (profile->root, "syscalls", &list);
  qr_json_element (&list, rule->entry, &entry);
  if (qr_json_find (&entry, "names", &names))
    qr_json_element (&names, rule->name, &name);
  else
    (void) qr_json_find (&entry, "name", &name);
  qr_json_place (&name, place);
}

/* Rules have no order in the specification; two that both match must agree. */
static gboolean
check_against (const Profile *profile, const QrSeccompRule *rule, const QrJson *json,
               const char *name, GError **error)
{
  for (guint i = 0; i < profile->rules->len; i++)
    {
      const QrSeccompRule *other = &g_array_index (profile->rules, QrSeccompRule, i);
      QrPlace place;

      if (!qr_seccomp_rules_contradict (other, rule, profile->default_action))
        continue;
      qr_json_fail (json, error, "keep one of the two", "contradictory actions for \"%s\"", name);
      find_rule (profile, other, &place);
      if (error != NULL)
        qr_error_also (*error, "the other is here:", &place);
      return FALSE;
    }
  return TRUE;
}

/* Whether one of the two gives way: a profile for many machines lists calls for all of them, and
 * some again for a few. */
static gboolean
has_one_effect (const QrSeccompRule *one, const QrSeccompRule *two)
{
  return one->number == two->number && one->action != two->action && one->n_args == 0
         && two->n_args == 0 && (one->on_some || two->on_some);
}

/* The first decides, because libseccomp keeps it; and runc and crun give libseccomp no rule of the
 * default action. TRUE: @rule is without effect. */
static gboolean
is_overruled (Profile *profile, const QrSeccompRule *rule, const QrJson *json, const char *name)
{
  QrPlace place;
  guint i = 0;

  while (i < profile->rules->len)
    {
      const QrSeccompRule *other = &g_array_index (profile->rules, QrSeccompRule, i);
      const gboolean gives_way = other->action == profile->default_action;

      if (!has_one_effect (other, rule))
        {
          i++;
          continue;
        }
      if (gives_way)
        find_rule (profile, other, &place);
      else
        qr_json_place (json, &place);
      if (rule->number >= 0)
        note (profile->overruled, &place, name);
      if (!gives_way)
        return TRUE;
      g_array_remove_index (profile->rules, i);
    }
  return FALSE;
}

/* The kernel takes the lower of two actions, as signed numbers: seccomp_run_filters(). */
static gboolean
is_stricter (guint32 one, guint32 two)
{
  const guint32 mask = 0xffff0000;

  return (gint32) (one & mask) < (gint32) (two & mask);
}

/* A call that nobody knows here cannot be listed. Where the rule allows more than what is done with
 * all others, that is no danger, and profiles are written for newer machines, too. */
static gboolean
take_unknown (Profile *profile, const QrSeccompRule *rule, const QrJson *json, const char *name,
              GError **error)
{
  QrPlace place;

  if (profile->elsewhere && *name != '\0')
    return TRUE;
  if (profile->host == NULL || *name == '\0' || is_stricter (rule->action, profile->default_action))
    {
      qr_json_fail (json, error, "check the spelling against syscalls(2)",
                    "no system call is named \"%s\"", name);
      return FALSE;
    }
  qr_json_place (json, &place);
  note (profile->unknown, &place, name);
  return TRUE;
}

static gboolean
read_name (Profile *profile, const QrJson *json, QrSeccompRule *rule, GError **error)
{
  const char *name;

  if (!qr_json_string (json, &name, error))
    return FALSE;
  rule->number = seccomp_syscall_resolve_name (name);
  if (rule->number == __NR_SCMP_ERROR)
    return take_unknown (profile, rule, json, name, error);
  profile->cost += qr_seccomp_rule_cost (rule);
  if (profile->cost > QR_SECCOMP_COST_MAX)
    {
      qr_json_fail (json, error, NULL,
                    "too many rules: the kernel takes at most 4096 instructions");
      return FALSE;
    }
  if (is_overruled (profile, rule, json, name))
    return TRUE;
  if (!check_against (profile, rule, json, name, error))
    return FALSE;
  g_array_append_val (profile->rules, *rule);
  return TRUE;
}

/* One name, as Docker once wrote it, or a list. */
static gboolean
read_names (Profile *profile, const QrJson *json, QrSeccompRule *rule, GError **error)
{
  QrJson names, name;

  if (qr_json_find (json, "name", &name))
    {
      if (!qr_json_find (json, "names", &names))
        return read_name (profile, &name, rule, error);
      qr_json_fail (&name, error, "keep one of the two", "\"name\" beside \"names\"");
      return FALSE;
    }
  if (!qr_json_member (json, "names", &names, error) || !qr_json_is_array (&names, error))
    return FALSE;
  if (qr_json_length (&names) == 0)
    {
      qr_json_fail (&names, error, NULL, "a rule names at least one system call");
      return FALSE;
    }
  for (rule->name = 0; rule->name < qr_json_length (&names); rule->name++)
    {
      qr_json_element (&names, rule->name, &name);
      if (!read_name (profile, &name, rule, error))
        return FALSE;
    }
  return TRUE;
}

/* A rule that does not hold on this machine is read like the others, and dropped. */
static gboolean
read_rule (Profile *profile, const QrJson *json, gsize entry, GError **error)
{
  static const char *const keys[] = { "names", "name",     "action",   "errnoRet", "errno",
                                      "args",  "includes", "excludes", "comment",  NULL };
  g_autoptr (GArray) dropped = g_array_new (FALSE, FALSE, sizeof (QrSeccompRule));
  g_autoptr (GString) unknown = g_string_new (NULL);
  Profile aside = { .root = profile->root,
                    .host = profile->host,
                    .default_action = profile->default_action,
                    .rules = dropped,
                    .unknown = unknown,
                    .overruled = unknown,
                    .later = unknown,
                    .elsewhere = TRUE };
  QrSeccompRule rule = { .entry = entry };
  gboolean holds;
  QrJson args;

  if (!qr_json_only (json, keys, error)
      || !read_action (json, "action", "errnoRet", "errno", &rule.action, error)
      || !qr_seccomp_host_allows (json, profile->host, &rule.on_some, &holds, error))
    return FALSE;
  if (qr_json_find (json, "args", &args) && !qr_json_is_null (&args)
      && !qr_seccomp_read_arguments (&args, &rule, error))
    return FALSE;
  return read_names (holds ? profile : &aside, json, &rule, error);
}

/* @native: set where it is this machine's. One that only a later libseccomp knows is another
 * machine's. */
static gboolean
read_architecture (Profile *profile, const QrJson *json, gboolean *native, GError **error)
{
  const char *name;
  guint32 token;
  QrPlace place;

  if (!qr_seccomp_read_architecture (json, &token, error) || !qr_json_string (json, &name, error))
    return FALSE;
  if (token == 0)
    {
      qr_json_place (json, &place); /* reads the document once more */
      note (profile->later, &place, name);
    }
  *native |= token == seccomp_arch_native ();
  return TRUE;
}

static gboolean
read_architectures (Profile *profile, const QrJson *list, gboolean *native, GError **error)
{
  if (!qr_json_is_array (list, error))
    return FALSE;
  for (gsize i = 0; i < qr_json_length (list); i++)
    {
      QrJson element;

      qr_json_element (list, i, &element);
      if (!read_architecture (profile, &element, native, error))
        return FALSE;
    }
  return TRUE;
}

/* Docker's list of architectures, each with others whose calls it can make: none of those may. */
static gboolean
read_arch_map (Profile *profile, const QrJson *list, gboolean *native, GError **error)
{
  static const char *const keys[] = { "architecture", "subArchitectures", NULL };
  gboolean ignored = FALSE;

  if (!qr_json_is_array (list, error))
    return FALSE;
  for (gsize i = 0; i < qr_json_length (list); i++)
    {
      QrJson element, architecture, subs;

      qr_json_element (list, i, &element);
      if (!qr_json_only (&element, keys, error)
          || !qr_json_member (&element, "architecture", &architecture, error)
          || !read_architecture (profile, &architecture, native, error))
        return FALSE;
      if (qr_json_find (&element, "subArchitectures", &subs) && !qr_json_is_null (&subs)
          && !read_architectures (profile, &subs, &ignored, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_machine (Profile *profile, GError **error)
{
  const QrJson *root = profile->root;
  QrJson list, map;
  gboolean native = FALSE, listed = qr_json_find (root, "architectures", &list);
  gboolean mapped = qr_json_find (root, "archMap", &map);

  if (listed && mapped)
    {
      qr_json_fail (&map, error, "keep one of the two", "\"archMap\" beside \"architectures\"");
      return FALSE;
    }
  if ((listed && !read_architectures (profile, &list, &native, error))
      || (mapped && !read_arch_map (profile, &map, &native, error)))
    return FALSE;
  if (native || !(listed || mapped))
    return TRUE;
  qr_json_fail (listed ? &list : &map, error, NULL,
                "the profile is not for this machine's architecture");
  return FALSE;
}

static gboolean
read_flags (const QrJson *list, GError **error)
{
  QrJson element;

  if (!qr_json_is_array (list, error))
    return FALSE;
  for (gsize i = 0; i < qr_json_length (list); i++)
    {
      qr_json_element (list, i, &element);
      if (!qr_seccomp_read_flag (&element, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_profile (Profile *profile, GError **error)
{
  static const char *const keys[]
      = { "defaultAction", "defaultErrnoRet", "defaultErrno", "architectures", "archMap",
          "flags",         "syscalls",        "comment",      "source",        NULL };
  QrJson list, entry;

  if (!qr_json_only (profile->root, keys, error)
      || !read_action (profile->root, "defaultAction", "defaultErrnoRet", "defaultErrno",
                       &profile->default_action, error)
      || !check_machine (profile, error))
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

static void
say_what_is_passed_over (const Profile *profile, GPtrArray *warnings)
{
  QrPlace place;

  qr_json_place (profile->root, &place);
  if (profile->unknown->len > 0)
    qr_warnings_add_hinted (
        warnings, QR_SEVERITY_NOTICE, "seccomp-unknown", 0, NULL,
        "calls that %s names and that are not known here keep its default action: %s", place.file,
        profile->unknown->str);
  if (profile->later->len > 0)
    qr_warnings_add_hinted (
        warnings, QR_SEVERITY_NOTICE, "seccomp-unknown", 0, NULL,
        "architectures that %s is for and that libseccomp does not know here are passed over: %s",
        place.file, profile->later->str);
  if (profile->overruled->len > 0)
    qr_warnings_add (warnings, "seccomp-overlap", 0,
                     "rules of %s have no effect beside others for the same calls, as with runc "
                     "and crun: %s",
                     place.file, profile->overruled->str);
}

void
qr_seccomp_profile_clear (QrSeccompProfile *profile)
{
  g_clear_pointer (&profile->rules, g_array_unref);
}

gboolean
qr_seccomp_read (const QrJson *profile, const QrSeccompHost *host, GPtrArray *warnings,
                 QrSeccompProfile *out, GError **error)
{
  g_auto (QrSeccompProfile) read = { 0, g_array_new (FALSE, FALSE, sizeof (QrSeccompRule)) };
  g_autoptr (GString) unknown = g_string_new (NULL), overruled = g_string_new (NULL);
  g_autoptr (GString) later = g_string_new (NULL);
  Profile reading = { .root = profile,
                      .host = host,
                      .rules = read.rules,
                      .unknown = unknown,
                      .overruled = overruled,
                      .later = later };

  if (!read_profile (&reading, error))
    return FALSE;
  if (host != NULL)
    say_what_is_passed_over (&reading, warnings);
  *out = (QrSeccompProfile){ reading.default_action, g_steal_pointer (&read.rules) };
  return TRUE;
}

gboolean
qr_seccomp_compile (const QrJson *profile, const QrSeccompHost *host, GPtrArray *warnings,
                    guint8 **bpf, gsize *size, GError **error)
{
  g_auto (QrSeccompProfile) read = { 0 };

  return qr_seccomp_read (profile, host, warnings, &read, error)
         && qr_seccomp_build (read.default_action, (gconstpointer) read.rules->data,
                              read.rules->len, bpf, size, error);
}
