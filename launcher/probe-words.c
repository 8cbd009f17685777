/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "probe-words.h"

enum
{
  SECONDS_MAX = 600,
};

static const QrField fields[] = {
  { "schema", QR_FIELD_IGNORED },
  { "kind", QR_FIELD_IGNORED },
  { "source", QR_FIELD_IGNORED },
  { "machine", QR_FIELD_STRING, offsetof (QrProbeWords, machine), .flags = QR_FIELD_REQUIRED },
  { "empty", QR_FIELD_STRING, offsetof (QrProbeWords, empty), .flags = QR_FIELD_REQUIRED },
  { "bare", QR_FIELD_STRINGS, offsetof (QrProbeWords, bare), .flags = QR_FIELD_REQUIRED },
  { "words", QR_FIELD_STRINGS, offsetof (QrProbeWords, words), .flags = QR_FIELD_REQUIRED },
  { "functions", QR_FIELD_STRING, offsetof (QrProbeWords, functions), .flags = QR_FIELD_REQUIRED },
  { "buses", QR_FIELD_STRING, offsetof (QrProbeWords, buses), .flags = QR_FIELD_REQUIRED },
  { "tree", QR_FIELD_STRING, offsetof (QrProbeWords, tree), .flags = QR_FIELD_REQUIRED },
  { "plugged", QR_FIELD_STRING, offsetof (QrProbeWords, plugged), .flags = QR_FIELD_REQUIRED },
  { "not-pluggable", QR_FIELD_STRING, offsetof (QrProbeWords, not_pluggable),
    .flags = QR_FIELD_REQUIRED },
  { "modules", QR_FIELD_STRINGS, offsetof (QrProbeWords, modules), .flags = QR_FIELD_REQUIRED },
  { "modules-variable", QR_FIELD_STRING, offsetof (QrProbeWords, modules_variable),
    .flags = QR_FIELD_REQUIRED },
  { "seconds", QR_FIELD_UINT, offsetof (QrProbeWords, seconds), .flags = QR_FIELD_REQUIRED,
    .limit = SECONDS_MAX },
  { 0 },
};
const QrSchema qr_probe_words_schema = { "QrProbeWords", sizeof (QrProbeWords), fields };

void
qr_probe_words_append (const QrProbeWords *probe, const char *machine, gboolean bare,
                       GPtrArray *words)
{
  g_ptr_array_add (words, (gpointer) probe->machine);
  g_ptr_array_add (words, (gpointer) machine);
  for (guint i = 0; bare && probe->bare[i] != NULL; i++)
    g_ptr_array_add (words, (gpointer) probe->bare[i]);
}
