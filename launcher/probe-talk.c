/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "probe-talk.h"

QrQmp *
qr_probe_start (const QrProfiles *profiles, const char *qemu, const char *machine, gboolean bare,
                const GPtrArray *words, GError **error)
{
  const QrProbeWords *probe = profiles->probe;
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();

  g_ptr_array_add (argv, (gpointer) qemu);
  qr_probe_words_append (probe, machine, bare, argv);
  for (guint i = 0; probe->words[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) probe->words[i]);
  for (guint i = 0; words != NULL && i < words->len; i++)
    g_ptr_array_add (argv, words->pdata[i]);
  g_ptr_array_add (argv, NULL);
  return qr_qmp_start ((const char *const *) argv->pdata, probe->seconds * 1000, error);
}

void
qr_probe_put (QrQmp *qmp, const char *command, ...)
{
  g_autoptr (GString) arguments = g_string_new ("{");
  const char *text;
  va_list words;

  va_start (words, command);
  for (guint n = 0; (text = va_arg (words, const char *)) != NULL; n++)
    {
      if (n > 0)
        g_string_append_c (arguments, n % 2 == 0 ? ',' : ':');
      qr_json_append_string (arguments, text);
    }
  va_end (words);
  g_string_append_c (arguments, '}');
  qr_qmp_put (qmp, command, arguments->str);
}

void
qr_probe_put_line (QrQmp *qmp, const char *line)
{
  qr_probe_put (qmp, "human-monitor-command", "command-line", line, NULL);
}

gboolean
qr_probe_texts (const QrJsonDoc *doc, const char *key, void (*take) (const char *, gpointer),
                gpointer data)
{
  QrJson root, list, object, member;
  const char *text;

  if (!qr_qmp_result (doc, &root, &list) || !qr_json_is_array (&list, NULL))
    return FALSE;
  for (gsize i = 0; i < qr_json_length (&list); i++)
    {
      qr_json_element (&list, i, &object);
      if (qr_json_is_object (&object, NULL) && qr_json_find (&object, key, &member)
          && qr_json_string (&member, &text, NULL))
        take (text, data);
    }
  return TRUE;
}

void
qr_probe_add_to_set (const char *text, gpointer data)
{
  g_hash_table_add (data, g_strdup (text));
}

void
qr_probe_add_to_list (const char *text, gpointer data)
{
  g_ptr_array_add (data, g_strdup (text));
}

GHashTable *
qr_probe_set (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

const char *
qr_probe_text (const QrJsonDoc *doc, QrJson *root, QrJson *value)
{
  const char *text;

  return qr_qmp_result (doc, root, value) && qr_json_string (value, &text, NULL) ? text : "";
}

gboolean
qr_probe_unexpected (const char *qemu, GError **error)
{
  qr_error_set (error, QR_STATUS_UNAVAILABLE, "qemu-answer", NULL, "is it a QEMU?",
                "\"%s\" does not answer what it is asked", qemu);
  return FALSE;
}
