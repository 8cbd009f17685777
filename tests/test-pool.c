/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "testlib.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Around the size of a block and of the alignment. */
static const gsize sizes[] = { 0, 1, 15, 16, 17, 4096, 16383, 16384, 16385, 1 << 20 };

static void
test_alloc (gconstpointer data)
{
  gsize size = sizes[GPOINTER_TO_SIZE (data)];
  g_autoptr (QrPool) pool = qr_pool_new ();

  for (guint round = 0; round < 3; round++)
    {
      guchar *bytes = qr_pool_alloc (pool, size);

      g_assert_nonnull (bytes);
      g_assert_cmpuint ((uintptr_t) bytes % _Alignof (max_align_t), ==, 0);
      for (gsize i = 0; i < size; i++)
        g_assert_cmpuint (bytes[i], ==, 0);
      memset (bytes, 0xa5, size);
    }
  g_assert_cmpuint (qr_pool_used (pool), >=, 3 * size);
}

/* Pieces of all sizes do not lie over each other. */
static void
test_apart (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  guchar *pieces[500];

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      pieces[i] = qr_pool_alloc (pool, i * 7 + 1);
      memset (pieces[i], (int) (i & 0xff), i * 7 + 1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    for (guint j = 0; j < i * 7 + 1; j++)
      g_assert_cmpuint (pieces[i][j], ==, i & 0xff);
}

static void
test_alloc_n (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  guint64 *numbers = qr_pool_alloc_n (pool, 100, sizeof *numbers);

  for (guint i = 0; i < 100; i++)
    g_assert_cmpuint (numbers[i], ==, 0);
  g_assert_nonnull (qr_pool_alloc_n (pool, 0, 8));
}

static void
test_overflow (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (QrPool) pool = qr_pool_new ();

      (void) qr_pool_alloc_n (pool, G_MAXSIZE / 4, 8);
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
}

static void
test_strings (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  char source[] = "abc";
  char *whole = qr_pool_strdup (pool, source), *part = qr_pool_strndup (pool, source, 2);

  source[0] = 'x';
  g_assert_cmpstr (whole, ==, "abc");
  g_assert_cmpstr (part, ==, "ab");
  g_assert_cmpstr (qr_pool_strdup (pool, ""), ==, "");
  g_assert_cmpstr (qr_pool_strndup (pool, "abc", 0), ==, "");
  g_assert_cmpstr (qr_pool_printf (pool, "%s-%02x.%u", "port", 28, 3), ==, "port-1c.3");
}

static void
test_free_none (void)
{
  QrPool *empty = qr_pool_new ();

  g_assert_cmpuint (qr_pool_used (empty), ==, 0);
  qr_pool_free (empty);
  qr_pool_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *name = g_strdup_printf ("/pool/alloc/%" G_GSIZE_FORMAT, sizes[i]);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_alloc);
    }
  g_test_add_func ("/pool/apart", test_apart);
  g_test_add_func ("/pool/alloc-n", test_alloc_n);
  g_test_add_func ("/pool/overflow", test_overflow);
  g_test_add_func ("/pool/strings", test_strings);
  g_test_add_func ("/pool/free-none", test_free_none);
  return g_test_run ();
}
