/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any words whatever through the whole pipeline: the first byte picks the policy,
 * lines are words. Nothing may crash, and what plans must also render. */
#include "config.h"

#include "fuzz.h"

#include "drop-in.h"
#include "render.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const char *const policies[] = { "ich9@1", "qemu@1", "libvirt@1", "ich9-wide@1" };
  const char *policy = policies[size < 1 ? 0 : data[0] % 2 + (data[0] & 64) / 32];
  g_autofree char *text = size < 1 ? g_strdup ("") : g_strndup ((const char *) data + 1, size - 1);
  g_auto (GStrv) words = g_strsplit (text, "\n", -1);
  gboolean drop_in = size > 0 && data[0] >= 128;
  QrPlanOptions options = { .words = (const char *const *) words, .first = 1, .sysfs = "/nonexistent",
                            .policy = qr_profiles_find_policy (&qr_profiles_builtin, policy), .program = "qemu",
                            .face = drop_in ? QR_FACE_DROP_IN : QR_FACE_TOOL, .arch = "x86_64", .yields = TRUE,
                            .own = drop_in                                ? &qr_drop_in_option
                                   : size > 0 && (data[0] & 16) != 0 ? &qr_list_end
                                                                     : NULL,
                            .controllers = size > 0 && (data[0] & 8) != 0,
                            .place = { size > 0 && (data[0] & 32) != 0, QR_SPARE_POLICY, NULL },
                            .survey = size > 0 && data[0] % 8 > 5,
                            .seccomp = size < 1 || data[0] % 4 != 3 ? NULL : "default" };
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = qr_plan_make (&options, &qr_profiles_builtin, &error);

  if (plan == NULL)
    {
      g_autofree char *message = qr_error_render (error, "qriser");

      return message == NULL;
    }
  for (QrFormat format = QR_FORMAT_TREE; format < QR_N_FORMATS; format++)
    {
      g_autoptr (GString) out = qr_render (plan, format);

      g_assert_cmpuint (out->len, >, 0);
    }
  g_string_free (qr_render_findings (plan->warnings, QR_FORMAT_TREE), TRUE);
  g_string_free (qr_render_findings (plan->warnings, QR_FORMAT_JSON), TRUE);
  return 0;
}
