/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "qmp.h"

#include <string.h>

#include "child.h"

struct QrQmp
{
  QrChild *child;
  guint n_asking; /* questions that were not answered */
  char *version;
};

/* The next thing that it says; what it is told by none is passed over. (transfer full) */
static QrJsonDoc *
next_answer (QrQmp *qmp, GError **error)
{
  for (;;)
    {
      g_autofree char *line = qr_child_line (qmp->child, error);
      g_autoptr (GError) fault = NULL;
      g_autoptr (QrJsonDoc) doc = NULL;
      QrJson root, event;

      if (line == NULL)
        return NULL;
      doc = qr_json_doc_parse (line, strlen (line), "QMP", 0, QR_STATUS_UNAVAILABLE, &fault);
      if (doc != NULL)
        qr_json_root (doc, &root);
      if (doc == NULL || !qr_json_is_object (&root, &fault))
        {
          (void) qr_child_fail (qmp->child, error, "qemu-answer", "is it a QEMU?",
                                "answers with what is no QMP");
          return NULL;
        }
      if (!qr_json_find (&root, "event", &event))
        return g_steal_pointer (&doc);
    }
}

/* {"QMP": {"version": {"qemu": {"major": 7, "minor": 2, "micro": 22}}}} */
static gboolean
read_greeting (QrQmp *qmp, GError **error)
{
  static const char *const parts[] = { "major", "minor", "micro" };
  g_autoptr (QrJsonDoc) doc = next_answer (qmp, error);
  guint64 numbers[G_N_ELEMENTS (parts)];
  QrJson root, greeting, version, qemu, part;
  gboolean good;

  if (doc == NULL)
    return FALSE;
  qr_json_root (doc, &root);
  good = qr_json_find (&root, "QMP", &greeting) && qr_json_is_object (&greeting, NULL)
         && qr_json_find (&greeting, "version", &version) && qr_json_is_object (&version, NULL)
         && qr_json_find (&version, "qemu", &qemu) && qr_json_is_object (&qemu, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (parts) && good; i++)
    good = qr_json_find (&qemu, parts[i], &part)
           && qr_json_uint (&part, 0, G_MAXUINT16, &numbers[i], NULL);
  if (!good)
    return qr_child_fail (qmp->child, error, "qemu-answer", "is it a QEMU?",
                          "greets with what is no QMP");
  qmp->version
      = g_strdup_printf ("%u.%u.%u", (guint) numbers[0], (guint) numbers[1], (guint) numbers[2]);
  return TRUE;
}

void
qr_qmp_put (QrQmp *qmp, const char *command, const char *arguments)
{
  g_autoptr (GString) line = g_string_new ("{\"execute\":");

  qr_json_append_string (line, command);
  if (arguments != NULL)
    g_string_append_printf (line, ",\"arguments\":%s", arguments);
  g_string_append (line, "}\n");
  qr_child_say (qmp->child, line->str);
  qmp->n_asking++;
}

GPtrArray *
qr_qmp_ask (QrQmp *qmp, GError **error)
{
  g_autoptr (GPtrArray) answers
      = g_ptr_array_new_with_free_func ((GDestroyNotify) qr_json_doc_free);
  const guint n = qmp->n_asking;

  qmp->n_asking = 0;
  while (answers->len < n)
    {
      QrJsonDoc *doc = next_answer (qmp, error);
      QrJson root, part;

      if (doc == NULL)
        return NULL;
      g_ptr_array_add (answers, doc);
      qr_json_root (doc, &root);
      if (!qr_json_find (&root, "return", &part) && !qr_json_find (&root, "error", &part))
        {
          (void) qr_child_fail (qmp->child, error, "qemu-answer", "is it a QEMU?",
                                "answers with what is no QMP");
          return NULL;
        }
    }
  return g_steal_pointer (&answers);
}

gboolean
qr_qmp_result (const QrJsonDoc *doc, QrJson *root, QrJson *out)
{
  qr_json_root (doc, root);
  return qr_json_find (root, "return", out);
}

static gboolean
greet (QrQmp *qmp, GError **error)
{
  g_autoptr (GPtrArray) answers = NULL;

  if (!read_greeting (qmp, error))
    return FALSE;
  qr_qmp_put (qmp, "qmp_capabilities", NULL);
  answers = qr_qmp_ask (qmp, error);
  return answers != NULL;
}

QrQmp *
qr_qmp_start (const char *const *argv, guint limit_ms, GError **error)
{
  QrChild *child = qr_child_start (argv, limit_ms, error);
  g_autoptr (QrQmp) qmp = NULL;

  if (child == NULL)
    return NULL;
  qmp = g_new0 (QrQmp, 1);
  qmp->child = child;
  return greet (qmp, error) ? g_steal_pointer (&qmp) : NULL;
}

const char *
qr_qmp_version (const QrQmp *qmp)
{
  return qmp->version;
}

void
qr_qmp_free (QrQmp *qmp)
{
  qr_child_free (qmp->child);
  g_free (qmp->version);
  g_free (qmp);
}
