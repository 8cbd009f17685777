/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "seccomp-write.h"

#include <linux/seccomp.h>
#include <string.h>

#include "seccomp-words.h"
#include "texts.h"

enum
{
  LINE_COLUMNS = 80, /* of a list of names */
};

static gboolean
is_dropped (const QrSeccompProfile *profile, const QrSeccompRule *rule)
{
  return rule->number < 0 || rule->action == profile->default_action;
}

static gboolean
does_the_same (const QrSeccompRule *one, const QrSeccompRule *two)
{
  return one->action == two->action && qr_seccomp_rules_compare_alike (one, two);
}

void
qr_seccomp_count (const QrSeccompProfile *profile, QrSeccompCount *out)
{
  *out = (QrSeccompCount){ 0 };
  for (int number = 0; number < QR_SECCOMP_NUMBERS; number++)
    {
      g_autofree char *name = seccomp_syscall_resolve_num_arch (seccomp_arch_native (), number);
      gboolean always = profile->default_action == SCMP_ACT_ALLOW, some = FALSE;

      if (name == NULL)
        continue;
      for (guint i = 0; i < profile->rules->len; i++)
        {
          const QrSeccompRule *rule = &g_array_index (profile->rules, QrSeccompRule, i);

          if (rule->number != number)
            continue;
          if (rule->action == SCMP_ACT_ALLOW)
            {
              always |= rule->n_args == 0;
              some |= rule->n_args > 0;
            }
          else if (always)
            {
              some |= rule->n_args > 0;
              always = FALSE;
            }
        }
      out->known++;
      out->always += always;
      out->some += !always && some;
    }
}

/* "SCMP_ACT_ERRNO", with its number where it has one. */
static void
append_action (GString *out, const char *key, const char *number_key, guint32 action,
               const char *indent)
{
  const char *name = qr_seccomp_action_name (action);

  g_string_append_printf (out, "%s\"%s\": \"%s\"", indent, key, name);
  if ((action & SECCOMP_RET_ACTION_FULL) == SCMP_ACT_ERRNO (0))
    g_string_append_printf (out, ",\n%s\"%s\": %u", indent, number_key, action & SECCOMP_RET_DATA);
}

static void
append_arguments (GString *out, const QrSeccompRule *rule)
{
  g_string_append (out, ",\n      \"args\": [");
  for (guint i = 0; i < rule->n_args; i++)
    {
      const struct scmp_arg_cmp *arg = &rule->args[i];

      g_string_append_printf (out, "%s{ \"index\": %u, \"value\": %" G_GUINT64_FORMAT,
                              i == 0 ? "" : ", ", arg->arg, (guint64) arg->datum_a);
      if (arg->op == SCMP_CMP_MASKED_EQ)
        g_string_append_printf (out, ", \"valueTwo\": %" G_GUINT64_FORMAT, (guint64) arg->datum_b);
      g_string_append_printf (out, ", \"op\": \"%s\" }", qr_seccomp_operator_name (arg->op));
    }
  g_string_append_c (out, ']');
}

/* On one line where they fit. */
static void
append_names (GString *out, const GPtrArray *names)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gsize line = 0; /* where the last one begins */

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = names->pdata[i];

      if (i > 0)
        g_string_append_c (text, ',');
      if (text->len - line + strlen (name) > LINE_COLUMNS)
        {
          g_string_append (text, "\n        ");
          line = text->len;
        }
      else if (i > 0)
        g_string_append_c (text, ' ');
      g_string_append_printf (text, "\"%s\"", name);
    }
  g_string_append_printf (
      out, line == 0 ? "      \"names\": [%s],\n" : "      \"names\": [\n        %s\n      ],\n",
      text->str);
}

/* All that do the same as the rule at @first; marks them in @done. */
static void
append_rules (GString *out, const QrSeccompProfile *profile, guint first, gboolean *done)
{
  const QrSeccompRule *rules = (gconstpointer) profile->rules->data;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (free);

  for (guint i = first; i < profile->rules->len; i++)
    {
      char *name;

      if (done[i] || is_dropped (profile, &rules[i]) || !does_the_same (&rules[first], &rules[i]))
        continue;
      done[i] = TRUE;
      name = seccomp_syscall_resolve_num_arch (seccomp_arch_native (), rules[i].number);
      if (name == NULL)
        continue;
      if (g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        free (name);
      else
        g_ptr_array_add (names, name);
    }
  qr_texts_sort (names);
  g_string_append (out, "    {\n");
  append_names (out, names);
  append_action (out, "action", "errnoRet", rules[first].action, "      ");
  if (rules[first].n_args > 0)
    append_arguments (out, &rules[first]);
  g_string_append (out, "\n    }");
}

GString *
qr_seccomp_write (const QrSeccompProfile *profile, const char *const *comments)
{
  const QrSeccompRule *rules = (gconstpointer) profile->rules->data;
  g_autofree gboolean *done = g_new0 (gboolean, profile->rules->len + 1);
  GString *out = g_string_new ("{\n");
  gboolean first = TRUE;

  if (*comments != NULL)
    {
      g_string_append (out, "  \"comment\": [");
      for (const char *const *line = comments; *line != NULL; line++)
        {
          g_string_append (out, line == comments ? "\n    " : ",\n    ");
          qr_json_append_string (out, *line);
        }
      g_string_append (out, "\n  ],\n");
    }
  append_action (out, "defaultAction", "defaultErrnoRet", profile->default_action, "  ");
  g_string_append_printf (out, ",\n  \"architectures\": [\"%s\"],\n  \"syscalls\": [",
                          qr_seccomp_architecture_name (seccomp_arch_native ()));
  for (guint i = 0; i < profile->rules->len; i++)
    if (!done[i] && !is_dropped (profile, &rules[i]))
      {
        g_string_append (out, first ? "\n" : ",\n");
        append_rules (out, profile, i, done);
        first = FALSE;
      }
  g_string_append (out, first ? "]\n}\n" : "\n  ]\n}\n");
  return out;
}

char *
qr_seccomp_action_text (guint32 action)
{
  switch (action & SECCOMP_RET_ACTION_FULL)
    {
    case SCMP_ACT_ALLOW:
      return g_strdup ("allowed");
    case SCMP_ACT_LOG:
      return g_strdup ("allowed and logged");
    case SCMP_ACT_ERRNO (0):
      {
        const char *name = strerrorname_np ((int) (action & SECCOMP_RET_DATA));

        return name != NULL ? g_strdup (name)
                            : g_strdup_printf ("errno %u", action & SECCOMP_RET_DATA);
      }
    case SCMP_ACT_TRAP:
      return g_strdup ("SIGSYS");
    default:
      return g_strdup ("killed");
    }
}

/* " is less than " */
static const char *
comparison_text (guint op)
{
  switch (op)
    {
    case SCMP_CMP_EQ:
      return " is ";
    case SCMP_CMP_LT:
      return " is less than ";
    case SCMP_CMP_LE:
      return " is at most ";
    case SCMP_CMP_GT:
      return " is more than ";
    case SCMP_CMP_GE:
      return " is at least ";
    default:
      return " is not ";
    }
}

char *
qr_seccomp_rule_text (const QrSeccompRule *rule)
{
  g_autofree char *action = qr_seccomp_action_text (rule->action);
  GString *out = g_string_new (action);

  for (guint i = 0; i < rule->n_args; i++)
    {
      const struct scmp_arg_cmp *arg = &rule->args[i];

      g_string_append_printf (out, "%sargument %u", i == 0 ? " where " : " and ", arg->arg);
      if (arg->op == SCMP_CMP_MASKED_EQ)
        g_string_append_printf (out, " & %#" G_GINT64_MODIFIER "x is %#" G_GINT64_MODIFIER "x",
                                (guint64) arg->datum_a, (guint64) arg->datum_b);
      else
        g_string_append_printf (out, "%s%#" G_GINT64_MODIFIER "x", comparison_text (arg->op),
                                (guint64) arg->datum_a);
    }
  return g_string_free (out, FALSE);
}
