/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a configuration file: what is read has its places inside, what is not has
 * an error that can be drawn. */
#include "config.h"

#include "fuzz.h"

#include <string.h>

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

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_malloc (size + 1);

  if (size > 0)
    memcpy (text, data, size);
  text[size] = '\0';
  read_as (QR_CONFIG_OURS, text, size);
  read_as (QR_CONFIG_QEMU, text, size);
  return 0;
}
