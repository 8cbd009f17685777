/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "survey.h"

#include <string.h>

#include "pci-addr.h"

void
qr_survey_init (QrSurvey *survey)
{
  survey->pool = qr_pool_new ();
  survey->functions = g_array_new (FALSE, FALSE, sizeof (QrSurveyFunction));
  survey->roots = g_array_new (FALSE, FALSE, sizeof (QrSurveyRoot));
}

void
qr_survey_clear (QrSurvey *survey)
{
  g_clear_pointer (&survey->functions, g_array_unref);
  g_clear_pointer (&survey->roots, g_array_unref);
  g_clear_pointer (&survey->pool, qr_pool_free);
}

void
qr_survey_add_function (QrSurvey *survey, const char *driver, const char *path)
{
  QrSurveyFunction function
      = { qr_pool_strdup (survey->pool, driver), qr_pool_strdup (survey->pool, path) };

  g_array_append_val (survey->functions, function);
}

void
qr_survey_add_root (QrSurvey *survey, const char *name, const char *type, gboolean hotplug)
{
  QrSurveyRoot root
      = { qr_pool_strdup (survey->pool, name), qr_pool_strdup (survey->pool, type), hotplug };

  g_array_append_val (survey->roots, root);
}

static int
compare_functions (gconstpointer a, gconstpointer b)
{
  return strcmp (((const QrSurveyFunction *) a)->path, ((const QrSurveyFunction *) b)->path);
}

static int
compare_roots (gconstpointer a, gconstpointer b)
{
  return strcmp (((const QrSurveyRoot *) a)->name, ((const QrSurveyRoot *) b)->name);
}

void
qr_survey_sort (QrSurvey *survey)
{
  g_array_sort (survey->functions, compare_functions);
  g_array_sort (survey->roots, compare_roots);
}

gboolean
qr_survey_has (const QrSurvey *survey, const QrSurveyFunction *function)
{
  for (guint i = 0; i < survey->functions->len; i++)
    {
      const QrSurveyFunction *own = &g_array_index (survey->functions, QrSurveyFunction, i);

      if (strcmp (own->path, function->path) == 0 && strcmp (own->driver, function->driver) == 0)
        return TRUE;
    }
  return FALSE;
}

/* The slot of a function on @root itself; -1: it is elsewhere. */
static int
slot_on (const QrSurvey *survey, const QrSurveyRoot *root, const QrSurveyFunction *function)
{
  const char *name = survey->roots->len == 1 ? "00" : root->name;
  const gsize length = strlen (name);

  if (strchr (function->path, '/') != NULL || strncmp (function->path, name, length) != 0
      || function->path[length] != ':')
    return -1;
  return (int) g_ascii_strtoull (function->path + length + 1, NULL, 16);
}

char *
qr_survey_free_slots (const QrSurvey *survey, const QrSurveyRoot *root)
{
  GString *out = g_string_new (NULL);
  guint32 taken = 0;

  for (guint i = 0; i < survey->functions->len; i++)
    {
      int slot = slot_on (survey, root, &g_array_index (survey->functions, QrSurveyFunction, i));

      if (slot >= 0 && slot < QR_PCI_SLOTS)
        taken |= 1u << slot;
    }
  for (guint first = 0, last; first < QR_PCI_SLOTS; first = last + 1)
    {
      for (last = first; last < QR_PCI_SLOTS && (taken & 1u << last) == 0; last++)
        continue;
      if (last == first)
        continue;
      g_string_append_printf (out, "%s%02x", out->len == 0 ? "" : ",", first);
      if (last - first > 1)
        g_string_append_printf (out, "-%02x", last - 1);
    }
  return g_string_free (out, FALSE);
}
