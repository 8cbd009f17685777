/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as the file of a device list: its words stand where it is said, what is planned must
 * render, and what is refused has an error that can be drawn. */
#include "config.h"

#include "fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "render.h"

static void
check_use (const QrRoleUse *use, gsize size)
{
  g_assert_cmpuint (use->place.start + use->place.length, <=, size);
  g_assert_true (strncmp (use->word, use->role->role, strlen (use->role->role)) == 0);
  for (gsize i = 0; i < use->n_items; i++)
    {
      g_autoptr (QrPool) pool = qr_pool_new ();
      g_autoptr (GError) error = NULL;

      /* What qriser writes QEMU can split. */
      g_assert_nonnull (qr_item_opts (&use->items[i], pool, &error));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  int fd = memfd_create ("list", MFD_CLOEXEC);
  g_autofree char *word = g_strdup_printf ("@/proc/self/fd/%d", fd);
  const char *words[] = { word, "--", "-machine", "q35", NULL };
  QrPlanOptions options = { .words = words, .first = 1, .own = &qr_list_end, .controllers = TRUE,
                            .sysfs = "/nonexistent", .arch = "x86_64", .program = "qemu" };
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = NULL;
  g_autofree char *message = NULL;

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, data, size), ==, size);
  plan = qr_plan_make (&options, &qr_profiles_builtin, &error);
  close (fd);
  if (plan == NULL)
    {
      message = qr_error_render (error, "qriser");
      return message == NULL;
    }
  for (gsize i = 0; i < plan->roles.n; i++)
    check_use (&plan->roles.uses[i], size);
  for (QrFormat format = QR_FORMAT_TREE; format < QR_N_FORMATS; format++)
    {
      g_autoptr (GString) out = qr_render (plan, format);

      g_assert_cmpuint (out->len, >, 0);
    }
  return 0;
}
