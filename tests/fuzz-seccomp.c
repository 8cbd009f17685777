/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a seccomp profile. */
#include "config.h"

#include "fuzz.h"

#include "seccomp-profile.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (QrJsonDoc) doc = qr_json_doc_parse ((const char *) data, size, "f", 0, QR_STATUS_CONFIG, NULL);
  g_autofree guint8 *bpf = NULL;
  g_autoptr (GError) error = NULL;
  gsize bytes = 0;
  QrJson root;

  if (doc == NULL)
    return 0;
  qr_json_root (doc, &root);
  if (qr_seccomp_compile (&root, &bpf, &bytes, &error))
    g_assert_cmpuint (bytes, >, 0);
  return 0;
}
