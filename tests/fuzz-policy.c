/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a policy: what is read places a line, or says why it does not; every function
 * that it places is on a bus, alone at its address. */
#include "config.h"

#include "fuzz.h"

#include "plan.h"
#include "policy-file.h"

static const char *const words[] = {
  "-nodefaults", "-device", "virtio-net-pci,id=a", "-device", "e1000,id=b", "-device", "virtio-vga,id=c",
  "-device", "pcie-root-port,id=d", "-device", "pcie-pci-bridge,id=e", "-device", "pci-bridge,id=f,chassis_nr=1",
  "-device", "ich9-usb-ehci1,id=g", "-device", "ich9-usb-uhci1,masterbus=g.0,multifunction=on", "-device",
  "x3130-upstream,id=h", "-device", "xio3130-downstream,bus=h", "-device", "nvme,serial=1,addr=1c.0", "-device", "edu",
  "-device", "virtio-iommu-pci", "-device", "pxb-pcie,bus_nr=64", "-device", "amd-iommu", "-device", "edu,bus=pcie.0", NULL
};

static void
check (const QrPlan *plan)
{
  for (guint i = 0; i < plan->topology->devices->len; i++)
    {
      QrDevice *device = plan->topology->devices->pdata[i];

      if (device->bus != NULL)
        g_assert_true (qr_bus_occupant (device->bus, device->addr) == device);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (QrJsonDoc) doc
      = qr_json_doc_parse ((const char *) data, size, "p.json", 0, QR_STATUS_CONFIG, &error);
  const QrPolicy *policy = doc == NULL ? NULL : qr_policy_load (doc, &qr_profiles_builtin, pool, &error);
  QrPlanOptions options = { .words = words, .first = 1, .sysfs = "/nonexistent", .program = "qemu",
                            .policy = policy, .seccomp = "off",
                            .place = { size % 2 == 1, QR_SPARE_POLICY, NULL } };
  g_autoptr (QrPlan) plan
      = policy == NULL ? NULL : qr_plan_make (&options, &qr_profiles_builtin, &error);

  if (plan != NULL)
    {
      check (plan);
      return 0;
    }
  g_free (qr_error_render (error, "qriser"));
  return 0;
}
