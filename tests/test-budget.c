/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sums and limits; windows of single bridges are in test-io-space.c. */
#include "config.h"

#include <string.h>

#include "bounds.h"
#include "budget.h"
#include "check-lines.h"
#include "testlib.h"

/* @n times @text, in which "#" stands for a number from 0, "@" for the place 10.0, 10.1, ... and "~"
 * for 2.0, 2.1, ... */
static char *
repeat (guint n, const char *text)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    for (const char *c = text; *c != '\0'; c++)
      if (*c == '#')
        g_string_append_printf (out, "%u", i);
      else if (*c == '@' || *c == '~')
        g_string_append_printf (out, "%x.%x", (*c == '@' ? 0x10 : 2) + i / 8, i % 8);
      else
        g_string_append_c (out, *c);
  return g_string_free (out, FALSE);
}

static gboolean
warns (const QrPlan *plan, const char *code)
{
  for (guint i = 0; i < plan->warnings->len; i++)
    if (strcmp (((const QrWarning *) plan->warnings->pdata[i])->code, code) == 0)
      return TRUE;
  return FALSE;
}

static QrPlan *
plan_of (const char *policy, const char *line, QrPlanOptions options, GError **error)
{
  g_autofree char *whole = g_strconcat ("-M q35 -nodefaults ", line, NULL);
  char **words = g_strsplit (g_strstrip (whole), " ", -1);

  options.words = (const char *const *) words;
  options.first = 1;
  options.policy = test_policy (policy);
  options.program = "qemu";
  options.sysfs = options.sysfs == NULL ? "/nonexistent" : options.sysfs;
  g_test_queue_destroy ((GDestroyNotify) g_strfreev, words);
  return qr_plan_make (&options, &qr_profiles_builtin, error);
}

/* --- I/O windows ---------------------------------------------------------------------------- */

#define PORT "-device pcie-root-port,id=r#,chassis=#,bus=pcie.0,addr=@,multifunction=on "
#define NIC_PORT PORT "-device e1000e,bus=r# "
#define OVMF "-bios OVMF.fd "

/* By what SeaBIOS 1.16.2 and OVMF 2022.11 did. */
static const struct
{
  const char *name;
  guint ports; /* with an e1000e each */
  guint more;  /* how often ... */
  const char *line; /* ... this comes */
  const char *before;
  guint used, limit;
  gboolean starts;
} windows[] = {
  { "none", 0, 0, "", "", 0, 14, TRUE },
  { "13", 13, 0, "", "", 13, 14, TRUE },
  { "14", 14, 0, "", "", 14, 14, TRUE },
  { "15", 15, 0, "", "", 15, 14, FALSE },
  { "14-and-10-e1000", 14, 10, "-device e1000,bus=pcie.0 ", "", 14, 14, TRUE },
  { "14-and-15-rtl8139", 14, 15, "-device rtl8139,bus=pcie.0 ", "", 14, 14, TRUE },
  { "14-and-16-rtl8139", 14, 16, "-device rtl8139,bus=pcie.0 ", "", 14, 13, FALSE },
  { "14-and-62-e1000", 14, 62, "-device e1000,bus=pcie.0,addr=~,multifunction=on ", "", 14, 14, TRUE },
  { "14-and-63-e1000", 14, 63, "-device e1000,bus=pcie.0,addr=~,multifunction=on ", "", 14, 13, FALSE },
  { "14-bare", 14, 0, "", "-M q35,sata=off,smbus=off ", 14, 14, TRUE },
  { "15-bare", 15, 0, "", "-M q35,sata=off,smbus=off ", 15, 14, FALSE },
  { "12-and-31-conventional", 12, 31, "-device rtl8139,bus=b ", "-device i82801b11-bridge,id=b,addr=2 ", 14, 14, TRUE },
  { "13-and-31-conventional", 13, 31, "-device rtl8139,bus=b ", "-device i82801b11-bridge,id=b,addr=2 ", 15, 14, FALSE },
  { "14-shpc", 0, 14, "-device pci-bridge,bus=pcie.0,chassis_nr=1 ", "", 14, 14, TRUE },
  { "15-shpc", 0, 15, "-device pci-bridge,bus=pcie.0,chassis_nr=1 ", "", 15, 14, FALSE },
  { "14-shut", 0, 14, "-device pcie-root-port,id=r#,chassis=#,bus=pcie.0,addr=@,multifunction=on,io-reserve=0 "
    "-device e1000e,bus=r# ", "", 14, 14, TRUE },
  { "15-shut", 0, 15, "-device pcie-root-port,id=r#,chassis=#,bus=pcie.0,addr=@,multifunction=on,io-reserve=0 "
    "-device e1000e,bus=r# ", "", 15, 14, FALSE },
  { "40-virtio", 0, 40, PORT "-device virtio-net-pci,bus=r# ", "", 0, 14, TRUE },
  { "40-empty", 0, 40, PORT, "", 0, 14, TRUE },
  { "expander", 7, 1, "-device pxb-pcie,id=x,bus_nr=99,bus=pcie.0 -device pcie-root-port,id=x1,bus=x,chassis=99 "
    "-device e1000e,bus=x1 ", "", 8, 14, TRUE },
  { "uefi-9", 9, 0, "", OVMF, 9, 9, TRUE },
  { "uefi-10", 10, 0, "", OVMF, 10, 9, FALSE },
  { "uefi-10-bare", 10, 0, "", OVMF "-M q35,sata=off,smbus=off ", 10, 10, TRUE },
  { "uefi-11-bare", 11, 0, "", OVMF "-M q35,sata=off,smbus=off ", 11, 10, FALSE },
  { "uefi-9-and-15-rtl8139", 9, 15, "-device rtl8139,bus=pcie.0 ", OVMF, 9, 9, TRUE },
  { "uefi-9-and-shpc", 9, 1, "-device pci-bridge,bus=pcie.0,chassis_nr=1 ", OVMF, 9, 9, TRUE },
  { "uefi-9-and-reserve", 9, 1, "-device pcie-root-port,id=x,chassis=99,bus=pcie.0,io-reserve=4K ", OVMF, 9, 9, TRUE },
  { "uefi-9-and-shut", 9, 1, "-device pcie-root-port,id=x,chassis=99,bus=pcie.0,io-reserve=0 -device e1000e,bus=x ",
    OVMF, 9, 9, TRUE },
};

static void
test_windows (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  static const char *const allowed[] = { "io-windows", NULL };
  g_autofree char *ports = repeat (windows[i].ports, NIC_PORT), *more = repeat (windows[i].more, windows[i].line);
  g_autofree char *line = g_strconcat (windows[i].before, ports, more, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) strict = plan_of ("qemu@1", line, (QrPlanOptions){ 0 }, &error),
                     plan = plan_of ("qemu@1", line, (QrPlanOptions){ .allowed = allowed }, NULL),
                     drop_in = plan_of ("qemu@1", line, (QrPlanOptions){ .face = QR_FACE_DROP_IN }, NULL);

  g_assert_cmpint (strict != NULL, ==, windows[i].starts);
  if (windows[i].starts)
    g_assert_no_error (error);
  else
    test_error_code (&error, QR_STATUS_REQUEST, "io-windows", "windows of I/O space are needed");
  g_assert_nonnull (plan);
  g_assert_cmpuint (plan->budget.io.used, ==, windows[i].used);
  g_assert_cmpuint (plan->budget.io.limit, ==, windows[i].limit);
  g_assert_cmpint (plan->budget.io.bios, ==, strstr (windows[i].before, OVMF) == NULL);
  g_assert_cmpint (warns (plan, "io-windows"), ==, !windows[i].starts);
  g_assert_nonnull (drop_in);
  g_assert_cmpint (warns (drop_in, "io-windows"), ==, !windows[i].starts);
}

/* Where only our ports make a guest stop, it is an error under all names. */
static void
test_io_ours (void)
{
  static const char *const allowed[] = { "io-windows", NULL };
  g_autofree char *line = repeat (16, "-device e1000e ");
  g_autoptr (GError) error = NULL;
  QrPlanOptions options = { .face = QR_FACE_DROP_IN };
  g_autoptr (QrPlan) plain = plan_of ("qemu@1", line, options, &error), plan = NULL, taken = NULL;

  g_assert_no_error (error);
  g_assert_false (warns (plain, "io-windows"));
  plan = plan_of ("ich9@1", line, options, &error);
  g_assert_null (plan);
  test_error_code (&error, QR_STATUS_REQUEST, "io-windows", "15 windows of I/O space are needed");
  options.allowed = allowed;
  taken = plan_of ("ich9@1", line, options, &error);
  g_assert_no_error (error);
  g_assert_true (warns (taken, "io-windows"));
}

/* The largest first. */
static void
test_io_holders (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = plan_of ("qemu@1", "-device pcie-root-port,id=a,chassis=1 -device e1000e,bus=a -device "
                                     "pcie-root-port,id=b,chassis=2,io-reserve=8K -device e1000e,bus=pcie.0", (QrPlanOptions){ 0 }, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (plan->budget.io.n_holders, ==, 2);
  g_assert_cmpstr (plan->budget.io.holders[0].device->key, ==, "b");
  g_assert_cmpuint (plan->budget.io.holders[0].windows, ==, 2);
  g_assert_cmpstr (plan->budget.io.holders[1].device->key, ==, "a");
}

/* --- buses ---------------------------------------------------------------------------------- */

static void
uses_are (const guint *counts, const guint *wanted)
{
  for (guint use = 0; use < QR_N_BUS_USES; use++)
    g_assert_cmpuint (counts[use], ==, wanted[use]);
}

static void
test_buses (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan
      = plan_of ("ich9@1", "-device pcie-root-port,id=a,chassis=1,addr=4 -device x3130-upstream,id=u,bus=a "
                 "-device xio3130-downstream,id=d,bus=u,chassis=2 -device pxb-pcie,id=x,bus_nr=99,addr=5 "
                 "-device pcie-pci-bridge,id=e,bus=d -device nvme,serial=1 -device rtl8139",
                 (QrPlanOptions){ .place.spare = 2 }, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (plan->budget.buses.used, ==, 10);
  g_assert_cmpuint (plan->budget.buses.limit, ==, QR_LIMIT_PCI_BUSES);
  uses_are (plan->budget.buses.users, (guint[QR_N_BUS_USES]){ 1, 1, 0, 2, 1, 1 });
  uses_are (plan->budget.buses.added, (guint[QR_N_BUS_USES]){ 0, 1, 2, 0, 1, 0 });
  g_assert_cmpuint (plan->budget.n_spare, ==, 2);
  g_assert_cmpstr (plan->budget.spare[0]->id, ==, "rp-1c.1");
  g_assert_cmpstr (plan->budget.spare[1]->id, ==, "rp-1c.2");
}

/* Up to the limit, and one past it. */
static void
test_bus_limit (void)
{
  static const char port[] = "-device pcie-root-port,id=r#,chassis=#,slot=7 ";
  g_autofree char *three = repeat (3, port), *four = repeat (4, port);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) fits = plan_of ("qemu@1", three, (QrPlanOptions){ .bus_limit = 4 }, &error);
  g_autoptr (QrPlan) over = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (fits->budget.buses.used, ==, 4);
  g_assert_cmpuint (fits->budget.buses.limit, ==, 4);
  over = plan_of ("qemu@1", four, (QrPlanOptions){ .bus_limit = 4 }, &error);
  g_assert_null (over);
  test_error_code (&error, QR_STATUS_REQUEST, "too-many-buses", "5 PCI buses are too many, there are numbers for 4: 1 root bus, 4 root ports of the line");
}

/* Who has them, and what there is to do about it. */
static void
test_bus_message (void)
{
  static const struct
  {
    const char *line;
    QrPlaceOptions place;
    const char *message, *hint;
  } cases[] = {
    { "-device pcie-root-port,chassis=1 -device pcie-root-port,chassis=2 -device pci-bridge,chassis_nr=1", { 0 },
      "1 root bus, 2 root ports, 1 bridge of the line", "each port and bridge takes a bus" },
    { "-device nvme,serial=1 -device nvme,serial=2 -device nvme,serial=3", { 0 },
      "1 root bus of the line; 3 root ports of qriser's", "--pack=on" },
    { "-device nvme,serial=1", { .spare = 3 },
      "1 root bus of the line; 1 root port, 3 empty ports of qriser's", "--spare=0" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (QrPlan) plan = plan_of ("ich9@1", cases[i].line,
                                         (QrPlanOptions){ .place = cases[i].place, .bus_limit = 3 }, &error);
      g_autofree char *text = NULL;

      g_assert_null (plan);
      text = qr_error_render (error, "qriser");
      g_assert_nonnull (strstr (text, cases[i].message));
      g_assert_nonnull (strstr (text, cases[i].hint));
    }
}

/* Empty ports are no reason to refuse a line, unless it asks for them. */
static void
test_spare_fill (void)
{
  g_autoptr (GError) error = NULL;
  QrPlanOptions options = { .place.spare = QR_SPARE_POLICY, .bus_limit = 5 };
  g_autoptr (QrPlan) few = plan_of ("ich9@1", "-device nvme,serial=1", options, &error), full = NULL, asked = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (few->budget.n_spare, ==, 2);
  options.bus_limit = 2;
  full = plan_of ("ich9@1", "-device nvme,serial=1", options, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (full->budget.n_spare, ==, 0);
  options.place.spare = 1;
  asked = plan_of ("ich9@1", "-device nvme,serial=1", options, &error);
  g_assert_null (asked);
  test_error_code (&error, QR_STATUS_REQUEST, "too-many-buses", "1 empty port of qriser's");
}

/* A benchmark plans more than PCI has numbers for. */
static void
test_bus_limit_raised (void)
{
  g_autofree char *many = repeat (300, "-device nvme,serial=# ");
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = plan_of ("ich9@1", many, (QrPlanOptions){ .bus_limit = 10000 }, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (plan->budget.buses.used, >, QR_LIMIT_PCI_BUSES);
  g_assert_cmpuint (plan->budget.buses.limit, ==, 10000);
}

/* --- depth ---------------------------------------------------------------------------------- */

static void
test_depth (void)
{
  g_autofree char *deep = check_nested_switches (QR_LIMIT_DEPTH / 2);
  g_autofree char *deeper = g_strconcat (deep, " -device e1000e,bus=d24", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) flat = plan_of ("ich9@1", "-device nvme,serial=1", (QrPlanOptions){ 0 }, &error);
  g_autoptr (QrPlan) fits = plan_of ("ich9@1", deep, (QrPlanOptions){ 0 }, &error);
  g_autoptr (QrPlan) over = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (flat->budget.depth, ==, 2);
  g_assert_cmpuint (fits->budget.depth, ==, QR_LIMIT_DEPTH);
  over = plan_of ("ich9@1", deeper, (QrPlanOptions){ .face = QR_FACE_DROP_IN }, &error);
  g_assert_null (over);
  test_error_code (&error, QR_STATUS_REQUEST, "path-too-long", "has 50 functions; QEMU has room for the path of 49");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (windows); i++)
    {
      g_autofree char *name = g_strdup_printf ("/budget/windows/%s", windows[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_windows);
    }
  g_test_add_func ("/budget/io-ours", test_io_ours);
  g_test_add_func ("/budget/io-holders", test_io_holders);
  g_test_add_func ("/budget/buses", test_buses);
  g_test_add_func ("/budget/bus-limit", test_bus_limit);
  g_test_add_func ("/budget/bus-message", test_bus_message);
  g_test_add_func ("/budget/spare-fill", test_spare_fill);
  g_test_add_func ("/budget/bus-limit-raised", test_bus_limit_raised);
  g_test_add_func ("/budget/depth", test_depth);
  return g_test_run ();
}
