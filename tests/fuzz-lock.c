/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a lock file: what is read is written and read again as the same, and no place
 * is lost on the way; what is not has an error that can be drawn. */
#include "config.h"

#include "fuzz.h"

#include "lock.h"

/* Each place found by both its names; then forgotten, until none is left. */
static void
check_places (QrLock *lock)
{
  g_assert_cmpuint (g_hash_table_size (lock->by_key), ==, lock->places->len);
  g_assert_cmpuint (g_hash_table_size (lock->by_path), ==, lock->places->len);
  while (lock->places->len > 0)
    {
      const QrLockPlace *place = lock->places->pdata[lock->places->len - 1];

      g_assert_true (qr_lock_find (lock, place->key) == place);
      g_assert_true (qr_lock_at (lock, place->path) == place);
      g_assert_true (qr_lock_set (lock, place->key, place->driver, place->path, NULL));
      g_assert_true (qr_lock_forget (lock, place->key));
    }
  g_assert_cmpuint (g_hash_table_size (lock->by_path), ==, 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrLock) lock = qr_lock_parse ((const char *) data, size, "f", &error), again = NULL;
  GString *text, *same;

  if (lock == NULL)
    {
      g_autofree char *message = qr_error_render (error, "qriser");

      g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_CONFIG);
      g_assert_cmpstr (qr_error_code (error), ==, "lock-file");
      return message == NULL;
    }
  text = qr_lock_format (lock);
  again = qr_lock_parse (text->str, text->len, "f", &error);
  g_assert_no_error (error);
  same = qr_lock_format (again);
  g_assert_true (g_string_equal (text, same));
  g_string_free (text, TRUE);
  g_string_free (same, TRUE);
  check_places (lock);
  return 0;
}
