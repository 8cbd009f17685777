/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "seccomp-oracle.h"

#include <json.h>
#include <seccomp.h>
#include <string.h>

struct Oracle
{
  struct json_object *root, *rules;
  GHashTable *by_number; /* number -> GArray of indices in rules */
  guint32 fallback;
};

static struct json_object *
member (struct json_object *object, const char *key)
{
  struct json_object *value = NULL;

  (void) json_object_object_get_ex (object, key, &value);
  return value;
}

static guint32
action_of (struct json_object *object, const char *key, const char *errno_key)
{
  static const struct
  {
    const char *name;
    guint32 action;
  } actions[] = {
    { "SCMP_ACT_ALLOW", SECCOMP_RET_ALLOW },       { "SCMP_ACT_LOG", SECCOMP_RET_LOG },
    { "SCMP_ACT_TRAP", SECCOMP_RET_TRAP },         { "SCMP_ACT_KILL", SECCOMP_RET_KILL_THREAD },
    { "SCMP_ACT_KILL_THREAD", SECCOMP_RET_KILL_THREAD },
    { "SCMP_ACT_KILL_PROCESS", SECCOMP_RET_KILL_PROCESS },
  };
  const char *name = json_object_get_string (member (object, key));
  struct json_object *number = member (object, errno_key);

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (strcmp (actions[i].name, name) == 0)
      return actions[i].action;
  g_assert_cmpstr (name, ==, "SCMP_ACT_ERRNO");
  return SECCOMP_RET_ERRNO | (number == NULL ? 1 : (guint32) json_object_get_int (number));
}

static void
note_name (Oracle *oracle, const char *name, gsize rule)
{
  int number = seccomp_syscall_resolve_name (name);
  GArray *rules;

  g_assert_cmpint (number, !=, __NR_SCMP_ERROR);
  if (number < 0)
    return;
  rules = g_hash_table_lookup (oracle->by_number, GINT_TO_POINTER (number));
  if (rules == NULL)
    {
      rules = g_array_new (FALSE, FALSE, sizeof rule);
      g_hash_table_insert (oracle->by_number, GINT_TO_POINTER (number), rules);
    }
  g_array_append_val (rules, rule);
}

Oracle *
oracle_new (const char *text)
{
  Oracle *oracle = g_new0 (Oracle, 1);

  oracle->root = json_tokener_parse (text);
  g_assert_nonnull (oracle->root);
  oracle->rules = member (oracle->root, "syscalls");
  oracle->fallback = action_of (oracle->root, "defaultAction", "defaultErrnoRet");
  oracle->by_number
      = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) (gpointer) g_array_unref);
  for (gsize i = 0; i < json_object_array_length (oracle->rules); i++)
    {
      struct json_object *names = member (json_object_array_get_idx (oracle->rules, i), "names");

      for (gsize j = 0; j < json_object_array_length (names); j++)
        note_name (oracle, json_object_get_string (json_object_array_get_idx (names, j)), i);
    }
  return oracle;
}

void
oracle_free (Oracle *oracle)
{
  if (oracle == NULL)
    return;
  json_object_put (oracle->root);
  g_hash_table_unref (oracle->by_number);
  g_free (oracle);
}

static gboolean
argument_matches (struct json_object *arg, const struct seccomp_data *data)
{
  guint64 is = data->args[json_object_get_int (member (arg, "index"))];
  guint64 value = json_object_get_uint64 (member (arg, "value"));
  struct json_object *second = member (arg, "valueTwo");
  const char *op = json_object_get_string (member (arg, "op"));

  if (strcmp (op, "SCMP_CMP_EQ") == 0)
    return is == value;
  if (strcmp (op, "SCMP_CMP_NE") == 0)
    return is != value;
  if (strcmp (op, "SCMP_CMP_LT") == 0)
    return is < value;
  if (strcmp (op, "SCMP_CMP_LE") == 0)
    return is <= value;
  if (strcmp (op, "SCMP_CMP_GT") == 0)
    return is > value;
  if (strcmp (op, "SCMP_CMP_GE") == 0)
    return is >= value;
  g_assert_cmpstr (op, ==, "SCMP_CMP_MASKED_EQ");
  return (is & value) == (second == NULL ? 0 : json_object_get_uint64 (second));
}

static gboolean
rule_matches (struct json_object *rule, const struct seccomp_data *data)
{
  struct json_object *args = member (rule, "args");

  for (gsize i = 0; args != NULL && i < json_object_array_length (args); i++)
    if (!argument_matches (json_object_array_get_idx (args, i), data))
      return FALSE;
  return TRUE;
}

guint32
oracle_ask (const Oracle *oracle, const struct seccomp_data *data)
{
  GArray *rules;

  if (data->arch != seccomp_arch_native ())
    return SECCOMP_RET_KILL_PROCESS;
  /* The x32 ABI has bit 30; all bits are a call that a tracer took away. */
  if (data->arch == SCMP_ARCH_X86_64 && (guint32) data->nr >= 0x40000000 && data->nr != -1)
    return SECCOMP_RET_KILL_PROCESS;
  rules = g_hash_table_lookup (oracle->by_number, GINT_TO_POINTER (data->nr));
  for (guint i = 0; rules != NULL && i < rules->len; i++)
    {
      gsize at = g_array_index (rules, gsize, i);
      struct json_object *rule = json_object_array_get_idx (oracle->rules, at);
      guint32 action = action_of (rule, "action", "errnoRet");

      if (action != oracle->fallback && rule_matches (rule, data))
        return action;
    }
  return oracle->fallback;
}

static void
add_values (GArray *values, struct json_object *arg)
{
  guint64 value = json_object_get_uint64 (member (arg, "value"));
  struct json_object *second = member (arg, "valueTwo");
  guint64 other = second == NULL ? 0 : json_object_get_uint64 (second);
  const guint64 found[]
      = { value,  value + 1, value - 1, value ^ (G_GUINT64_CONSTANT (1) << 32), ~value, value >> 1,
          other,  other + 1, other | ~value, other ^ value, other ^ (value & (~value + 1)) };

  g_array_append_vals (values, found, G_N_ELEMENTS (found));
}

GArray *
oracle_values (const Oracle *oracle, int number)
{
  const guint64 edges[] = { 0, 1, G_MAXUINT32, G_MAXUINT64, G_GUINT64_CONSTANT (1) << 32 };
  GArray *rules = g_hash_table_lookup (oracle->by_number, GINT_TO_POINTER (number));
  GArray *values = g_array_new (FALSE, FALSE, sizeof (guint64));

  g_array_append_vals (values, edges, G_N_ELEMENTS (edges));
  for (guint i = 0; rules != NULL && i < rules->len; i++)
    {
      gsize at = g_array_index (rules, gsize, i);
      struct json_object *args = member (json_object_array_get_idx (oracle->rules, at), "args");

      for (gsize j = 0; args != NULL && j < json_object_array_length (args); j++)
        add_values (values, json_object_array_get_idx (args, j));
    }
  return values;
}

guint
oracle_count_allowed (const Oracle *oracle)
{
  g_autoptr (GHashTable) allowed = g_hash_table_new (g_str_hash, g_str_equal);

  for (gsize i = 0; i < json_object_array_length (oracle->rules); i++)
    {
      struct json_object *rule = json_object_array_get_idx (oracle->rules, i);
      struct json_object *names = member (rule, "names");

      if (action_of (rule, "action", "errnoRet") != SECCOMP_RET_ALLOW)
        continue;
      for (gsize j = 0; j < json_object_array_length (names); j++)
        g_hash_table_add (allowed, (gpointer) json_object_get_string (
                                       json_object_array_get_idx (names, j)));
    }
  return g_hash_table_size (allowed);
}
