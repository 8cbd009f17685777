/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Roles of the program, of a file, of a directory. */
#include "config.h"

#include "role-check.h"
#include "role-find.h"
#include "testlib.h"

#include <glib/gstdio.h>
#include <string.h>

#define FILE_OF(roles) "{ \"schema\": 1, \"kind\": \"roles\", \"source\": \"a test\", \"roles\": [" roles "] }"
#define ROLE(name, help) \
  "{ \"role\": \"" name "\", \"help\": \"" help "\", \"value\": \"V\", \"default\": \"\", " \
  "\"parts\": [{ \"option\": \"device\", \"text\": \"edu\" }] }"

/* What a build would refuse, too. */
static void
test_shipped (void)
{
  const QrPacked *roles = &qr_profiles_builtin.roles;
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (QrJsonDoc) doc = NULL;
  GError *error = NULL;
  QrJson root;

  doc = qr_json_doc_parse ("{}", 2, "shipped", 0, QR_STATUS_CONFIG, &error);
  qr_json_root (doc, &root);
  g_assert_cmpuint (roles->n_records, >=, 23);
  for (guint32 i = 0; i < roles->n_records; i++)
    {
      const QrRole *role = qr_packed_get (roles, &qr_role_schema, roles->records[i], pool);

      g_assert_true (qr_role_validate (role, &root, &qr_profiles_builtin, &error));
      g_assert_no_error (error);
    }
}

/* Every type of device that a role makes is in the catalogue. */
static void
test_types (void)
{
  const QrPacked *roles = &qr_profiles_builtin.roles;
  g_autoptr (QrPool) pool = qr_pool_new ();

  for (guint32 i = 0; i < roles->n_records; i++)
    {
      const QrRole *role = qr_packed_get (roles, &qr_role_schema, roles->records[i], pool);

      for (guint32 j = 0; j < role->n_parts; j++)
        for (guint32 k = 0; k < role->parts[j].n_variants; k++)
          {
            const QrRoleVariant *variant = &role->parts[j].variants[k];
            const char *texts[] = { variant->text, variant->again };

            for (gsize n = 0; strcmp (role->parts[j].option, "device") == 0 && n < 2; n++)
              if (texts[n] != NULL)
                {
                  g_autofree char *type = g_strndup (texts[n], strcspn (texts[n], ","));

                  if (qr_profiles_find_device (&qr_profiles_builtin, type, pool) == NULL)
                    g_error ("%s: no type \"%s\"", role->role, type);
                }
          }
    }
}

static const QrRole *
find (const QrRoleBook *book, const char *name, QrPool *pool)
{
  GError *error = NULL;
  const QrRole *role;

  g_assert_true (qr_role_find (book, name, pool, &role, &error));
  g_assert_no_error (error);
  return role;
}

static void
test_find (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GPtrArray) own = g_ptr_array_new ();
  const QrRoleBook book = { own, &qr_profiles_builtin, "roles" };
  g_autofree const char **names = NULL;
  GError *error = NULL;

  (void) g_mkdir ("roles", 0700);
  g_assert_true (g_file_set_contents ("roles/site.json", FILE_OF (ROLE ("site", "directory")), -1, NULL));
  g_assert_true (g_file_set_contents ("roles/disk.json", FILE_OF (ROLE ("disk", "never")), -1, NULL));
  g_assert_true (g_file_set_contents ("a.json", FILE_OF (ROLE ("rng", "a") ", " ROLE ("one", "a")), -1, NULL));
  g_assert_true (g_file_set_contents ("b.json", FILE_OF (ROLE ("one", "b")), -1, NULL));
  g_assert_true (qr_role_read ("b.json", &qr_profiles_builtin, pool, own, &error));
  g_assert_true (qr_role_read ("a.json", &qr_profiles_builtin, pool, own, &error));
  g_assert_cmpstr (find (&book, "rng", pool)->help, ==, "a");
  g_assert_cmpstr (find (&book, "one", pool)->help, ==, "a");
  g_assert_cmpstr (find (&book, "site", pool)->help, ==, "directory");
  g_assert_cmpstr (find (&book, "disk", pool)->help, ==, "a disk with an image");
  g_assert_null (find (&book, "nothing", pool));
  g_assert_null (find (&book, "../a", pool));
  names = qr_role_names (&book);
  g_assert_true (g_strv_contains (names, "one") && g_strv_contains (names, "disk"));
  for (gsize i = 1; names[i] != NULL; i++)
    g_assert_cmpstr (names[i - 1], <, names[i]);
}

static void
test_misnamed (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  const QrRoleBook book = { NULL, &qr_profiles_builtin, "roles" };
  GError *error = NULL;
  const QrRole *role;

  (void) g_mkdir ("roles", 0700);
  g_assert_true (g_file_set_contents ("roles/other.json", FILE_OF (ROLE ("one", "")), -1, NULL));
  g_assert_false (qr_role_find (&book, "other", pool, &role, &error));
  test_error_code (&error, QR_STATUS_CONFIG, "no-role", "holds no role \"other\"");
}

/* Role files that a build would take and that mean nothing. */
static const struct
{
  const char *name, *role, *part;
} wrong[] = {
  { "by", "\"parts\": [{ \"option\": \"device\", \"by\": \"nothing\", \"variants\": [{ \"text\": \"edu\" }] }]",
    "there is no word \"nothing\"" },
  { "when", "\"parts\": [{ \"option\": \"device\", \"text\": \"edu\", \"when\": { \"key\": \"nothing\" } }]",
    "there is no word \"nothing\"" },
  { "from", "\"parts\": [{ \"option\": \"device\", \"variants\": [{ \"text\": \"edu\", \"from\": [{ \"key\": \"a\", \"word\": \"zzz\" }] }] }]",
    "there is no word \"zzz\"" },
  { "sum", "\"parts\": [{ \"option\": \"m\", \"verb\": \"sum\", \"variants\": [{}] }]", "needs \"takes\"" },
  { "sum-bare", "\"parts\": [{ \"option\": \"m\", \"verb\": \"sum\" }]", "needs a variant" },
  { "image", "\"parts\": [{ \"option\": \"drive\", \"verb\": \"image\", \"variants\": [{ \"text\": \"if=none\" }] }]", "needs \"takes\"" },
  { "fill", "\"parts\": [{ \"option\": \"device\", \"text\": \"edu\", "
            "\"fill\": { \"option\": \"m\", \"from\": \"size\", \"unit\": \"M\", \"default\": \"1M\" } }]",
    "\"fill\" needs \"key\"" },
  { "finds", "\"finds\": \"firmware\", \"parts\": [{ \"option\": \"device\", \"text\": \"edu\" }]",
    "has the choices secure-boot and vars" },
  { "choice-id", "\"choices\": [{ \"key\": \"id\", \"default\": \"\" }], \"parts\": [{ \"option\": \"device\", \"text\": \"edu\" }]",
    "\"id\" cannot be the key of a choice" },
  { "choice-twice", "\"choices\": [{ \"key\": \"a\", \"default\": \"\" }, { \"key\": \"a\", \"default\": \"\" }], "
                    "\"parts\": [{ \"option\": \"device\", \"text\": \"edu\" }]",
    "\"a\" cannot be the key of a choice" },
  { "not-on", "\"parts\": [{ \"option\": \"device\", \"variants\": [{ \"text\": \"edu\", \"not-on\": [\"pc\"] }] }]",
    "words that pick the variant" },
  { "sides", "\"parts\": [{ \"option\": \"device\", \"text\": \"edu\" }, { \"option\": \"device\", \"text\": \"edu\" }]",
    "two parts are called \"device\"" },
};

static void
test_wrong (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *text = g_strdup_printf ("{ \"schema\": 1, \"kind\": \"roles\", \"source\": \"a test\", \"roles\": ["
                                           "{ \"role\": \"one\", \"help\": \"\", \"value\": \"V\", %s }] }", wrong[i].role);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GPtrArray) own = g_ptr_array_new ();
  GError *error = NULL;

  g_assert_true (g_file_set_contents ("wrong.json", text, -1, NULL));
  g_assert_false (qr_role_read ("wrong.json", &qr_profiles_builtin, pool, own, &error));
  test_error_code (&error, QR_STATUS_CONFIG, "json-value", wrong[i].part);
}

static void
test_twice (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GPtrArray) own = g_ptr_array_new ();
  GError *error = NULL;

  g_assert_true (g_file_set_contents ("twice.json", FILE_OF (ROLE ("one", "") ", " ROLE ("one", "")), -1, NULL));
  g_assert_false (qr_role_read ("twice.json", &qr_profiles_builtin, pool, own, &error));
  test_error_code (&error, QR_STATUS_CONFIG, "json-value", "role \"one\" is described twice");
}

/* A role with @n variants of one word each. */
static gboolean
read_large (guint n, guint parts, GError **error)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GPtrArray) own = g_ptr_array_new ();
  g_autoptr (GString) text = g_string_new ("{ \"schema\": 1, \"kind\": \"roles\", \"source\": \"a test\", "
                                           "\"roles\": [{ \"role\": \"large\", \"help\": \"\", \"value\": \"V\", "
                                           "\"parts\": [");

  for (guint part = 0; part < parts; part++)
    {
      g_string_append_printf (text, "%s{ \"option\": \"device\", \"by\": \"value\", \"variants\": [",
                              part == 0 ? "" : ", ");
      for (guint i = 0; part == 0 && i < n; i++)
        g_string_append_printf (text, "%s{ \"is\": [\"w%u\"], \"text\": \"edu\" }", i == 0 ? "" : ", ", i);
      g_string_append (text, "] }");
    }
  g_string_append (text, "] }] }");
  g_assert_true (g_file_set_contents ("large.json", text->str, -1, NULL));
  return qr_role_read ("large.json", &qr_profiles_builtin, pool, own, error);
}

static void
test_limits (void)
{
  GError *error = NULL;

  g_assert_true (read_large (1024, 64, &error));
  g_assert_false (read_large (1025, 64, &error));
  test_error_code (&error, QR_STATUS_CONFIG, "json-value", "1024 variants and 1024 words at most");
  g_assert_false (read_large (1, 65, &error));
  test_error_code (&error, QR_STATUS_CONFIG, "json-value", "1 to 64 parts");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/role-find/shipped", test_shipped);
  g_test_add_func ("/role-find/types", test_types);
  g_test_add_func ("/role-find/find", test_find);
  g_test_add_func ("/role-find/misnamed", test_misnamed);
  g_test_add_func ("/role-find/twice", test_twice);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *name = g_strdup_printf ("/role-find/wrong/%s", wrong[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_wrong);
    }
  g_test_add_func ("/role-find/limits", test_limits);
  return test_run_inside ();
}
