/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that a line asks for: whole, or not there. */
#include "config.h"

#include "image.h"
#include "new-file.h"
#include "testlib.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
make (QrNewKind kind, const char *path, guint64 bytes, const char *original)
{
  const QrNewFile file = { kind, path, bytes, original, { 0 } };
  g_autoptr (QrNewFiles) made = NULL;
  GError *error = NULL;

  made = qr_new_files_prepare (&file, 1, &error);
  g_assert_no_error (error);
  g_assert_true (qr_new_files_name (made, &error));
  g_assert_no_error (error);
}

static guint
n_entries (void)
{
  g_autoptr (GDir) dir = g_dir_open (".", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_raw (void)
{
  guint before = n_entries ();
  GStatBuf info;

  make (QR_NEW_RAW, "a.raw", 1 << 20, NULL);
  g_assert_cmpint (g_stat ("a.raw", &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, 1 << 20);
  g_assert_cmpint (info.st_blocks, ==, 0);
  g_assert_cmpuint (n_entries (), ==, before + 1);
}

/* One that came to be there stays as it is. */
static void
test_there (void)
{
  guint before = n_entries () + 1;
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents ("there", "mine", -1, NULL));
  make (QR_NEW_QCOW2, "there", 1 << 20, NULL);
  g_assert_true (g_file_get_contents ("there", &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "mine");
  g_assert_cmpuint (n_entries (), ==, before);
}

static void
test_copy (void)
{
  g_autofree char *text = g_strnfill (200000, 'x'), *got = NULL;

  g_assert_true (g_file_set_contents ("from", text, -1, NULL));
  make (QR_NEW_COPY, "to", 0, "from");
  g_assert_true (g_file_get_contents ("to", &got, NULL, NULL));
  g_assert_cmpstr (got, ==, text);
}

static void
test_mode (void)
{
  mode_t mask = umask (027);
  GStatBuf info;

  make (QR_NEW_RAW, "moded", 512, NULL);
  (void) umask (mask);
  g_assert_cmpint (g_stat ("moded", &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0640);
}

static void
test_refused (void)
{
  QrNewFile file = { QR_NEW_RAW, "nowhere/a", 512, NULL, { 3, NULL, "size=512", 5, 3 } };
  guint before = n_entries ();
  GError *error = NULL;

  g_assert_null (qr_new_files_prepare (&file, 1, &error));
  test_error_is (&error, "qriser: error: cannot make \"nowhere/a\": No such file or directory\n"
                         "  argument 3: size=512\n"
                         "                   ^~~\n");
  file.kind = QR_NEW_COPY;
  file.path = "b";
  file.original = "nowhere";
  g_assert_null (qr_new_files_prepare (&file, 1, &error));
  test_error_code (&error, QR_STATUS_NO_INPUT, "new-file", "cannot make \"b\" of \"nowhere\"");
  file.original = "/dev/zero";
  g_assert_null (qr_new_files_prepare (&file, 1, &error));
  test_error_code (&error, QR_STATUS_IO, "new-file", "of \"/dev/zero\": File too large");
  g_assert_cmpuint (n_entries (), ==, before); /* nothing is left of it */
}

/* Of several none is there until all can be; a link to nothing is not overlooked. */
static void
test_together (void)
{
  const QrNewFile files[] = { { QR_NEW_RAW, "first", 512, NULL, { 0 } }, { QR_NEW_RAW, "nowhere/b", 512, NULL, { 0 } } };
  g_autoptr (QrNewFiles) made = NULL;
  guint before = n_entries ();
  GError *error = NULL;

  g_assert_null (qr_new_files_prepare (files, 2, &error));
  test_error_code (&error, QR_STATUS_NO_INPUT, "new-file", "nowhere/b");
  g_assert_cmpuint (n_entries (), ==, before);
  made = qr_new_files_prepare (files, 1, &error);
  g_assert_cmpuint (n_entries (), ==, before);
  g_assert_cmpint (symlink ("nothing", "first"), ==, 0);
  g_assert_false (qr_new_files_name (made, &error));
  test_error_code (&error, QR_STATUS_NO_INPUT, "new-file", "cannot make \"first\"");
}

static guint64
field (const char *bytes, gsize at, gsize size)
{
  guint64 value = 0;

  for (gsize i = 0; i < size; i++)
    value = value << 8 | (guint8) bytes[at + i];
  return value;
}

/* The header and the counts of clusters, by docs/interop/qcow2.txt. */
static void
check_qcow2 (const char *path, guint64 bytes, guint64 n_l1)
{
  guint64 l1_clusters = (n_l1 * 8 + 65535) / 65536;
  g_autofree char *text = NULL;
  gsize length;

  make (QR_NEW_QCOW2, path, bytes, NULL);
  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  g_assert_cmpuint (length, ==, (3 + l1_clusters) * 65536);
  g_assert_cmpuint (field (text, 0, 4), ==, 0x514649fb);
  g_assert_cmpuint (field (text, 4, 4), ==, 3);
  g_assert_cmpuint (field (text, 8, 8), ==, 0); /* no backing file */
  g_assert_cmpuint (field (text, 20, 4), ==, 16);
  g_assert_cmpuint (field (text, 24, 8), ==, bytes);
  g_assert_cmpuint (field (text, 36, 4), ==, n_l1);
  g_assert_cmpuint (field (text, 40, 8), ==, 3 * 65536);
  g_assert_cmpuint (field (text, 48, 8), ==, 65536);
  g_assert_cmpuint (field (text, 56, 4), ==, 1);
  g_assert_cmpuint (field (text, 100, 4), ==, 104);
  g_assert_cmpuint (field (text, 65536, 8), ==, 2 * 65536);
  for (guint64 i = 0; i < 32768; i++)
    g_assert_cmpuint (field (text, 2 * 65536 + 2 * i, 2), ==, i < 3 + l1_clusters);
}

static void
test_qcow2 (void)
{
  QrImage image;
  GError *error = NULL;

  check_qcow2 ("small.qcow2", 512, 1);
  check_qcow2 ("one.qcow2", G_GUINT64_CONSTANT (512) << 20, 1);
  check_qcow2 ("more.qcow2", (G_GUINT64_CONSTANT (512) << 20) + 512, 2);
  check_qcow2 ("table.qcow2", (G_GUINT64_CONSTANT (4) << 40) + 512, 8193);
  g_assert_true (qr_image_look ("small.qcow2", &image, &error));
  g_assert_cmpint (image, ==, QR_IMAGE_QCOW2);
}

/* The largest, which one refcount block still counts. */
static void
test_most (void)
{
  guint64 most = qr_new_file_most (QR_NEW_QCOW2);

  g_assert_cmpuint (most, ==, G_GUINT64_CONSTANT (2) << 50);
  check_qcow2 ("most.qcow2", most, 4 << 20);
}

/* qemu-img's own opinion. */
static void
test_by_qemu (void)
{
  g_autofree char *program = g_find_program_in_path ("qemu-img"), *out = NULL;
  const char *const check[] = { "qemu-img", "check", "-f", "qcow2", "by.qcow2", NULL };
  int status;

  if (program == NULL)
    {
      g_test_skip ("there is no qemu-img");
      return;
    }
  make (QR_NEW_QCOW2, "by.qcow2", G_GUINT64_CONSTANT (20) << 30, NULL);
  g_assert_true (g_spawn_sync (NULL, (char **) check, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out,
                               NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
  g_assert_nonnull (strstr (out, "No errors were found"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/new-file/raw", test_raw);
  g_test_add_func ("/new-file/there", test_there);
  g_test_add_func ("/new-file/copy", test_copy);
  g_test_add_func ("/new-file/mode", test_mode);
  g_test_add_func ("/new-file/refused", test_refused);
  g_test_add_func ("/new-file/together", test_together);
  g_test_add_func ("/new-file/qcow2", test_qcow2);
  g_test_add_func ("/new-file/most", test_most);
  g_test_add_func ("/new-file/by-qemu", test_by_qemu);
  return test_run_inside ();
}
