/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the line asks of a device's place: followed, or refused where it is written. */
#include "config.h"

#include "testlib.h"

#include <string.h>

#define RNG "-device virtio-rng-pci"
#define NVME "-device nvme,serial=1"
#define PORT "-device pcie-root-port,id=p,addr=4,chassis=9 "

/* `paths` is "KEY=PATH KEY=PATH ..."; `added` the number of ports and bridges of ours;
 * `closed` those of them that have hotplug=off. */
static const struct
{
  const char *name, *policy, *line, *paths;
  guint added;
  const char *closed;
} cases[] = {
  { "behind-place", "ich9@1", RNG ",id=a,qriser.behind=1c.3 " RNG ",id=b",
    "a=00:1c.3/00.0 b=00:1c.0/00.0", 2, "" },
  { "behind-first-place", "ich9@1", RNG ",id=a " RNG ",id=b,qriser.behind=1c.0", "a=00:1c.1/00.0 b=00:1c.0/00.0", 2, "" },
  { "behind-wide-place", "ich9@1", RNG ",id=a,qriser.behind=04.3 " RNG ",id=b",
    "a=00:04.3/00.0 rp-04.0=00:04.0 b=00:1c.0/00.0", 3, "" },
  { "behind-wide-place-0", "ich9@1", RNG ",id=a,qriser.behind=5", "a=00:05.0/00.0", 1, "" },
  { "behind-graphics-port", "ich9@1", RNG ",id=a,qriser.behind=01.0", "a=00:01.0/00.0", 1, "" },
  { "behind-users-bridge", "ich9@1", "-device e1000,id=a,qriser.behind=1e.0 -device i82801b11-bridge,id=b",
    "b=00:1e.0 a=00:1e.0/00.0", 0, "" },
  { "behind-bridge-place", "ich9@1", "-device e1000,id=a,qriser.behind=1e.0 -device edu,id=b",
    "a=00:1e.0/00.0 b=00:1e.0/01.0", 1, "" },
  { "behind-switch-place", "ich9@1", RNG ",id=a,qriser.behind=1c.7", "a=00:1c.7/00.0 rp-1c.0=00:1c.0", 2, "" },
  { "behind-port", "ich9@1", PORT "-device e1000e,id=a,qriser.behind=p", "a=00:04.0/00.0", 0, "" },
  { "behind-port-to-place", "ich9@1", "-device pcie-root-port,id=p -device e1000e,id=a,qriser.behind=p",
    "p=00:1c.1 a=00:1c.1/00.0", 1, "" },
  { "behind-bridge", "ich9@1", "-device i82801b11-bridge,id=p -device e1000,id=a,qriser.behind=p",
    "a=00:1e.0/00.0", 0, "" },
  { "behind-downstream", "ich9@1", PORT "-device x3130-upstream,id=u,bus=p -device xio3130-downstream,id=d,bus=u,chassis=3 "
    NVME ",id=a,qriser.behind=d", "a=00:04.0/00.0/00.0/00.0", 0, "" },
  { "behind-id-like-a-place", "ich9@1", "-device pcie-root-port,id=a.0,addr=4,chassis=9 " NVME ",id=a,qriser.behind=a.0",
    "a=00:04.0/00.0", 0, "" },
  { "behind-json", "ich9@1", "-device {\"driver\":\"nvme\",\"serial\":\"1\",\"id\":\"a\",\"qriser.behind\":\"1c.2\"}",
    "a=00:1c.2/00.0", 2, "" },
  { "behind-hot", "ich9@1", NVME ",id=a,qriser.behind=1c.2,qriser.hotplug=on", "a=00:1c.2/00.0", 2, "" },
  { "behind-cold", "ich9@1", NVME ",id=a,qriser.behind=1c.2,qriser.hotplug=off", "a=00:1c.2/00.0", 2, "rp-1c.2" },
  { "behind-switch", "ich9@1", "-device x3130-upstream,id=u,qriser.behind=1c.4", "u=00:1c.4/00.0", 2, "" },
  { "integrated", "ich9@1", NVME ",id=a,qriser.integrated=on -device edu,id=b,qriser.integrated=on",
    "a=00:04.0 b=00:05.0", 0, "" },
  { "integrated-lan", "ich9@1", "-device e1000e,id=a,qriser.integrated=on -device e1000e,id=b", "a=00:04.0 b=00:19.0", 0, "" },
  { "integrated-wide", "ich9-wide@1", NVME ",id=a,qriser.integrated=on", "a=00:04.0", 0, "" },
  { "integrated-behind-those-that-must", "ich9@1", NVME ",id=a,qriser.integrated=on -device virtio-iommu-pci,id=i",
    "i=00:04.0 a=00:05.0", 0, "" },
  { "integrated-cold", "ich9@1", NVME ",id=a,qriser.integrated=on,qriser.hotplug=off", "a=00:04.0", 0, "" },
  { "hot-no-lan", "ich9@1", "-device e1000e,id=a,qriser.hotplug=on -device e1000e,id=b", "a=00:1c.0/00.0 b=00:19.0", 1, "" },
  { "hot-keeps-order", "ich9@1", NVME ",id=a " NVME ",id=b,qriser.hotplug=on " NVME ",id=c",
    "a=00:1c.0/00.0 b=00:1c.1/00.0 c=00:1c.2/00.0", 3, "" },
  { "hot-wide", "ich9-wide@1", "-device e1000e,id=a,qriser.hotplug=on", "a=00:1c.0/00.0", 1, "" },
  { "hot-conventional", "ich9@1", "-device e1000,id=a,qriser.hotplug=on -device edu,id=b -device edu,id=c,qriser.hotplug=on",
    "a=00:1c.0/00.0/01.0 b=00:1e.0/00.0 c=00:1c.0/00.0/02.0", 3, "" },
  { "hot-modern-off", "ich9@1", RNG ",id=a,disable-modern=on,qriser.hotplug=on", "a=00:1c.0/00.0/01.0", 2, "" },
  { "hot-user-port", "ich9@1", PORT NVME ",id=a,qriser.behind=p,qriser.hotplug=on", "a=00:04.0/00.0", 0, "" },
  { "cold", "ich9@1", NVME ",id=a,qriser.hotplug=off " NVME ",id=b", "a=00:1c.0/00.0 b=00:1c.1/00.0", 2, "rp-1c.0" },
  { "cold-lan", "ich9@1", "-device e1000e,id=a,qriser.hotplug=off", "a=00:19.0", 0, "" },
  { "cold-user-port", "ich9@1", "-device pcie-root-port,id=p,addr=4,chassis=9,hotplug=off " NVME ",id=a,qriser.behind=p,qriser.hotplug=off",
    "a=00:04.0/00.0", 0, "" },
  { "pack", "ich9@1", NVME ",id=a " NVME ",id=b,qriser.pack=a", "a=00:1c.0/00.0 b=00:1c.0/00.1", 1, "" },
  { "pack-before", "ich9@1", NVME ",id=b,qriser.pack=a " NVME ",id=a", "a=00:1c.0/00.0 b=00:1c.0/00.1", 1, "" },
  { "pack-chain", "ich9@1", NVME ",id=c,qriser.pack=b " NVME ",id=b,qriser.pack=a " NVME ",id=a",
    "a=00:1c.0/00.0 b=00:1c.0/00.1 c=00:1c.0/00.2", 1, "" },
  { "pack-integrated", "ich9@1", "-device e1000e,id=a " NVME ",id=b,qriser.pack=a", "a=00:19.0 b=00:19.1", 0, "" },
  { "pack-conventional", "ich9@1", "-device edu,id=a -device edu,id=b,qriser.pack=a -device edu,id=c",
    "a=00:1e.0/00.0 b=00:1e.0/00.1 c=00:1e.0/01.0", 1, "" },
  { "pack-given-place", "ich9@1", "-device edu,id=a,addr=5,multifunction=on -device edu,id=b,qriser.pack=a",
    "a=00:05.0 b=00:05.1", 0, "" },
  { "pack-cold", "ich9@1", NVME ",id=a " NVME ",id=b,qriser.pack=a,qriser.hotplug=off", "b=00:1c.0/00.1", 1, "rp-1c.0" },
  { "pack-behind", "ich9@1", NVME ",id=a,qriser.behind=1c.1 " NVME ",id=b,qriser.pack=a", "b=00:1c.1/00.1", 2, "" },
  { "pack-seven", "ich9@1", NVME ",id=a" " " NVME ",qriser.pack=a " NVME ",qriser.pack=a " NVME ",qriser.pack=a "
    NVME ",qriser.pack=a " NVME ",qriser.pack=a " NVME ",qriser.pack=a " NVME ",id=b,qriser.pack=a", "b=00:1c.0/00.7", 1, "" },
};

static void
test_place (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_strconcat ("-nodefaults ", cases[i].line, NULL);
  g_autoptr (QrPlan) made = test_plan_with (cases[i].policy, line, (QrPlaceOptions){ FALSE, 0 }, &error);
  g_auto (GStrv) paths = g_strsplit (cases[i].paths, " ", -1);
  g_autoptr (GString) closed = g_string_new (NULL);

  g_assert_no_error (error);
  for (char **path = paths; *path != NULL; path++)
    {
      g_auto (GStrv) pair = g_strsplit (*path, "=", 2);

      test_path_is (made, pair[0], pair[1]);
    }
  g_assert_cmpuint (made->topology->added->len, ==, cases[i].added);
  for (guint j = 0; j < made->topology->added->len; j++)
    if (((const QrDevice *) made->topology->added->pdata[j])->no_hotplug)
      g_string_append (closed, ((const QrDevice *) made->topology->added->pdata[j])->id);
  g_assert_cmpstr (closed->str, ==, cases[i].closed);
  for (char **word = made->argv; *word != NULL; word++)
    g_assert_null (strstr (*word, "qriser."));
}

/* With --pack=on functions share ports, but not with those that ask to be alone, or with whom. */
static void
test_pack (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) made = test_plan_with (
      "ich9@1", "-nodefaults " NVME ",id=a,qriser.hotplug=on " NVME ",id=b " NVME ",id=c " NVME ",id=d "
      NVME ",id=e,qriser.pack=b " NVME ",id=f", (QrPlaceOptions){ TRUE, 0 }, &error);

  g_assert_no_error (error);
  test_path_is (made, "a", "00:1c.0/00.0");
  test_path_is (made, "b", "00:1c.1/00.0");
  test_path_is (made, "e", "00:1c.1/00.1");
  test_path_is (made, "c", "00:1c.2/00.0");
  test_path_is (made, "d", "00:1c.2/00.1");
  test_path_is (made, "f", "00:1c.2/00.2");
}

static const struct
{
  const char *name, *policy, *line, *code, *message;
} refusals[] = {
  { "policy-qemu", "qemu@1", "-device edu,qriser.integrated=on", "hint-refused", "gives the places that QEMU would" },
  { "policy-libvirt", "libvirt@1", "-device edu,qriser.hotplug=off", "hint-refused", "takes no hints" },
  { "unplanned", "ich9@1", "-M isapc -device edu,qriser.behind=p", "hint-refused", "machine \"isapc\" is not planned" },
  { "pc", "pc@1", "-M pc -device edu,qriser.behind=p", "hint-refused", "policy pc@1" },
  { "no-function", "ich9@1", "-device ich9-ahci,id=h -device ide-hd,drive=d,qriser.hotplug=on", "hint-conflict",
    "is for PCI functions, and ide-hd is none" },
  { "bus", "ich9@1", PORT "-device e1000e,bus=p,qriser.behind=p", "hint-conflict", "and bus= gives it" },
  { "addr", "ich9@1", "-device edu,addr=5,qriser.integrated=on", "hint-conflict", "and addr= gives it" },
  { "all-given", "ich9@1", "-device edu,bus=pcie.0,addr=5,qriser.hotplug=off", "hint-conflict", "and addr= gives it" },
  { "cannot-be-hot", "ich9@1", "-device VGA,qriser.hotplug=on", "hint-conflict", "cannot unplug a VGA" },
  { "unknown", "ich9@1", "-device edu,qriser.slot=5", "unknown-hint", "there is no hint" },
  { "behind-nobody", "ich9@1", "-device edu,qriser.behind=nobody", "hint-target", "there is no port or bridge \"nobody\"" },
  { "behind-no-port", "ich9@1", "-device edu,id=a -device edu,qriser.behind=a", "hint-target", "\"a\" (edu) is no port or bridge" },
  { "behind-itself", "ich9@1", "-device pcie-pci-bridge,id=a,qriser.behind=a", "hint-target", "there is no port \"a\" yet" },
  { "behind-later", "ich9@1", "-device edu,qriser.behind=p -device pcie-root-port,id=p", "hint-target", "no port \"p\" yet" },
  { "behind-later-json", "ich9@1", "-device {\"driver\":\"pcie-root-port\",\"id\":\"p\"} -device edu,qriser.behind=p", "hint-target",
    "no port \"p\" yet" },
  { "behind-ours", "ich9@1", RNG ",qriser.behind=1c.0 " RNG ",qriser.behind=rp-1c.0", "hint-target", "no port or bridge \"rp-1c.0\"" },
  { "behind-no-home", "ich9@1", "-device edu,qriser.behind=03.0", "hint-target", "policy ich9@1 makes no port at 03.0" },
  { "behind-no-home-function", "ich9@1", "-device edu,qriser.behind=01.1", "hint-target", "makes no port at 01.1" },
  { "behind-machine", "ich9@1", "-device edu,qriser.behind=1f.0", "hint-target", "makes no port at 1f.0" },
  { "behind-taken", "ich9@1", "-device edu,addr=1c.3,id=a -device edu,qriser.behind=1c.3", "hint-full", "the place is taken" },
  { "behind-closed", "ich9@1", "-device edu,addr=1c.0,id=a -device edu,qriser.behind=1c.3", "hint-full", "lets no others in" },
  { "behind-full", "ich9@1", RNG ",qriser.behind=1c.0 " RNG ",id=b,qriser.behind=1c.0", "no-place", "no place is left on bus \"rp-1c.0\"" },
  { "behind-users-full", "ich9@1", PORT RNG ",bus=p " RNG ",id=b,qriser.behind=p", "no-place", "no place is left on bus \"p\"" },
  { "integrated-downstream", "ich9@1", PORT "-device x3130-upstream,bus=p,id=u -device xio3130-downstream,chassis=3,qriser.integrated=on",
    "no-place", "has no rule that places xio3130-downstream as this hint asks" },
  { "hot-port", "ich9@1", "-device pcie-root-port,qriser.hotplug=on", "no-place", "as this hint asks" },
  { "hot-closed-port", "ich9@1", "-device pcie-root-port,id=p,hotplug=off " NVME ",qriser.behind=p,qriser.hotplug=on", "hint-conflict",
    "port \"p\" has hotplug=off" },
  { "hotplug-on-bridge", "ich9@1", "-device e1000,id=a,qriser.behind=1e.0,qriser.hotplug=on", "hint-conflict",
    "bridge \"pci-1e.0\" has no hot-plug controller" },
  { "hotplug-on-bridge-off", "ich9@1", "-device pcie-pci-bridge,id=b,shpc=off -device e1000,id=a,qriser.behind=b,qriser.hotplug=on", "hint-conflict",
    "bridge \"b\" has no hot-plug controller" },
  { "hot-shared", "ich9@1", PORT NVME ",bus=p,addr=0,multifunction=on " NVME ",qriser.behind=p,qriser.hotplug=on", "hint-conflict",
    "it shares slot 0 of bus \"p\" with others" },
  { "cold-bridge", "ich9@1", "-device edu,qriser.hotplug=off", "hint-conflict", "bridge \"pci-1e.0\" lets a guest eject it" },
  { "cold-users-port", "ich9@1", PORT NVME ",qriser.behind=p,qriser.hotplug=off", "hint-conflict", "port \"p\" lets a guest eject it" },
  { "pack-nobody", "ich9@1", "-device edu,qriser.pack=a", "hint-target", "there is no device \"a\"" },
  { "pack-itself", "ich9@1", "-device edu,id=a,qriser.pack=a", "hint-target", "\"a\" is this device itself" },
  { "pack-round", "ich9@1", "-device edu,id=a,qriser.pack=b -device edu,id=b,qriser.pack=c -device edu,id=c,qriser.pack=a",
    "hint-target", "\"b\" has no place: it is packed with others in a circle" },
  { "pack-round-elsewhere", "ich9@1", "-device edu,qriser.pack=b -device edu,id=b,qriser.pack=c -device edu,id=c,qriser.pack=b",
    "hint-target", "\"b\" has no place: it is packed with others in a circle" },
  { "pack-with-port", "ich9@1", "-device pcie-root-port,id=p -device edu,qriser.pack=p", "hint-target", "has no slot to share" },
  { "pack-with-disk", "ich9@1", "-device ide-hd,drive=d,id=h -device edu,qriser.pack=h", "hint-target", "\"h\" (ide-hd) has no slot to share" },
  { "pack-port", "ich9@1", "-device edu,id=a -device pcie-root-port,qriser.pack=a", "hint-target", "a port or bridge is not packed" },
  { "pack-hot", "ich9@1", NVME ",id=a,qriser.hotplug=on " NVME ",qriser.pack=a", "hint-conflict", "can be unplugged by itself" },
  { "pack-failover", "ich9@1", "-device virtio-net-pci,failover=on,id=f -device e1000e,failover_pair_id=f,id=g " NVME ",qriser.pack=g",
    "hint-conflict", "\"g\" shares its slot with nothing" },
  { "pack-says-off", "ich9@1", NVME ",id=a,multifunction=off " NVME ",qriser.pack=a", "hint-conflict", "the line says that it is the only one" },
  { "pack-given-single", "ich9@1", "-device edu,id=a,addr=5 -device edu,qriser.pack=a", "hint-conflict", "an address and no multifunction=on" },
  { "pack-bus-later", "ich9@1", "-device edu,qriser.pack=a -device pcie-root-port,id=p -device e1000e,bus=p,id=a", "hint-target",
    "bus \"p\", where \"a\" is, is made after this device" },
  { "pack-full", "ich9@1", NVME ",id=a " NVME ",qriser.pack=a " NVME ",qriser.pack=a " NVME ",qriser.pack=a " NVME ",qriser.pack=a "
    NVME ",qriser.pack=a " NVME ",qriser.pack=a " NVME ",qriser.pack=a " NVME ",id=b,qriser.pack=a", "hint-full", "it has 8 functions" },
  { "pack-with-unplaced", "ich9@1", NVME ",qriser.pack=a " RNG ",qriser.behind=1c.0 " RNG ",id=a,qriser.behind=1c.0", "no-place",
    "for virtio-rng-pci \"a\"" },
};

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  GError *error = NULL;
  g_autofree char *line = g_strconcat ("-nodefaults ", refusals[i].line, NULL);

  g_assert_null (test_plan_with (refusals[i].policy, line, (QrPlaceOptions){ FALSE, 0 }, &error));
  test_error_code (&error, QR_STATUS_REQUEST, refusals[i].code, refusals[i].message);
}

/* The root complex has 21 slots for what asks for it. */
static void
test_full (void)
{
  GString *line = g_string_new ("-nodefaults");
  GError *error = NULL;

  for (guint i = 0; i < 22; i++)
    g_string_append (line, " -device edu,qriser.integrated=on");
  g_assert_null (test_plan ("ich9@1", line->str, &error));
  test_error_code (&error, QR_STATUS_REQUEST, "no-place", "home \"free-slots\" of policy ich9@1 is full");
  g_string_free (line, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/hint-place/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_place);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *name = g_strdup_printf ("/hint-place/refused/%s", refusals[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_refused);
    }
  g_test_add_func ("/hint-place/among-packed", test_pack);
  g_test_add_func ("/hint-place/full", test_full);
  return g_test_run ();
}
