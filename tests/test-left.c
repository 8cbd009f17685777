/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In QEMU's place, devices of types that nobody knows: they stay as they are, and nothing is put where
 * QEMU may put them. On the tool face they are errors. */
#include "config.h"

#include "testlib.h"

#include <string.h>

static const struct
{
  const char *name, *policy, *line;
  const char *emitted; /* from the line's own devices on; NULL: refused */
  const char *fault;   /* what is said then */
  const char *left;    /* what is warned of, in order */
} cases[] = {
  { "alone", "qemu@1", "-M q35 -nodefaults -device novel", "-device novel", NULL, "novel" },
  { "first", "qemu@1", "-M q35 -nodefaults -device novel -device edu", "-device novel -device edu,bus=pcie.0,addr=02.0",
    NULL, "novel" },
  { "last", "qemu@1", "-M q35 -nodefaults -device edu -device novel", "-device edu,bus=pcie.0,addr=01.0 -device novel",
    NULL, "novel" },
  { "claimed", "qemu@1", "-M q35 -nodefaults -device novel -device edu,addr=1", NULL, "first free slot", NULL },
  { "moved", "pc@1", "-M pc -nodefaults -device novel -device edu,addr=2",
    "-device edu,addr=2,bus=pci.0 -device novel", NULL, "novel" },
  { "with-below", "pc@1", "-M pc -nodefaults -device novel,id=n -device scsi-hd,bus=n.0,drive=d -device edu,addr=2",
    "-device edu,addr=2,bus=pci.0 -device novel,id=n -device scsi-hd,bus=n.0,drive=d", NULL, "novel scsi-hd" },
  { "below-below", "pc@1", "-M pc -nodefaults -device novel,id=n -device other,bus=n,id=o -device edu,bus=o -device edu,addr=2",
    "-device edu,addr=2,bus=pci.0 -device novel,id=n -device other,bus=n,id=o -device edu,bus=o", NULL,
    "novel other edu" },
  { "pci-bus", "qemu@1", "-M q35 -nodefaults -device edu -device novel,bus=pcie.0",
    "-device edu,bus=pcie.0,addr=01.0 -device novel,bus=pcie.0,addr=02.0", NULL, "" },
  { "own-address", "qemu@1", "-M q35 -nodefaults -device novel,bus=pcie.0,addr=7 -device edu",
    "-device novel,bus=pcie.0,addr=7 -device edu,bus=pcie.0,addr=01.0", NULL, "" },
  { "other-bus", "qemu@1", "-M q35 -nodefaults -device qemu-xhci,id=x -device novel,bus=x.0 -device edu",
    "-device qemu-xhci,id=x,bus=pcie.0,addr=01.0 -device novel,bus=x.0 -device edu,bus=pcie.0,addr=02.0", NULL, "" },
  { "no-bus", "qemu@1", "-M q35 -nodefaults -device novel,bus=none -device edu",
    "-device novel,bus=none -device edu,bus=pcie.0,addr=01.0", NULL, "novel" },
  { "known-no-bus", "qemu@1", "-M q35 -nodefaults -device novel,id=n -device edu,bus=none", NULL,
    "there is no bus \"none\"", NULL },
  { "longer-id", "qemu@1", "-M q35 -nodefaults -device novel,id=n -device edu,bus=nn.0", NULL,
    "there is no bus \"nn.0\"", NULL },
};

static QrPlan *
plan (QrFace face, const char *policy, char **words, GError **error)
{
  QrPlanOptions options = { .face = face,
                            .words = (const char *const *) words,
                            .first = 1,
                            .policy = test_policy (policy),
                            .program = "qemu",
                            .arch = "x86_64",
                            .seccomp = "off",
                            .sysfs = "/nonexistent" };

  return qr_plan_make (&options, &qr_profiles_builtin, error);
}

/* The types that are warned of. (transfer full) */
static char *
left_in (const QrPlan *plan)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < plan->warnings->len; i++)
    {
      const QrWarning *warning = plan->warnings->pdata[i];
      g_auto (GStrv) parts = NULL;

      if (strcmp (warning->code, "left-device") != 0)
        continue;
      parts = g_strsplit (warning->message, "\"", 3);
      g_string_append_printf (out, "%s%s", out->len > 0 ? " " : "", parts[1]);
    }
  return g_string_free (out, FALSE);
}

static void
test_left (gconstpointer data)
{
  const gsize i = GPOINTER_TO_SIZE (data);
  g_auto (GStrv) words = g_strsplit (cases[i].line, " ", -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) made = plan (QR_FACE_DROP_IN, cases[i].policy, words, &error);
  g_autofree char *left = NULL, *line = NULL;

  if (cases[i].emitted == NULL)
    {
      g_assert_null (made);
      g_assert_nonnull (strstr (error->message, cases[i].fault));
      return;
    }
  g_assert_no_error (error);
  line = g_strjoinv (" ", made->argv);
  g_assert_true (g_str_has_suffix (line, cases[i].emitted));
  left = left_in (made);
  g_assert_cmpstr (left, ==, cases[i].left);
}

static void
test_tool_face (void)
{
  g_auto (GStrv) words = g_strsplit ("-M q35 -device novel", " ", -1);
  g_autoptr (GError) error = NULL;

  g_assert_null (plan (QR_FACE_TOOL, "ich9@1", words, &error));
  g_assert_cmpstr (qr_error_hint (error), ==, qr_profiles_learn_hint);
  test_error_code (&error, QR_STATUS_REQUEST, "unknown-device", "\"novel\"");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/left/%s", cases[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_left);
    }
  g_test_add_func ("/left/tool-face", test_tool_face);
  return g_test_run ();
}
