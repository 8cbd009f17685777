/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a line asks for: its words in their zones, its devices in QEMU's order, its needs. */
#include "config.h"

#include "testlib.h"

#include <string.h>

#include "request.h"

static const QrOption device = { .name = "device", .grammar = QR_GRAMMAR_QEMUOPTS,
                                 .json = TRUE, .implied = "driver" };
static const QrOption machine = { .name = "machine", .grammar = QR_GRAMMAR_KEYVAL, .implied = "type" };

/* Devices as "TURN NAME": b t l j; @sorted: their names. */
static const struct
{
  const char *name, *made, *sorted;
} orders[] = {
  { "none", "", "" },
  { "one", "t1", "1" },
  { "text", "t1 t2 t3", "1 2 3" },
  { "board-first", "t1 b2 t3 b4", "2 4 1 3" },
  { "late-behind-text", "l1 t2 l3 t4", "2 4 1 3" },
  { "json-last", "j1 l2 t3 b4", "4 3 2 1" },
  { "all", "j1 t2 b3 l4 j5 t6 b7 l8", "3 7 2 6 4 8 1 5" },
  { "stable", "t9 t8 t7 j6 j5 t4", "9 8 7 4 6 5" },
};

static const QrOptList *
parse (const QrOption *option, const char *text, QrPool *pool)
{
  GError *error = NULL;
  const QrOptList *list = qr_optlist_parse (option, text, 1, pool, &error);

  g_assert_no_error (error);
  return list;
}

static void
test_order (gconstpointer data)
{
  static const char turns[] = "btlj";
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (QrRequest) request = qr_request_new (pool);
  g_auto (GStrv) made = g_strsplit (orders[i].made, " ", -1);
  g_autoptr (GString) sorted = g_string_new (NULL);

  for (char **one = made; *one != NULL; one++)
    {
      QrTurn turn = (QrTurn) (strchr (turns, **one) - turns);

      qr_request_add_device (request, turn == QR_TURN_BOARD ? QR_ZONE_BOARD : QR_ZONE_BODY, turn,
                             &device, "-device", parse (&device, *one + 1, pool));
    }
  qr_request_sort_devices (request);
  for (guint j = 0; j < request->devices->len; j++)
    g_string_append_printf (sorted, "%s%s", j == 0 ? "" : " ",
                            g_array_index (request->devices, QrDeviceRequest, j).opts->text);
  g_assert_cmpstr (sorted->str, ==, orders[i].sorted);
}

/* Several -machine with "|" between; @value NULL: absent; @list: the one that it is from. */
static const struct
{
  const char *name, *machines, *property, *value;
  guint list;
} properties[] = {
  { "none", "", "usb", NULL, 0 },
  { "absent", "q35,usb=on", "smm", NULL, 0 },
  { "there", "q35,usb=on", "usb", "on", 0 },
  { "last-in-one", "q35,usb=on,usb=off", "usb", "off", 0 },
  { "last-of-several", "usb=on|usb=off|smm=on", "usb", "off", 1 },
  { "first-of-several", "usb=on|smm=on", "usb", "on", 0 },
  { "underscore-written", "kernel_irqchip=on", "kernel-irqchip", "on", 0 },
  { "dash-written", "kernel-irqchip=on", "kernel_irqchip", "on", 0 },
  { "mixed", "a_b-c=1|a-b_c=2", "a_b_c", "2", 1 },
  { "longer", "usb2=on", "usb", NULL, 0 },
  { "shorter", "us=on", "usb", NULL, 0 },
  { "case", "USB=on", "usb", NULL, 0 },
  { "dotted", "a.b=1", "a", NULL, 0 },
  { "implied", "q35|pc", "type", "pc", 1 },
  { "empty-value", "usb=", "usb", "", 0 },
  { "only-marks", "_=1", "-", "1", 0 },
};

static void
test_property (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (QrRequest) request = qr_request_new (pool);
  g_auto (GStrv) machines = g_strsplit (properties[i].machines, "|", -1);
  const QrOptList *list = NULL;
  const QrOpt *opt;

  for (char **text = machines; *text != NULL; text++)
    g_ptr_array_add (request->machine_opts, (gpointer) parse (&machine, *text, pool));
  opt = qr_request_machine_property (request, properties[i].property, &list);
  g_assert_cmpstr (opt == NULL ? NULL : opt->value, ==, properties[i].value);
  if (opt == NULL)
    g_assert_null (list);
  else
    g_assert_true (list == request->machine_opts->pdata[properties[i].list]);
}

/* The first item of a kind is kept, with its hint. */
static void
test_needs (void)
{
  static const QrItem first = { .argument = 1 }, second = { .argument = 2 };
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (QrRequest) request = qr_request_new (pool);

  qr_request_add_needs (request, 0, &first, "nothing");
  g_assert_cmpuint (request->needs, ==, 0);
  qr_request_add_needs (request, 1u << QR_NEED_SPAWN, &first, NULL);
  qr_request_add_needs (request, 1u << QR_NEED_SPAWN | 1u << QR_NEED_KERNEL, &second, "second");
  g_assert_cmpuint (request->needs, ==, 1u << QR_NEED_SPAWN | 1u << QR_NEED_KERNEL);
  g_assert_true (request->needy[QR_NEED_SPAWN] == &first);
  g_assert_null (request->hints[QR_NEED_SPAWN]);
  g_assert_true (request->needy[QR_NEED_KERNEL] == &second);
  g_assert_cmpstr (request->hints[QR_NEED_KERNEL], ==, "second");
  g_assert_null (request->needy[QR_NEED_DESKTOP]);
}

/* That of a default has no item; one said later does not take its place. */
static void
test_need_of_default (void)
{
  static const QrItem item = { .argument = 1 };
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (QrRequest) request = qr_request_new (pool);

  qr_request_add_needs (request, 1u << QR_NEED_DESKTOP, NULL, NULL);
  qr_request_add_needs (request, 1u << QR_NEED_DESKTOP, &item, "hint");
  g_assert_null (request->needy[QR_NEED_DESKTOP]);
  g_assert_null (request->hints[QR_NEED_DESKTOP]);
}

/* Lines keep their order in a zone, and their numbers are unique over all. */
static void
test_lines (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (QrRequest) request = qr_request_new (pool);
  static const QrZone zones[] = { QR_ZONE_TAIL, QR_ZONE_BODY, QR_ZONE_TAIL, QR_ZONE_HEAD, QR_ZONE_BODY };

  for (guint i = 0; i < G_N_ELEMENTS (zones); i++)
    {
      const QrLine *line = qr_request_add_line (request, zones[i], NULL, "-w", i % 2 == 0 ? NULL : "v");

      g_assert_cmpuint (line->number, ==, i);
      g_assert_cmpstr (line->word, ==, "-w");
      g_assert_cmpstr (line->value, ==, i % 2 == 0 ? NULL : "v");
      g_assert_false (line->is_device);
    }
  qr_request_add_device (request, QR_ZONE_BODY, QR_TURN_TEXT, &device, "-device", parse (&device, "edu", pool));
  g_assert_cmpuint (request->n_lines, ==, 6);
  g_assert_cmpuint (request->zones[QR_ZONE_HEAD]->len, ==, 1);
  g_assert_cmpuint (request->zones[QR_ZONE_BOARD]->len, ==, 0);
  g_assert_cmpuint (request->zones[QR_ZONE_BODY]->len, ==, 3);
  g_assert_cmpuint (request->zones[QR_ZONE_TAIL]->len, ==, 2);
  g_assert_cmpuint (((const QrLine *) request->zones[QR_ZONE_TAIL]->pdata[1])->number, ==, 2);
  g_assert_true (((const QrLine *) request->zones[QR_ZONE_BODY]->pdata[2])->is_device);
  g_assert_true (g_array_index (request->devices, QrDeviceRequest, 0).line
                 == request->zones[QR_ZONE_BODY]->pdata[2]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autofree char *name = g_strdup_printf ("/request/order/%s", orders[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_order);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (properties); i++)
    {
      g_autofree char *name = g_strdup_printf ("/request/property/%s", properties[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_property);
    }
  g_test_add_func ("/request/needs", test_needs);
  g_test_add_func ("/request/need-of-default", test_need_of_default);
  g_test_add_func ("/request/lines", test_lines);
  return g_test_run ();
}
