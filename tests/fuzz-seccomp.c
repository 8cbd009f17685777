/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a seccomp profile. */
#include "config.h"

#include "fuzz.h"

#include "seccomp-profile.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (QrJsonDoc) doc = qr_json_doc_parse ((const char *) data, size, "f", 0, QR_STATUS_CONFIG, NULL);
  const QrSeccompHost host = { "amd64", 0, 6, 1 };
  g_autoptr (GPtrArray) warnings = qr_warnings_new ();
  g_autofree guint8 *bpf = NULL;
  g_autoptr (GError) error = NULL;
  gsize bytes = 0;
  QrJson root;

  if (doc == NULL)
    return 0;
  qr_json_root (doc, &root);
  if (qr_seccomp_compile (&root, &host, warnings, &bpf, &bytes, &error))
    g_assert_cmpuint (bytes, >, 0);
  return 0;
}
