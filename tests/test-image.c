/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an image is taken for. */
#include "config.h"

#include "image.h"
#include "testlib.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

enum
{
  HEADER = 104,
};

/* A qcow2 header of a version, with or without a backing file, with flags. */
static void
write_header (const char *path, guint8 version, guint8 backing, guint8 flags)
{
  char bytes[HEADER] = { 'Q', 'F', 'I', (char) 0xfb };

  bytes[7] = (char) version;
  bytes[15] = (char) backing;
  bytes[79] = (char) flags;
  g_assert_true (g_file_set_contents (path, bytes, sizeof bytes, NULL));
}

static QrImage
look (const char *path)
{
  GError *error = NULL;
  QrImage image;

  g_assert_true (qr_image_look (path, &image, &error));
  g_assert_no_error (error);
  return image;
}

static void
test_qcow2 (void)
{
  write_header ("a.img", 3, 0, 0);
  g_assert_cmpint (look ("a.img"), ==, QR_IMAGE_QCOW2);
  write_header ("a.img", 2, 0, 0);
  g_assert_cmpint (look ("a.img"), ==, QR_IMAGE_QCOW2);
  write_header ("a.img", 1, 0, 0); /* QEMU's older format "qcow" */
  g_assert_cmpint (look ("a.img"), ==, QR_IMAGE_UNKNOWN);
  write_header ("a.img", 3, 0, 1); /* dirty */
  g_assert_cmpint (look ("a.img"), ==, QR_IMAGE_QCOW2);
}

/* A guest can write a header that names a file of the host's. */
static void
test_chained (void)
{
  write_header ("a.img", 3, 200, 0);
  g_assert_cmpint (look ("a.img"), ==, QR_IMAGE_CHAINED);
  write_header ("a.img", 3, 0, 4); /* external data file */
  g_assert_cmpint (look ("a.img"), ==, QR_IMAGE_CHAINED);
  write_header ("a.img", 2, 0, 4); /* version 2 has no such flags */
  g_assert_cmpint (look ("a.img"), ==, QR_IMAGE_QCOW2);
  write_header ("a.qcow2", 3, 200, 0);
  g_assert_cmpint (look ("a.qcow2"), ==, QR_IMAGE_QCOW2);
  g_assert_cmpint (g_mkdir ("d.qcow2", 0700), ==, 0);
  write_header ("d.qcow2/a", 3, 200, 0);
  g_assert_cmpint (look ("d.qcow2/a"), ==, QR_IMAGE_CHAINED);
}

static void
test_unknown (void)
{
  g_assert_true (g_file_set_contents ("b.qcow2", "", 0, NULL));
  g_assert_cmpint (look ("b.qcow2"), ==, QR_IMAGE_UNKNOWN);
  g_assert_true (g_file_set_contents ("b.qcow2", "QFI", 3, NULL));
  g_assert_cmpint (look ("b.qcow2"), ==, QR_IMAGE_UNKNOWN);
  g_assert_true (g_file_set_contents ("b.qcow2", "\x7f" "ELF", 4, NULL));
  g_assert_cmpint (look ("b.qcow2"), ==, QR_IMAGE_UNKNOWN);
}

static void
test_elsewhere (void)
{
  g_assert_cmpint (look ("nowhere"), ==, QR_IMAGE_ABSENT);
  g_assert_cmpint (look ("nbd://localhost/x"), ==, QR_IMAGE_REMOTE);
  g_assert_cmpint (look ("json:{}"), ==, QR_IMAGE_REMOTE);
  g_assert_cmpint (look ("file:nowhere"), ==, QR_IMAGE_REMOTE);
  g_assert_cmpint (look ("/dev/fdset/3"), ==, QR_IMAGE_REMOTE);
  g_assert_cmpint (look ("./a:b"), ==, QR_IMAGE_ABSENT);
}

static void
test_refused (void)
{
  GError *error = NULL;
  QrImage image;

  g_assert_false (qr_image_look (".", &image, &error));
  test_error_code (&error, QR_STATUS_IO, "image-read", "neither a file nor a block device");
  g_assert_cmpint (mkfifo ("fifo", 0600), ==, 0);
  g_assert_false (qr_image_look ("fifo", &image, &error)); /* and nobody is waited for */
  test_error_code (&error, QR_STATUS_IO, "image-read", "neither a file nor a block device");
  g_assert_false (qr_image_look ("/dev/null/x", &image, &error));
  test_error_code (&error, QR_STATUS_NO_INPUT, "image-read", "Not a directory");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/qcow2", test_qcow2);
  g_test_add_func ("/image/chained", test_chained);
  g_test_add_func ("/image/unknown", test_unknown);
  g_test_add_func ("/image/elsewhere", test_elsewhere);
  g_test_add_func ("/image/refused", test_refused);
  return test_run_inside ();
}
