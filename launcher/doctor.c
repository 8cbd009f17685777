/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "doctor.h"

#include <string.h>

#include "doctor-bridge.h"
#include "doctor-host.h"
#include "doctor-libvirt.h"
#include "health.h"
#include "landlock.h"
#include "tap-read.h"

static void
check_qemu (const QrDoctor *doctor, GPtrArray *health)
{
  const QrWhichQemu *qemu = doctor->qemu;
  const QrAsk ask = { .profiles = doctor->profiles,
                      .program = qemu->program,
                      .name = qemu->name,
                      .arch = qemu->guest_arch,
                      .version = qemu->version,
                      .modules = doctor->modules,
                      .cache = doctor->cache };
  const gboolean runs = qr_doctor_program (qemu, health);

  qr_doctor_cache (doctor->cache, qemu->program, health); /* before something is kept there */
  if (runs)
    qr_doctor_version (qemu, &ask, health);
}

static void
check_bridge (const QrDoctor *doctor, const char *root, GPtrArray *health)
{
  const QrWhichQemu *qemu = doctor->qemu;
  g_autoptr (QrPool) pool = qr_pool_new ();
  const char *prefix
      = qemu->prefix == NULL ? NULL : qr_pool_printf (pool, "%s%s", root, qemu->prefix);
  const QrTapDefaults *defaults = qr_tap_defaults (qemu->etc, prefix, doctor->profiles, pool);

  qr_doctor_bridge (root, defaults->helper, qemu->etc, health);
}

/* libvirt starts qriser where it is installed, and cannot without a QEMU. */
static void
check_libvirt (const QrDoctor *doctor, const char *root, GPtrArray *health)
{
  const QrWhichQemu *qemu = doctor->qemu;
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  const char *user = doctor->cache->user;
  g_autofree char *caches = user == NULL ? NULL : g_path_get_dirname (user);
  const QrLibvirtEmulator emulator = { self, qemu->program, qemu->guest_arch, caches };

  if (self == NULL || qemu->program == NULL)
    return;
  qr_doctor_libvirt (root, &emulator, health);
  qr_doctor_apparmor (root, &emulator, health);
}

GString *
qr_doctor (const QrDoctor *doctor, gboolean *bad)
{
  g_autoptr (GPtrArray) health = qr_health_new ();
  g_autofree char *root = g_strdup (doctor->root);

  for (gsize end = strlen (root); end > 0 && root[end - 1] == '/'; end--)
    root[end - 1] = '\0'; /* paths begin with one */
  check_qemu (doctor, health);
  qr_doctor_kvm (root, doctor->qemu->guest_arch, health);
  qr_doctor_seccomp (health);
  qr_doctor_landlock (qr_landlock_version (), health);
  check_libvirt (doctor, root, health);
  check_bridge (doctor, root, health);
  qr_doctor_limits (health);
  *bad = qr_health_is_bad (health);
  return qr_health_render (health, doctor->json);
}
