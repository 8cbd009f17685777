/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The policy that a name means: one of the program, else a file of a directory. */
#include "config.h"

#include "policy-find.h"
#include "testlib.h"

#include <glib/gstdio.h>
#include <string.h>

/* What is in directory "d": file names, and the name and version inside. */
static const struct
{
  const char *file, *name;
  guint version;
} files[] = {
  { "own-1.json", "own", 1 },       { "own-9.json", "own", 9 },          { "own-10.json", "own", 10 },
  { "own-011.json", "own", 11 },    { "own-12.json~", "own", 12 },       { "own-13", "own", 13 },
  { "own-1e1.json", "own", 14 },    { "own-10000.json", "own", 15 },     { "own-0.json", "own", 16 },
  { "own-more-7.json", "own-more", 7 },
  { "ich9-1.json", "ich9", 1 },     { "ich9-2.json", "ich9", 2 },        { "ich9-3.json", "ich8", 3 },
  { "wrong-1.json", "wrong", 2 },
};

static const struct
{
  const char *asked, *found;
} cases[] = {
  { "own", "own@10" },
  { "own@1", "own@1" },
  { "own@9", "own@9" },
  { "own-more", "own-more@7" },
  { "own-more@7", "own-more@7" },
  { "ich9", "ich9@1" }, /* the program's own go first */
  { "ich9@1", "ich9@1" },
  { "ich9@2", "ich9@2" },
  { "./d/own-13", "own@13" },
};

static const struct
{
  const char *asked, *message;
} refused[] = {
  { "own@2", "there is no policy \"own@2\"" },
  { "own@11", "there is no policy \"own@11\"" },
  { "own@0", "there is no policy \"own@0\"" },
  { "own@10000", "there is no policy \"own@10000\"" },
  { "own@", "there is no policy \"own@\"" },
  { "own@1@1", "there is no policy \"own@1@1\"" },
  { "ow", "there is no policy \"ow\"" },
  { "", "there is no policy \"\"" },
  { "@1", "there is no policy \"@1\"" },
  { "..", "there is no policy \"..\"" },
  { "o n", "there is no policy \"o n\"" },
  { "ich9@3", "\"d/ich9-3.json\" holds policy ich8@3" },
  { "wrong@1", "\"d/wrong-1.json\" holds policy wrong@2" },
};

static const QrPolicy *
find (const char *name, const char *directory, const QrPlace *place, QrPool *pool, GError **error)
{
  return qr_policy_find (name, directory, place, &qr_profiles_builtin, pool, error);
}

/* Runs first. */
static void
test_files (void)
{
  g_assert_cmpint (g_mkdir ("d", 0700), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename ("d", files[i].file, NULL);
      g_autofree char *text = g_strdup_printf (
          "{\"schema\":1,\"kind\":\"policy\",\"source\":\"s\",\"policy\":\"%s\",\"version\":%u,"
          "\"title\":\"t\",\"machines\":[\"q35\"],\"homes\":[],\"rules\":[]}",
          files[i].name, files[i].version);

      g_assert_true (g_file_set_contents (path, text, -1, NULL));
    }
}

static void
test_found (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GError) error = NULL;
  const QrPolicy *policy = find (cases[i].asked, "d", NULL, pool, &error);
  g_autofree char *found = NULL;

  g_assert_no_error (error);
  found = g_strdup_printf ("%s@%u", policy->name, policy->version);
  g_assert_cmpstr (found, ==, cases[i].found);
  g_assert_true (qr_policy_is_name (cases[i].asked));
}

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (find (refused[i].asked, "d", NULL, pool, &error));
  g_assert_cmpstr (qr_error_code (error), ==, "no-policy");
  g_assert_cmpstr (error->message, ==, refused[i].message);
}

/* Nothing is opened for a policy of the program, and none but those without a directory. */
static void
test_directory_less (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (find ("ich9@1", NULL, NULL, pool, &error) == test_policy ("ich9@1"));
  g_assert_true (find ("ich9@1", "d", NULL, pool, &error) == test_policy ("ich9@1"));
  g_assert_null (find ("own", NULL, NULL, pool, &error));
  test_error_code (&error, QR_STATUS_USAGE, "no-policy", "there is no policy \"own\"");
  g_assert_null (find ("own", "nowhere", NULL, pool, &error));
  test_error_is (&error, "qriser: error: there is no policy \"own\"\n"
                         "  hint: policies are: ich9@1, ich9-wide@1, libvirt@1, pc@1, pseries@1, qemu@1, root-ports@1, and files NAME-VERSION.json in profiles/policies beside qriser.conf\n");
}

/* A name in a file is refused there. */
static void
test_place (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  const QrPlace place = { 0, "f.conf", "policy = \"x\"", 10, 1 };
  GError *error = NULL;

  g_assert_null (find ("x", NULL, &place, pool, &error));
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_CONFIG);
  test_error_is (&error, "qriser: error: there is no policy \"x\"\n"
                         "  f.conf:1:11: policy = \"x\"\n"
                         "                         ^\n"
                         "  hint: policies are: ich9@1, ich9-wide@1, libvirt@1, pc@1, pseries@1, qemu@1, root-ports@1\n");
}

/* One that is found and broken is an error at its line, not a missing one. */
static void
test_broken (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents ("d/broken-1.json", "{\n", -1, NULL));
  g_assert_null (find ("broken", "d", NULL, pool, &error));
  test_error_code (&error, QR_STATUS_CONFIG, "json-syntax", "broken JSON");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/policy-find/files", test_files);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/policy-find/found/%s", cases[i].asked);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_found);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *name = g_strdup_printf ("/policy-find/refused/\"%s\"", refused[i].asked);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_refused);
    }
  g_test_add_func ("/policy-find/directory-less", test_directory_less);
  g_test_add_func ("/policy-find/place", test_place);
  g_test_add_func ("/policy-find/broken", test_broken);
  return test_run_inside ();
}
