/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Back ends, hub ports, adapters and their addresses, as QEMU would make them. */
#include "config.h"

#include "testlib.h"

#include <string.h>

#define MAC "52:54:00:12:34:"

/* @made: the -device and -netdev of the emitted line in its order, devices "+" without
 * their places, back ends "=". */
static const struct
{
  const char *name, *line, *made;
} cases[] = {
  { "nic", "-nic user", "+e1000e,netdev=nic0,mac=" MAC "56 =user,id=nic0" },
  { "nic-type-key", "-nic type=user", "+e1000e,netdev=nic0,mac=" MAC "56 =type=user,id=nic0" },
  { "nic-no-type", "-nic model=e1000", "+e1000,netdev=nic0,mac=" MAC "56 =user,id=nic0" },
  { "nic-model-first", "-nic model=e1000,user",
    "+e1000,netdev=nic0,mac=" MAC "56 =user,user,id=nic0" },
  { "nic-model-virtio", "-nic user,model=virtio",
    "+virtio-net-pci,netdev=nic0,mac=" MAC "56,vectors=0 =user,id=nic0" },
  { "nic-model-driver", "-nic user,model=virtio-net-pci",
    "+virtio-net-pci,netdev=nic0,mac=" MAC "56,vectors=0 =user,id=nic0" },
  { "nic-last-model", "-nic user,model=e1000,model=rtl8139",
    "+rtl8139,netdev=nic0,mac=" MAC "56 =user,id=nic0" },
  { "nic-id", "-nic user,id=a", "+e1000e,netdev=a,mac=" MAC "56 =user,id=a" },
  { "nic-keeps-rest", "-nic user,hostfwd=tcp::1-:2,mac=" MAC "01,restrict=on,hostfwd=tcp::3-:4",
    "+e1000e,netdev=nic0,mac=" MAC "01 =user,hostfwd=tcp::1-:2,restrict=on,hostfwd=tcp::3-:4,id=nic0" },
  { "nic-keeps-commas", "-nic user,tftp=/a,,b,model=e1000",
    "+e1000,netdev=nic0,mac=" MAC "56 =user,tftp=/a,,b,id=nic0" },
  { "nic-none", "-nic none", "" },
  { "nic-none-between", "-nic user -nic none -nic user",
    "+e1000e,netdev=nic0,mac=" MAC "56 =user,id=nic0 +e1000e,netdev=nic1,mac=" MAC "57 =user,id=nic1" },
  { "nic-two", "-nic user,model=e1000 -nic user,model=rtl8139",
    "+e1000,netdev=nic0,mac=" MAC "56 =user,id=nic0 +rtl8139,netdev=nic1,mac=" MAC "57 =user,id=nic1" },
  { "nic-id-taken", "-netdev user,id=nic0 -nic user",
    "=user,id=nic0 +e1000e,netdev=nic1,mac=" MAC "56 =user,id=nic1" },
  { "nic-id-taken-between", "-nic user -netdev user,id=nic1 -nic user",
    "=user,id=nic1 +e1000e,netdev=nic0,mac=" MAC "56 =user,id=nic0 +e1000e,netdev=nic2,mac=" MAC "57 =user,id=nic2" },
  { "nic-id-taken-later", "-nic user -netdev user,id=nic0",
    "=user,id=nic0 +e1000e,netdev=nic1,mac=" MAC "56 =user,id=nic1" },
  { "nic-id-taken-in-json", "-nic user -netdev {\"type\":\"user\",\"id\":\"nic0\"}",
    "={\"type\":\"user\",\"id\":\"nic0\"} +e1000e,netdev=nic1,mac=" MAC "56 =user,id=nic1" },
  { "nic-id-taken-by-nic", "-nic user -nic user,id=nic0",
    "+e1000e,netdev=nic1,mac=" MAC "56 =user,id=nic1 +e1000e,netdev=nic0,mac=" MAC "57 =user,id=nic0" },
  { "nic-id-taken-by-net", "-nic user -net user,id=nic0",
    "+e1000e,netdev=nic1,mac=" MAC "56 =user,id=nic1 =user,id=nic0 =hubport,id=hub0port0,hubid=0,netdev=nic0" },
  { "net-nic", "-net nic", "+e1000e,netdev=hub0port0,mac=" MAC "56 =hubport,id=hub0port0,hubid=0" },
  { "net-user", "-net user", "=user,id=net0 =hubport,id=hub0port0,hubid=0,netdev=net0" },
  { "net-user-id", "-net user,id=a", "=user,id=a =hubport,id=hub0port0,hubid=0,netdev=a" },
  { "net-none", "-net none", "" },
  { "net-id-taken", "-netdev user,id=net0 -net user",
    "=user,id=net0 =user,id=net1 =hubport,id=hub0port0,hubid=0,netdev=net1" },
  { "net-nic-and-user", "-net nic -net user",
    "+e1000e,netdev=hub0port0,mac=" MAC "56 =hubport,id=hub0port0,hubid=0 "
    "=user,id=net0 =hubport,id=hub0port1,hubid=0,netdev=net0" },
  { "net-user-and-nic", "-net user -net nic,model=rtl8139",
    "+rtl8139,netdev=hub0port1,mac=" MAC "56 =user,id=net0 =hubport,id=hub0port0,hubid=0,netdev=net0 "
    "=hubport,id=hub0port1,hubid=0" },
  { "net-nic-netdev", "-netdev user,id=a -net nic,netdev=a", "=user,id=a +e1000e,netdev=a,mac=" MAC "56" },
  { "net-nic-model-virtio", "-net nic,model=virtio",
    "+virtio-net-pci,netdev=hub0port0,mac=" MAC "56 =hubport,id=hub0port0,hubid=0" },
  { "net-nic-vectors", "-net nic,model=virtio,vectors=4",
    "+virtio-net-pci,netdev=hub0port0,mac=" MAC "56,vectors=4 =hubport,id=hub0port0,hubid=0" },
  { "net-nic-vectors-without-property", "-net nic,model=e1000,vectors=4",
    "+e1000,netdev=hub0port0,mac=" MAC "56 =hubport,id=hub0port0,hubid=0" },
  { "net-nic-vectors-with-comma", "-net nic,model=virtio,vectors=4,,addr=5",
    "+virtio-net-pci,netdev=hub0port0,mac=" MAC "56,vectors=4,,addr=5 =hubport,id=hub0port0,hubid=0" },
  { "net-id-with-comma", "-net user,id=a,,addr=5",
    "=user,id=a,,addr=5 =hubport,id=hub0port0,hubid=0,netdev=a,,addr=5" },
  { "hubport-counts", "-netdev hubport,id=h,hubid=0 -net nic",
    "=hubport,id=h,hubid=0 +e1000e,netdev=hub0port1,mac=" MAC "56 =hubport,id=hub0port1,hubid=0" },
  { "hubports-count-wherever", "-net nic -netdev hubport,id=h,hubid=0 -netdev hubport,id=i,hubid=0x0",
    "=hubport,id=h,hubid=0 =hubport,id=i,hubid=0x0 +e1000e,netdev=hub0port2,mac=" MAC "56 "
    "=hubport,id=hub0port2,hubid=0" },
  { "hubport-counts-in-json", "-netdev {\"type\":\"hubport\",\"id\":\"h\",\"hubid\":0} -net nic",
    "={\"type\":\"hubport\",\"id\":\"h\",\"hubid\":0} +e1000e,netdev=hub0port1,mac=" MAC "56 "
    "=hubport,id=hub0port1,hubid=0" },
  { "hubport-of-other-hub", "-netdev hubport,id=h,hubid=1 -net nic",
    "=hubport,id=h,hubid=1 +e1000e,netdev=hub0port0,mac=" MAC "56 =hubport,id=hub0port0,hubid=0" },
  { "hubport-name-taken", "-netdev user,id=hub0port0 -net nic",
    "=user,id=hub0port0 +e1000e,netdev=hub0port-0,mac=" MAC "56 =hubport,id=hub0port-0,hubid=0" },
  { "all-nic-before-all-net", "-net nic,model=e1000 -nic user,model=rtl8139 -net user -nic user,model=pcnet",
    "+rtl8139,netdev=nic0,mac=" MAC "56 =user,id=nic0 +pcnet,netdev=nic1,mac=" MAC "57 =user,id=nic1 "
    "+e1000,netdev=hub0port0,mac=" MAC "58 =hubport,id=hub0port0,hubid=0 "
    "=user,id=net0 =hubport,id=hub0port1,hubid=0,netdev=net0" },
  { "mac-explicit", "-nic user,mac=2:0:0:0:0:1", "+e1000e,netdev=nic0,mac=02:00:00:00:00:01 =user,id=nic0" },
  { "mac-net", "-net nic,macaddr=02-00-00-00-00-0A",
    "+e1000e,netdev=hub0port0,mac=02:00:00:00:00:0a =hubport,id=hub0port0,hubid=0" },
  { "mac-of-pool-first", "-nic user,mac=" MAC "56 -nic user",
    "+e1000e,netdev=nic0,mac=" MAC "56 =user,id=nic0 +e1000e,netdev=nic1,mac=" MAC "57 =user,id=nic1" },
  { "mac-of-pool-later", "-nic user -nic user,mac=" MAC "56 -nic user",
    "+e1000e,netdev=nic0,mac=" MAC "56 =user,id=nic0 +e1000e,netdev=nic1,mac=" MAC "56 =user,id=nic1 "
    "+e1000e,netdev=nic2,mac=" MAC "57 =user,id=nic2" },
  { "mac-of-pool-ahead", "-nic user,mac=" MAC "57 -nic user -nic user",
    "+e1000e,netdev=nic0,mac=" MAC "57 =user,id=nic0 +e1000e,netdev=nic1,mac=" MAC "56 =user,id=nic1 "
    "+e1000e,netdev=nic2,mac=" MAC "58 =user,id=nic2" },
  { "mac-of-net-after-nic", "-net nic,macaddr=" MAC "56 -nic user",
    "+e1000e,netdev=nic0,mac=" MAC "56 =user,id=nic0 +e1000e,netdev=hub0port0,mac=" MAC "56 "
    "=hubport,id=hub0port0,hubid=0" },
  { "mac-of-none-is-not-taken", "-nic none,mac=" MAC "56 -nic user",
    "+e1000e,netdev=nic0,mac=" MAC "56 =user,id=nic0" },
  { "mac-zero", "-nic user,mac=00:00:00:00:00:00", "+e1000e,netdev=nic0,mac=" MAC "56 =user,id=nic0" },
  { "mac-number", "-nic user,mac=0x123456", "+e1000e,netdev=nic0,mac=00:00:00:12:34:56 =user,id=nic0" },
  { "mac-of-device-is-later", "-device e1000,mac=" MAC "56 -nic user",
    "+e1000e,netdev=nic0,mac=" MAC "56 +e1000,mac=" MAC "56 =user,id=nic0" },
  { "model-isa", "-nic user,model=ne2k_isa -nic user -net nic,model=ne2k_isa",
    "+ne2k_isa,netdev=nic0,iobase=0x300,irq=9,mac=" MAC "56,bus=isa.0 +e1000e,netdev=nic1,mac=" MAC "57 "
    "+ne2k_isa,netdev=hub0port0,iobase=0x320,irq=10,mac=" MAC "58,bus=isa.0 =user,id=nic0 =user,id=nic1 =hubport,id=hub0port0,hubid=0" },
  { "machine-old", "-M pc-q35-2.11 -nic user", "+e1000,netdev=nic0,mac=" MAC "56 =user,id=nic0" },
};

/* The devices and back ends of @argv, in its order. */
static char *
show (char **argv)
{
  GString *out = g_string_new (NULL);

  for (; *argv != NULL; argv++)
    {
      gboolean device = strcmp (*argv, "-device") == 0;
      const char *place;

      if (!device && strcmp (*argv, "-netdev") != 0)
        continue;
      argv++;
      place = device ? strstr (*argv, ",bus=pcie.0,addr=") : NULL;
      g_string_append_printf (out, "%s%c%.*s", out->len == 0 ? "" : " ", device ? '+' : '=',
                              place == NULL ? (int) strlen (*argv) : (int) (place - *argv), *argv);
    }
  return g_string_free (out, FALSE);
}

/* The parts of a description; those of one kind keep their order, the kinds may mix. */
static char *
sorted (const char *text, char kind)
{
  g_auto (GStrv) parts = g_strsplit (text, " ", -1);
  GString *out = g_string_new (NULL);

  for (char **part = parts; *part != NULL; part++)
    if (**part == kind)
      g_string_append_printf (out, "%s\n", *part);
  return g_string_free (out, FALSE);
}

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *line = g_strconcat ("-M q35 -nodefaults ", cases[i].line, NULL), *made = NULL;
  GError *error = NULL;
  g_autoptr (QrPlan) plan = test_plan ("qemu@1", line, &error);

  g_assert_no_error (error);
  made = show (plan->argv);
  for (const char *kind = "+="; *kind != '\0'; kind++)
    {
      g_autofree char *found = sorted (made, *kind), *wanted = sorted (cases[i].made, *kind);

      g_assert_cmpstr (found, ==, wanted);
    }
}

#define LISTS "  hint: -nic model=help lists them; aliases of device types are none\n"
#define BYTES "  hint: write six bytes, such as 52:54:00:00:00:01\n"

static const struct
{
  const char *name, *line, *code, *drawn;
} refused[] = {
  { "model", "-nic user,model=e1000x", "unknown-device",
    "qriser: error: no network adapter of the board is called \"e1000x\"\n"
    "  argument 3: user,model=e1000x\n"
    "                         ^~~~~~\n" LISTS },
  { "model-alias", "-net nic,model=virtio-net", "unknown-device",
    "qriser: error: no network adapter of the board is called \"virtio-net\"\n"
    "  argument 3: nic,model=virtio-net\n"
    "                        ^~~~~~~~~~\n" LISTS },
  { "model-no-adapter", "-nic user,model=edu", "unknown-device",
    "qriser: error: no network adapter of the board is called \"edu\"\n"
    "  argument 3: user,model=edu\n"
    "                         ^~~\n" LISTS },
  { "model-usb", "-nic user,model=usb-net", "unknown-device",
    "qriser: error: no network adapter of the board is called \"usb-net\"\n"
    "  argument 3: user,model=usb-net\n"
    "                         ^~~~~~~\n" LISTS },
  { "model-not-creatable", "-nic user,model=igbvf", "unknown-device",
    "qriser: error: no network adapter of the board is called \"igbvf\"\n"
    "  argument 3: user,model=igbvf\n"
    "                         ^~~~~\n" LISTS },
  { "model-empty", "-nic user,model=", "unknown-device",
    "qriser: error: no network adapter of the board is called \"\"\n"
    "  argument 3: user,model=\n"
    "                         ^\n" LISTS },
  { "model-isa-seventh", "-nic user,model=ne2k_isa -nic user,model=ne2k_isa -nic user,model=ne2k_isa -nic user,model=ne2k_isa "
    "-nic user,model=ne2k_isa -nic user,model=ne2k_isa -nic user,model=ne2k_isa", "too-many",
    "qriser: error: QEMU makes no more than 6 network adapters \"ne2k_isa\"\n"
    "  argument 15: user,model=ne2k_isa\n"
    "                          ^~~~~~~~\n" },
  { "mac", "-nic user,mac=52:54:00:12:34", "mac-syntax",
    "qriser: error: \"52:54:00:12:34\" is no Ethernet address\n"
    "  argument 3: user,mac=52:54:00:12:34\n"
    "                       ^~~~~~~~~~~~~~\n" BYTES },
  { "mac-multicast", "-net nic,macaddr=01:00:5e:00:00:01", "mac-syntax",
    "qriser: error: \"01:00:5e:00:00:01\" is a multicast address\n"
    "  argument 3: nic,macaddr=01:00:5e:00:00:01\n"
    "                          ^~~~~~~~~~~~~~~~~\n" BYTES },
  { "mac-broadcast", "-nic user,mac=ff:ff:ff:ff:ff:ff", "mac-syntax",
    "qriser: error: \"ff:ff:ff:ff:ff:ff\" is a multicast address\n"
    "  argument 3: user,mac=ff:ff:ff:ff:ff:ff\n"
    "                       ^~~~~~~~~~~~~~~~~\n" BYTES },
  { "net-no-type", "-net id=a", "option-syntax",
    "qriser: error: option \"-net\" needs the type of a back end, or nic\n"
    "  argument 3: id=a\n"
    "              ^~~~\n" },
  { "net-hubport", "-net hubport,hubid=0", "option-syntax",
    "qriser: error: option \"-net\" needs the type of a back end, or nic\n"
    "  argument 3: hubport,hubid=0\n"
    "              ^~~~~~~~~~~~~~~\n" },
  { "net-nic-addr-function", "-net nic,addr=5.0", "addr-syntax",
    "qriser: error: \"5.0\" is no address for option \"-net nic\"\n"
    "  argument 3: nic,addr=5.0\n"
    "                       ^~~\n"
    "  hint: it is a slot of the root bus, 0 to 1f, without a function\n" },
  { "net-nic-addr-slot", "-net nic,addr=20", "addr-syntax",
    "qriser: error: \"20\" is no address for option \"-net nic\"\n"
    "  argument 3: nic,addr=20\n"
    "                       ^~\n"
    "  hint: it is a slot of the root bus, 0 to 1f, without a function\n" },
  { "net-nic-addr-bus", "-net nic,addr=1:5", "addr-syntax",
    "qriser: error: \"1:5\" is no address for option \"-net nic\"\n"
    "  argument 3: nic,addr=1:5\n"
    "                       ^~~\n"
    "  hint: it is a slot of the root bus, 0 to 1f, without a function\n" },
  { "net-nic-addr-word", "-net nic,addr=five", "addr-syntax",
    "qriser: error: \"five\" is no address for option \"-net nic\"\n"
    "  argument 3: nic,addr=five\n"
    "                       ^~~~\n"
    "  hint: it is a slot of the root bus, 0 to 1f, without a function\n" },
  { "net-nic-addr-domain", "-net nic,addr=0:1:5", "addr-syntax",
    "qriser: error: \"0:1:5\" is no address for option \"-net nic\"\n"
    "  argument 3: nic,addr=0:1:5\n"
    "                       ^~~~~\n"
    "  hint: it is a slot of the root bus, 0 to 1f, without a function\n" },
  { "net-nic-key", "-net nic,model=e1000,mac=1", "option-syntax",
    "qriser: error: option \"-net nic\" has no key \"mac\"\n"
    "  argument 3: nic,model=e1000,mac=1\n"
    "                              ^~~\n" },
  { "net-nic-bare", "-net nic,foo", "option-syntax",
    "qriser: error: option \"-net nic\" has no key \"foo\"\n"
    "  argument 3: nic,foo\n"
    "                  ^~~\n" },
  { "vectors-no-text", "-net nic,model=virtio,vectors=\xae", "utf8",
    "qriser: error: the value of \"vectors\" is not valid UTF-8\n"
    "  argument 3: nic,model=virtio,vectors=\\xae\n"
    "                                       ^~~~\n" },
  { "nic-id-no-text", "-nic user,id=a\xff", "utf8",
    "qriser: error: the value of \"id\" is not valid UTF-8\n"
    "  argument 3: user,id=a\\xff\n"
    "                      ^~~~~\n" },
  { "netdev-no-text", "-net nic,netdev=\xff", "utf8",
    "qriser: error: the value of \"netdev\" is not valid UTF-8\n"
    "  argument 3: nic,netdev=\\xff\n"
    "                         ^~~~\n" },
  { "second", "-nic user --nic user,mac=x", "mac-syntax",
    "qriser: error: \"x\" is no Ethernet address\n"
    "  argument 5: user,mac=x\n"
    "                       ^\n" BYTES },
};

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *line = g_strconcat ("-nodefaults ", refused[i].line, NULL);
  GError *error = NULL;

  g_assert_null (test_plan ("qemu@1", line, &error));
  g_assert_nonnull (error);
  g_assert_cmpstr (qr_error_code (error), ==, refused[i].code);
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_REQUEST);
  test_error_is (&error, refused[i].drawn);
}

/* QEMU lists its models and ends; not where it makes no adapter. */
static const struct
{
  const char *line;
  gboolean informs;
} helps[] = {
  { "-nic model=help", TRUE },          { "-nic user,model=?", TRUE },
  { "-net nic,model=help", TRUE },      { "-nic none,model=help", FALSE },
  { "-nic user,id=help", FALSE },       { "-nic user,model=help,model=e1000", FALSE },
  { "-net user,model=help", FALSE },    { "-name model=help", FALSE },
};

static void
test_help (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *line = g_strconcat ("-M q35 ", helps[i].line, NULL);
  GError *error = NULL;
  g_autoptr (QrPlan) plan = test_plan ("qemu@1", line, &error);

  g_assert_no_error (error);
  g_assert_cmpint (plan->request->informs, ==, helps[i].informs);
}

/* The places, in QEMU's order: adapters of the board before any -device. */
static void
test_creation (void)
{
  GError *error = NULL;
  g_autoptr (QrPlan) plan = test_plan (
      "qemu@1", "-nodefaults -device edu,id=d -net nic,model=e1000 -nic user,model=rtl8139", &error);
  g_autofree char *line = NULL;

  g_assert_no_error (error);
  test_path_is (plan, "d", "00:03.0");
  line = g_strjoinv (" ", plan->argv);
  g_assert_nonnull (strstr (line, "rtl8139,netdev=nic0,mac=" MAC "56,bus=pcie.0,addr=01.0"));
  g_assert_nonnull (strstr (line, "e1000,netdev=hub0port0,mac=" MAC "57,bus=pcie.0,addr=02.0"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/nets/line/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *name = g_strdup_printf ("/nets/refused/%s", refused[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_refused);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (helps); i++)
    {
      g_autofree char *name = g_strdup_printf ("/nets/help/%s", helps[i].line);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_help);
    }
  g_test_add_func ("/nets/creation", test_creation);
  return g_test_run ();
}
