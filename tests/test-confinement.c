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

static const QrLevel levels[] = {
  { "named", A | B, C, A, TRUE }, { "none", 0, 0, 0, FALSE },    { "a", A, 0, 0, FALSE },
  { "b", B, C, 0, FALSE },        { "a-b", A | B, C, B, FALSE }, { "all", A | B, C, 0, FALSE },
};

/* @n: of how many levels. */
static const struct
{
  guint32 n, needs;
  const char *chosen;
} chosen[] = {
  { 6, 0, "none" }, { 6, A, "a" },       { 6, B, "b" },     { 6, A | B, "a-b" },
  { 6, C, "b" },    { 6, A | C, "a-b" }, { 6, B | C, "b" }, { 6, 0xffffffff, "all" },
  { 3, C, "a" },    { 3, 0, "none" },    { 3, A, "a" },     { 3, B, "a" },
  { 2, 0, "none" }, { 2, A, "none" },
};

static void
test_choose (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);

  g_assert_cmpstr (qr_levels_choose (levels, chosen[i].n, chosen[i].needs)->profile, ==,
                   chosen[i].chosen);
}

/* What "desktop", "jit" and "9p" are is of no matter here: their bits are A, B and C. */
static const QrNeedRecord records[] = {
  { .need = 0, .overlay = "no-a" },
  { .need = 1, .overlay = "no-b" },
  { .need = 2 },
};

static const struct
{
  const char *name;
  int index; /* -1: there is none */
  guint32 with, without;
} read_choices[] = {
  { "none", 1, 0, 0 },
  { "named", 0, 0, 0 },
  { "a-b", 4, 0, 0 },
  { "b+9p", 3, C, 0 },
  { "a-b+9p+no-b", 4, C, B },
  { "a-b+no-b+9p", 4, C, B },
  { "b+9p+9p", 3, C, 0 },
  { "a-b+jit", 4, B, 0 },
  { "a-b+no-a", 4, 0, A },
  { "", -1, 0, 0 },
  { "+", -1, 0, 0 },
  { "b+", -1, 0, 0 },
  { "+9p", -1, 0, 0 },
  { "a+9p", -1, 0, 0 },
  { "b+numa", -1, 0, 0 },
  { "b+9", -1, 0, 0 },
  { "B", -1, 0, 0 },
  { "bs", -1, 0, 0 },
  { "a-b+jit+no-b", -1, 0, 0 },
  { "a-b+desktop", -1, 0, 0 },
  { "b+9p+", -1, 0, 0 },
};

static void
test_read (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  QrChoice choice;
  gboolean good = qr_choice_read (read_choices[i].name, records, G_N_ELEMENTS (records), levels,
                                  G_N_ELEMENTS (levels), &choice);

  g_assert_cmpint (good, ==, read_choices[i].index >= 0);
  if (!good)
    return;
  g_assert_true (choice.level == &levels[read_choices[i].index]);
  g_assert_cmpuint (choice.with, ==, read_choices[i].with);
  g_assert_cmpuint (choice.without, ==, read_choices[i].without);
}

static const struct
{
  const char *one, *other;
  gboolean tight;
} pairs[] = {
  { "b", "b", TRUE },           { "b+9p", "b", FALSE },     { "b", "b+9p", TRUE },
  { "none", "a", TRUE },        { "a", "none", FALSE },     { "a", "b", FALSE },
  { "b+9p", "a-b", FALSE },     { "b+9p", "a-b+9p", TRUE }, { "a-b+no-a", "a-b", TRUE },
  { "a-b", "a-b+no-a", FALSE }, { "a", "a-b+no-a", FALSE },
};

static void
test_tight (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  QrChoice one, other;

  g_assert_true (qr_choice_read (pairs[i].one, records, G_N_ELEMENTS (records), levels,
                                 G_N_ELEMENTS (levels), &one));
  g_assert_true (qr_choice_read (pairs[i].other, records, G_N_ELEMENTS (records), levels,
                                 G_N_ELEMENTS (levels), &other));
  g_assert_cmpint (qr_choice_is_as_tight (&one, &other), ==, pairs[i].tight);
}

/* Each shipped level serves more than the one before; the last serves everything. */
static void
test_order (void)
{
  const QrProfiles *profiles = &qr_profiles_builtin;
  const QrLevel *last = &profiles->levels[profiles->n_levels - 1];

  g_assert_cmpuint (profiles->n_levels, ==, 6);
  for (guint32 i = 1; i < profiles->n_levels; i++)
    {
      guint32 before = profiles->levels[i - 1].serves, now = profiles->levels[i].serves;

      g_assert_cmpuint (before & ~now, ==, 0);
      g_assert_cmpuint (before, !=, now);
    }
  g_assert_cmpstr (last->profile, ==, "off");
  g_assert_cmpuint (last->serves, ==, (1u << QR_N_NEEDS) - 1);
}

/* Where each need alone leads. */
static const char *const shipped[] = {
  [QR_NEED_DESKTOP] = "desktop",
  [QR_NEED_JIT] = "default",
  [QR_NEED_9P] = "default",
  [QR_NEED_NUMA] = "default",
  [QR_NEED_CLIENT] = "default",
  [QR_NEED_SERVER] = "default",
  [QR_NEED_VSOCK] = "default",
  [QR_NEED_POSTCOPY] = "default",
  [QR_NEED_IO_URING] = "default",
  [QR_NEED_DAEMONIZE] = "default",
  [QR_NEED_SPAWN] = "legacy-spawn",
  [QR_NEED_IDENTITY] = "default",
  [QR_NEED_PRIVILEGED] = "off",
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
  for (gsize i = 0; i < G_N_ELEMENTS (read_choices); i++)
    {
      g_autofree char *name
          = g_strdup_printf ("/confinement/read/%" G_GSIZE_FORMAT "-%s", i, read_choices[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_read);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *name
          = g_strdup_printf ("/confinement/tight/%s-%s", pairs[i].one, pairs[i].other);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_tight);
    }
  for (guint need = 0; need < QR_N_NEEDS; need++)
    {
      g_autofree char *name = g_strdup_printf ("/confinement/shipped/%s", qr_need_names[need]);

      g_test_add_data_func (name, GUINT_TO_POINTER (need), test_shipped);
    }
  g_test_add_func ("/confinement/order", test_order);
  return g_test_run ();
}
