/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which lines have their user changed before QEMU, and what is left of them. */
#include "config.h"

#include "run-as.h"

#include <string.h>

#include "testlib.h"

static const struct
{
  const char *line, *left; /* NULL: the same */
  const char *user;        /* NULL: QEMU does it */
  guint argument;
} cases[] = {
  { "-m 64", NULL, NULL, 0 },
  { "-m 64 -runas nobody -S", "-m 64 -S", "nobody", 3 },
  { "--runas 1:2", "", "1:2", 1 },
  { "-run-with user=a", "", "a", 1 },
  { "-runas a -run-with user=b", "", "b", 3 },
  { "-run-with user=a,chroot=/d", NULL, NULL, 0 },
  { "-run-with user=a,async-teardown=on", NULL, NULL, 0 },
  { "-run-with async-teardown=on", NULL, NULL, 0 },
  { "-run-with chroot=/d -runas a", NULL, NULL, 0 },
  { "-chroot /d -runas a", NULL, NULL, 0 },
  { "-run-with user=", NULL, NULL, 0 },
  { "-run-with help", NULL, NULL, 0 },
};

/* What lines leave to QEMU. */
static const struct
{
  const char *line, *user, *root;
} lefts[] = {
  { "-m 64", NULL, NULL },
  { "-runas nobody", "nobody", NULL },
  { "-chroot /d", NULL, "/d" },
  { "-chroot /d -m 64 -runas 1:2", "1:2", "/d" },
  { "-chroot /d --chroot /e", NULL, "/e" },
  { "-run-with chroot=/d", NULL, "/d" },
  { "-run-with user=a,chroot=/d", "a", "/d" },
  { "-run-with user=a -run-with chroot=/d", "a", "/d" },
  { "-run-with user=a,user=b", "b", NULL },
  { "-run-with async-teardown=on", NULL, NULL },
};

static char *
text_of (const QrCmdline *line)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < line->n; i++)
    {
      const QrItem *item = &line->items[i];

      g_string_append_printf (out, "%s%s", i == 0 ? "" : " ", item->word);
      if (item->value != NULL)
        g_string_append_printf (out, " %s", item->value);
    }
  return g_string_free (out, FALSE);
}

static void
test_case (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_auto (GStrv) words = g_strsplit (cases[i].line, " ", -1);
  const QrCmdline *line
      = qr_cmdline_parse ((const char *const *) words, 1, &qr_profiles_builtin, NULL, pool, NULL);
  g_autofree char *left = NULL;
  QrRunAs out;

  g_assert_nonnull (line);
  left = text_of (qr_run_as_take (line, TRUE, pool, &out));
  g_assert_cmpstr (left, ==, cases[i].left == NULL ? cases[i].line : cases[i].left);
  g_assert_cmpstr (out.user, ==, cases[i].user);
  g_assert_cmpuint (out.argument, ==, cases[i].argument);
}

static void
test_left (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_auto (GStrv) words = g_strsplit (lefts[i].line, " ", -1);
  const QrCmdline *line
      = qr_cmdline_parse ((const char *const *) words, 1, &qr_profiles_builtin, NULL, pool, NULL);
  QrRunAsLeft out;

  g_assert_nonnull (line);
  g_assert_cmpint (qr_run_as_left (line, FALSE, pool, &out), ==,
                   lefts[i].user != NULL || lefts[i].root != NULL);
  g_assert_cmpstr (out.user, ==, lefts[i].user);
  g_assert_cmpstr (out.root, ==, lefts[i].root);
}

/* Where files go to QEMU as they are, nobody looks into them. */
static void
test_unplanned (void)
{
  static const char *const words[] = { "-runas", "nobody", NULL };
  g_autoptr (QrPool) pool = qr_pool_new ();
  const QrCmdline *line = qr_cmdline_parse (words, 1, &qr_profiles_builtin, NULL, pool, NULL);
  QrCmdline with_files = *line;
  QrRunAsLeft left;
  QrRunAs out;

  with_files.written = line;
  g_assert_true (qr_run_as_take (&with_files, FALSE, pool, &out) == &with_files);
  g_assert_null (out.user);
  g_assert_true (qr_run_as_take (line, FALSE, pool, &out) != line);
  g_assert_cmpstr (out.user, ==, "nobody");
  g_assert_false (qr_run_as_left (&with_files, FALSE, pool, &left));
  g_assert_null (left.user);
  g_assert_true (qr_run_as_left (&with_files, TRUE, pool, &left));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/run-as/%u", i);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
    }
  for (guint i = 0; i < G_N_ELEMENTS (lefts); i++)
    {
      g_autofree char *path = g_strdup_printf ("/run-as/left/%u", i);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_left);
    }
  g_test_add_func ("/run-as/unplanned", test_unplanned);
  return g_test_run ();
}
