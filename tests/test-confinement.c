/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tightest level that serves, and the shipped levels and needs. */
#include "config.h"

#include <glib.h>
#include <string.h>

#include "profiles.h"

enum
{
  A = 1 << 0,
  B = 1 << 1,
  C = 1 << 2,
};

static const QrLevel levels[] = { { "none", 0 }, { "a", A }, { "b", B }, { "a-b", A | B }, { "all", A | B } };

/* @n: of how many levels. */
static const struct
{
  guint32 n, needs;
  const char *chosen;
} chosen[] = {
  { 5, 0, "none" }, { 5, A, "a" },    { 5, B, "b" },         { 5, A | B, "a-b" },
  { 5, C, "all" },  { 5, A | C, "all" }, { 5, 0xffffffff, "all" }, { 4, C, "a-b" },
  { 2, 0, "none" }, { 2, A, "a" },    { 2, B, "a" },         { 1, 0, "none" },
  { 1, A, "none" },
};

static void
test_choose (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);

  g_assert_cmpstr (qr_levels_choose (levels, chosen[i].n, chosen[i].needs)->profile, ==, chosen[i].chosen);
}

static const struct
{
  const char *name;
  guint32 n;
  int index; /* -1: there is none */
} found[] = {
  { "none", 5, 0 }, { "a-b", 5, 3 }, { "all", 5, 4 }, { "all", 4, -1 }, { "", 5, -1 },
  { "A", 5, -1 },   { "al", 5, -1 }, { "alls", 5, -1 }, { "none", 0, -1 },
};

static void
test_find (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);

  g_assert_true (qr_levels_find (levels, found[i].n, found[i].name)
                 == (found[i].index < 0 ? NULL : &levels[found[i].index]));
}

/* Each shipped level serves more than the one before; the last serves everything. */
static void
test_order (void)
{
  const QrProfiles *profiles = &qr_profiles_builtin;

  g_assert_cmpuint (profiles->n_levels, ==, 4);
  g_assert_cmpstr (profiles->levels[0].profile, ==, "default");
  g_assert_cmpuint (profiles->levels[0].serves, ==, 0);
  for (guint32 i = 1; i < profiles->n_levels; i++)
    {
      guint32 before = profiles->levels[i - 1].serves, now = profiles->levels[i].serves;

      g_assert_cmpuint (before & ~now, ==, 0);
      g_assert_cmpuint (before, !=, now);
    }
  g_assert_cmpstr (profiles->levels[3].profile, ==, "off");
  g_assert_cmpuint (profiles->levels[3].serves, ==, (1u << QR_N_NEEDS) - 1);
}

/* Where each need alone leads. */
static const char *const shipped[] = {
  [QR_NEED_DESKTOP] = "desktop",       [QR_NEED_DAEMONIZE] = "legacy-spawn",
  [QR_NEED_SPAWN] = "legacy-spawn",    [QR_NEED_IDENTITY] = "legacy-spawn",
  [QR_NEED_IO_URING] = "legacy-spawn", [QR_NEED_PRIVILEGED] = "off",
  [QR_NEED_KERNEL] = "off",
};
G_STATIC_ASSERT (G_N_ELEMENTS (shipped) == QR_N_NEEDS);

static void
test_shipped (gconstpointer data)
{
  guint need = GPOINTER_TO_UINT (data);
  const QrProfiles *profiles = &qr_profiles_builtin;
  const QrNeedRecord *record = qr_profiles_find_need (profiles, (QrNeed) need);
  const QrLevel *level = qr_levels_choose (profiles->levels, profiles->n_levels, 1u << need);

  g_assert_cmpstr (level->profile, ==, shipped[need]);
  g_assert_true (qr_levels_find (profiles->levels, profiles->n_levels, shipped[need]) == level);
  g_assert_cmpuint (record->need, ==, need);
  g_assert_true (record->what != NULL && *record->what != '\0');
  g_assert_true (!record->soft || record->automatic);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (chosen); i++)
    {
      g_autofree char *name = g_strdup_printf ("/confinement/choose/%" G_GSIZE_FORMAT, i);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_choose);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (found); i++)
    {
      g_autofree char *name
          = g_strdup_printf ("/confinement/find/%" G_GSIZE_FORMAT "-%s", i, found[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_find);
    }
  for (guint need = 0; need < QR_N_NEEDS; need++)
    {
      g_autofree char *name = g_strdup_printf ("/confinement/shipped/%s", qr_need_names[need]);

      g_test_add_data_func (name, GUINT_TO_POINTER (need), test_shipped);
    }
  g_test_add_func ("/confinement/order", test_order);
  return g_test_run ();
}
