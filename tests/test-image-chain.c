/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Headers of qcow2 images, sound and broken, and what they lead to. */
#include "config.h"

#include "image-chain.h"

#include <string.h>

#include "testlib.h"

enum
{
  BYTES = 4096,
  NAME_AT = 1024,
};

static void
put (guint8 *bytes, gsize at, guint32 value)
{
  guint32 big = GUINT32_TO_BE (value);

  memcpy (bytes + at, &big, sizeof big);
}

/* A header of version 3 with one extension, which holds @text. */
static void
begin (guint8 bytes[BYTES], guint32 extension, const char *text)
{
  memset (bytes, 0, BYTES);
  memcpy (bytes, "QFI\xfb", 4);
  put (bytes, 4, 3);
  put (bytes, 100, 104);
  put (bytes, 104, extension);
  put (bytes, 108, (guint32) strlen (text));
  memcpy (bytes + 112, text, strlen (text));
}

/* One image that differs in one thing from a sound one, which leads to "next". */
static const struct
{
  const char *name;
  guint32 version, backing_at, backing_size, header, extension, extension_size;
  gsize bytes;
  const char *link; /* or NULL */
} cases[] = {
  { "sound", 3, NAME_AT, 4, 104, 0xe2792aca, 3, BYTES, "next" },
  { "version-2", 2, NAME_AT, 4, 104, 0, 0, BYTES, "next" },
  { "no-backing", 3, 0, 4, 104, 0, 0, BYTES, NULL },
  { "empty-name", 3, NAME_AT, 0, 104, 0, 0, BYTES, NULL },
  { "long-name", 3, NAME_AT, 1024, 104, 0, 0, BYTES, NULL },
  { "longest-name", 3, NAME_AT, 0xffffffff, 104, 0, 0, BYTES, NULL },
  { "name-outside", 3, BYTES + 1, 4, 104, 0, 0, BYTES, NULL },
  { "name-ends-outside", 3, BYTES - 2, 4, 104, 0, 0, BYTES, NULL },
  { "far-name", 3, 0xfffffff0, 4, 104, 0, 0, BYTES, NULL },
  { "header-outside", 3, NAME_AT, 4, 0xfffffff8, 0, 0, BYTES, "next" },
  { "extension-outside", 3, NAME_AT, 4, 104, 0xe2792aca, 0xffffffff, BYTES, "next" },
  { "extension-at-end", 3, NAME_AT, 4, BYTES - 4, 0xe2792aca, 3, BYTES, "next" },
  { "cut-short", 3, NAME_AT, 4, 104, 0, 0, 100, NULL },
};

static char *
write_image (const char *directory, gsize i)
{
  g_autofree char *path = g_build_filename (directory, "image", NULL);
  guint8 bytes[BYTES];

  begin (bytes, cases[i].extension, "raw");
  put (bytes, 4, cases[i].version);
  put (bytes, 12, cases[i].backing_at);
  put (bytes, 16, cases[i].backing_size);
  put (bytes, 100, cases[i].header);
  put (bytes, 108, cases[i].extension_size);
  memcpy (bytes + NAME_AT, "next", 4);
  g_assert_true (g_file_set_contents (path, (const char *) bytes, (gssize) cases[i].bytes, NULL));
  return g_steal_pointer (&path);
}

static void
test_header (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  char *directory = test_directory ();
  g_autofree char *path = write_image (directory, i);
  g_autofree char *next = g_build_filename (directory, "next", NULL);
  g_autoptr (GArray) links = g_array_new (FALSE, FALSE, sizeof (QrImageLink));
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GError) error = NULL;
  gboolean good = qr_image_chain (path, NULL, NULL, pool, links, &error);

  g_assert_no_error (error);
  g_assert_true (good);
  g_assert_cmpuint (links->len, ==, cases[i].link == NULL ? 0 : 1);
  if (cases[i].link != NULL)
    g_assert_cmpstr (g_array_index (links, QrImageLink, 0).path, ==, next);
  g_assert_cmpstr (qr_image_leads (path), ==, cases[i].link != NULL ? "qcow2" : NULL);
  test_directory_remove (directory);
}

/* An image that stands on itself ends somewhere. */
static void
test_circle (void)
{
  char *directory = test_directory ();
  g_autofree char *path = g_build_filename (directory, "image", NULL);
  guint8 bytes[BYTES];
  g_autoptr (GArray) links = g_array_new (FALSE, FALSE, sizeof (QrImageLink));
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GError) error = NULL;

  begin (bytes, 0xe2792aca, "qcow2");
  put (bytes, 12, NAME_AT);
  put (bytes, 16, 5);
  memcpy (bytes + NAME_AT, "image", 5);
  g_assert_true (g_file_set_contents (path, (const char *) bytes, BYTES, NULL));
  g_assert_false (qr_image_chain (path, NULL, NULL, pool, links, &error));
  g_assert_nonnull (strstr (error->message, "is one of too many that stand on each other"));
  test_directory_remove (directory);
}

/* What is no image, or cannot be opened without doing something, leads nowhere. */
static void
test_others (void)
{
  static const char *const paths[] = { "/no/such/file", "/", "/dev/null", "/proc/self/status" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    g_assert_null (qr_image_leads (paths[i]));
}

/* Images of VMware's that have another file, and those that do not. */
static void
test_vmware (void)
{
  static const struct
  {
    const char *head;
    guint8 sectors; /* in the header */
    const char *text;
    gboolean leads;
  } images[] = {
    { "# Disk DescriptorFile\nversion=1\n", 0, "RW 1 FLAT \"/etc/shadow\" 0\n", TRUE },
    { "# Disk Descriptor\nversion=1\n", 0, "", FALSE },
    { "KDMV", 8, "# Disk DescriptorFile\nparentCID=ffffffff\n", FALSE },
    { "KDMV", 8, "# Disk DescriptorFile\nparentFileNameHint=\"/etc/shadow\"\n", TRUE },
    { "KDMV", 0, "# Disk DescriptorFile\n", TRUE },
    { "COWD", 0, "# Disk DescriptorFile\n", FALSE },
    { "COWD", 0, "# Disk DescriptorFile\nparentFileNameHint=\"/etc/shadow\"\n", TRUE },
    { "VMDK", 0, "parentFileNameHint", FALSE },
  };
  char *directory = test_directory ();
  g_autofree char *path = g_build_filename (directory, "image", NULL);
  guint8 bytes[BYTES];

  for (guint i = 0; i < G_N_ELEMENTS (images); i++)
    {
      memset (bytes, 0, BYTES);
      memcpy (bytes, images[i].head, strlen (images[i].head));
      if (images[i].sectors > 0)
        bytes[12] = images[i].sectors;
      memcpy (bytes + 512, images[i].text, strlen (images[i].text));
      g_assert_true (g_file_set_contents (path, (const char *) bytes, BYTES, NULL));
      g_assert_cmpstr (qr_image_leads (path), ==, images[i].leads ? "vmdk" : NULL);
    }
  g_assert_true (g_file_set_contents (path, "KDMV", 4, NULL));
  g_assert_null (qr_image_leads (path));
  test_directory_remove (directory);
}

static void
say_data (guint depth, QrImageSaid *out, gpointer data)
{
  out->data = depth == 0;
}

/* What the line says at @data of two that stand on each other. */
static void
say_middle (guint depth, QrImageSaid *out, gpointer data)
{
  if (depth == 1)
    *out = *(const QrImageSaid *) data;
}

/* What the line says of any image of a chain counts more than the header of that. */
static void
test_said (void)
{
  static const QrImageSaid nothing = { 0 }, backing = { .backing = TRUE }, format = { .format = "raw" };
  static const struct
  {
    const QrImageSaid *said;
    guint links;
  } said[] = { { &nothing, 3 }, { &backing, 1 }, { &format, 2 } };
  static const char *const names[] = { "a", "b", "c", "d" };
  char *directory = test_directory ();
  g_autofree char *first = g_build_filename (directory, "a", NULL);
  g_autoptr (QrPool) pool = qr_pool_new ();

  for (guint i = 0; i + 1 < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (directory, names[i], NULL);
      guint8 bytes[BYTES];

      begin (bytes, 0xe2792aca, "qcow2");
      put (bytes, 12, NAME_AT);
      put (bytes, 16, 1);
      memcpy (bytes + NAME_AT, names[i + 1], 1);
      g_assert_true (g_file_set_contents (path, (const char *) bytes, BYTES, NULL));
    }
  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    {
      g_autoptr (GArray) links = g_array_new (FALSE, FALSE, sizeof (QrImageLink));
      g_autoptr (GError) error = NULL;

      g_assert_true (qr_image_chain (first, say_middle, (gpointer) said[i].said, pool, links, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (links->len, ==, said[i].links);
    }
  test_directory_remove (directory);
}

/* The file that holds the data comes with the image. */
static void
test_data (void)
{
  char *directory = test_directory ();
  g_autofree char *path = g_build_filename (directory, "image", NULL);
  guint8 bytes[BYTES];
  g_autoptr (GArray) links = g_array_new (FALSE, FALSE, sizeof (QrImageLink));
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GError) error = NULL;

  begin (bytes, 0x44415441, "d");
  put (bytes, 76, 4);
  g_assert_true (g_file_set_contents (path, (const char *) bytes, BYTES, NULL));
  g_assert_true (qr_image_chain (path, NULL, NULL, pool, links, &error));
  g_assert_cmpuint (links->len, ==, 1);
  g_assert_true (g_array_index (links, QrImageLink, 0).is_data);
  g_assert_cmpstr (g_array_index (links, QrImageLink, 0).path, ==, "d");
  g_array_set_size (links, 0);
  g_assert_true (qr_image_chain (path, say_data, NULL, pool, links, &error));
  g_assert_cmpuint (links->len, ==, 0);
  /* What stands behind the name of the backing file is no extension. */
  put (bytes, 12, 104);
  g_assert_true (g_file_set_contents (path, (const char *) bytes, BYTES, NULL));
  g_assert_true (qr_image_chain (path, NULL, NULL, pool, links, &error));
  g_assert_cmpuint (links->len, ==, 0);
  test_directory_remove (directory);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/image-chain/header/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_header);
    }
  g_test_add_func ("/image-chain/circle", test_circle);
  g_test_add_func ("/image-chain/others", test_others);
  g_test_add_func ("/image-chain/data", test_data);
  g_test_add_func ("/image-chain/said", test_said);
  g_test_add_func ("/image-chain/vmware", test_vmware);
  return g_test_run ();
}
