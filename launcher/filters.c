/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "filters.h"

#include <errno.h>
#include <string.h>

#include "bpf-run.h"
#include "diag.h"
#include "filter-parts.h"
#include "filter-shrink.h"
#include "seccomp-profile.h"

void
qr_filters_clear (QrFilters *filters)
{
  for (guint i = 0; i < filters->n; i++)
    g_free ((gpointer) filters->bpf[i].bpf);
  filters->n = 0;
}

void
qr_filters_add (QrFilters *filters, guint8 *bpf, gsize size, gboolean asks)
{
  g_assert (filters->n < QR_FILTERS_MAX);
  filters->bpf[filters->n++] = (QrBpf){ bpf, size, asks };
}

static gboolean
compile (const char *path, GPtrArray *warnings, QrFilters *out, GError **error)
{
  g_autoptr (QrJsonDoc) doc = qr_json_doc_read (path, error);
  QrSeccompHost host;
  guint8 *bpf;
  QrJson root;
  gsize size;

  if (doc == NULL)
    return FALSE;
  qr_json_root (doc, &root);
  qr_seccomp_host_read (&host);
  if (!qr_seccomp_compile (&root, &host, warnings, &bpf, &size, error))
    return FALSE;
  qr_filters_add (out, bpf, size, FALSE);
  return TRUE;
}

static gboolean
no_profile (const char *name, GError **error)
{
  g_autoptr (GString) known = g_string_new ("known are: ");

  for (guint i = 0; i < qr_n_filters_builtin; i++)
    if (!qr_filters_builtin[i].is_overlay)
      g_string_append_printf (known, "%s, ", qr_filters_builtin[i].name);
  g_string_append (known, "off, and a path with a slash for a profile of your own");
  qr_error_set (error, QR_STATUS_USAGE, "no-profile", NULL, known->str,
                "there is no seccomp profile \"%s\"", name);
  return FALSE;
}

/* Overlays come first: they refuse less of what loading the next one takes. */
static gboolean
take_words (char **words, QrFilters *out, guint32 *parts)
{
  for (; *words != NULL; words++)
    {
      const QrFilterPart *part = qr_sandbox_find_part (*words);
      const QrFilter *overlay = qr_sandbox_find_overlay (*words);

      if (part == NULL && (overlay == NULL || out->n + 2 == QR_FILTERS_MAX))
        return FALSE;
      if (part != NULL)
        *parts |= 1u << (part - qr_filter_parts);
      else
        qr_filters_add (out, g_memdup2 (overlay->bpf, overlay->size), overlay->size, FALSE);
    }
  return TRUE;
}

gboolean
qr_filters_find (const char *name, GPtrArray *warnings, QrFilters *out, GError **error)
{
  g_auto (QrFilters) found = { .n = 0 };
  g_auto (GStrv) words = NULL;
  const QrFilter *base;
  guint32 parts = 0;
  guint8 *bpf;

  *out = (QrFilters){ .n = 0 };
  if (strcmp (name, "off") == 0)
    return TRUE;
  if (strchr (name, '/') != NULL)
    return compile (name, warnings, out, error);
  words = g_strsplit (name, "+", -1);
  base = words[0] == NULL ? NULL : qr_sandbox_find_builtin (words[0]);
  if (base == NULL || base->is_overlay || !take_words (words + 1, &found, &parts))
    return no_profile (name, error);
  bpf = g_memdup2 (base->bpf, base->size);
  qr_filter_settle (bpf, base->size, base->sets, base->n_sets, parts, base->otherwise);
  qr_filters_add (&found, bpf, qr_filter_shrink (bpf, base->size), FALSE);
  *out = found;
  found.n = 0;
  return TRUE;
}

/* The kernel asks the newest first, and keeps the first of equals. */
guint32
qr_filters_answer (const QrFilters *filters, const struct seccomp_data *call)
{
  guint32 action = SECCOMP_RET_ALLOW;

  for (guint i = filters->n; i > 0; i--)
    action = qr_bpf_stricter (action,
                              qr_bpf_run (filters->bpf[i - 1].bpf, filters->bpf[i - 1].size, call));
  return qr_filter_unmark (action);
}

guint32
qr_filters_answer_qemu (const QrFilters *filters, gboolean starts_programs,
                        const struct seccomp_data *call)
{
  guint32 action = qr_filters_answer (filters, call);

  return action == SECCOMP_RET_ALLOW && !starts_programs && qr_filter_is_exec (call->nr)
             ? SECCOMP_RET_ERRNO | ENOSYS
             : action;
}
