/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a configuration file: what is read has its places inside, what is not has
 * an error that can be drawn; and as a file of options that belongs to a line. */
#include "config.h"

#include "fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "plan.h"
#include "readconfig.h"

static void
check_group (const QrConfigGroup *group, const char *text, gsize size)
{
  g_assert_cmpuint (group->place.start + group->place.length, <=, size);
  g_assert_true (*group->name != '\0' && text[group->place.start] == '[');
  for (gsize i = 0; i < group->n; i++)
    {
      const QrConfigEntry *entry = &group->entries[i];

      g_assert_cmpuint (entry->key_place.start, <, entry->value_place.start);
      g_assert_cmpuint (entry->value_place.start + entry->value_place.length, <, size);
      g_assert_cmpuint (strlen (entry->value), ==, entry->value_place.length);
      g_assert_true (g_str_has_prefix (text + entry->key_place.start, entry->key));
      g_assert_true (g_str_has_prefix (text + entry->value_place.start, entry->value));
    }
}

static void
read_as (QrConfigReader whose, const char *text, gsize size)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GError) error = NULL;
  const QrConfigFile *file = qr_readconfig (text, size, "f", whose, pool, &error);
  g_autofree char *message = file == NULL ? qr_error_render (error, "qriser") : NULL;

  g_assert_true (file != NULL || message != NULL);
  for (gsize i = 0; file != NULL && i < file->n; i++)
    check_group (&file->groups[i], text, size);
}

/* The file as QEMU's own, which it reads unasked. */
static void
plan_with (const char *text, gsize size)
{
  static const char *const words[] = { "-machine", "usb=on", "-device", "edu,id=d", "-set", "device.d.addr=7", NULL };
  int fd = memfd_create ("config", MFD_CLOEXEC);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  QrPlanOptions options = { .words = words, .first = 1, .sysfs = "/nonexistent", .program = "qemu", .user_config = path };
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = NULL;
  g_autofree char *message = NULL;

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, text, size), ==, size);
  plan = qr_plan_make (&options, &qr_profiles_builtin, &error);
  message = plan == NULL ? qr_error_render (error, "qriser") : NULL;
  g_assert_true (plan != NULL || message != NULL);
  close (fd);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_malloc (size + 1);

  if (size > 0)
    memcpy (text, data, size);
  text[size] = '\0';
  read_as (QR_CONFIG_OURS, text, size);
  read_as (QR_CONFIG_QEMU, text, size);
  plan_with (text, size);
  return 0;
}
