/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "doctor-libvirt.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "apparmor.h"
#include "exec.h"
#include "face.h"
#include "health.h"

/* Paths of the host. Sources: libvirt src/qemu/qemu_conf.c, virQEMUDriverConfigNew(), the second
 * behind the user's cache; Linux security/apparmor/lsm.c and apparmorfs.c; apparmor.d(5); libvirt
 * src/security/apparmor/libvirt-qemu.in and the daemons' own. */
#define CACHE_DIRECTORY "/var/cache/libvirt/qemu/capabilities"
#define USER_CACHE_DIRECTORY "/libvirt/qemu/cache/capabilities"
#define APPARMOR_FILE "/sys/module/apparmor/parameters/enabled"
#define LOADED_FILE "/sys/kernel/security/apparmor/profiles"
#define PROFILE_DIRECTORY "/etc/apparmor.d/"
#define GUEST_FILE PROFILE_DIRECTORY "abstractions/libvirt-qemu"
#define GUEST_DIRECTORY PROFILE_DIRECTORY "abstractions/libvirt-qemu.d"
#define GUEST_LOCAL_FILE PROFILE_DIRECTORY "local/abstractions/libvirt-qemu"

/* libvirt's daemons, of which one starts QEMU, and what an administrator adds. */
static const struct
{
  const char *profile, *local;
} daemons[] = {
  { PROFILE_DIRECTORY "usr.sbin.libvirtd", PROFILE_DIRECTORY "local/usr.sbin.libvirtd" },
  { PROFILE_DIRECTORY "usr.sbin.virtqemud", PROFILE_DIRECTORY "local/usr.sbin.virtqemud" },
};

/* --- what libvirt keeps of emulators ------------------------------------------------------ */

typedef struct
{
  GPtrArray *health;
  guint found, stale, closed;
} Search;

static gboolean
is_before (const struct timespec *one, const struct timespec *other)
{
  return one->tv_sec < other->tv_sec
         || (one->tv_sec == other->tv_sec && one->tv_nsec < other->tv_nsec);
}

/* Looks in @directory for what is kept of @emulator, which starts @program. */
static void
look_up (Search *search, const char *directory, const char *emulator, const char *program)
{
  g_autofree char *name = g_compute_checksum_for_string (G_CHECKSUM_SHA256, emulator, -1);
  g_autofree char *path = g_strdup_printf ("%s/%s.xml", directory, name), *hint = NULL;
  struct stat entry, own, real;

  if (stat (path, &entry) != 0)
    {
      search->closed += errno == EACCES ? 1 : 0;
      return;
    }
  search->found++;
  if (stat (emulator, &own) != 0 || stat (program, &real) != 0
      || is_before (&entry.st_mtim, &own.st_ctim) || !is_before (&entry.st_mtim, &real.st_ctim))
    return;
  search->stale++;
  hint = g_strdup_printf ("touch %s", emulator);
  qr_health_add (search->health, "libvirt", QR_HEALTH_FAULT, hint,
                 "libvirt takes \"%s\" for what it was before %s changed", emulator, program);
}

static void
look_up_everywhere (Search *search, const char *root, const QrLibvirtEmulator *emulator,
                    const char *name, const char *program)
{
  g_autofree char *system = g_strconcat (root, CACHE_DIRECTORY, NULL), *user = NULL;

  look_up (search, system, name, program);
  if (emulator->user_cache == NULL)
    return;
  user = g_strconcat (emulator->user_cache, USER_CACHE_DIRECTORY, NULL);
  look_up (search, user, name, program);
}

/* The names beside this program by which it starts a QEMU. */
static void
look_up_names (Search *search, const char *root, const QrLibvirtEmulator *emulator)
{
  g_autofree char *directory = g_path_get_dirname (emulator->self);
  g_autoptr (GDir) names = g_dir_open (directory, 0, NULL);
  const char *name;

  while (names != NULL && (name = g_dir_read_name (names)) != NULL)
    {
      const char *arch = g_str_has_prefix (name, PACKAGE_NAME) ? qr_face_arch (name) : NULL;
      g_autofree char *path = NULL, *qemu = NULL, *program = NULL;

      if (arch == NULL)
        continue;
      path = g_build_filename (directory, name, NULL);
      qemu = g_strdup_printf ("qemu-system-%s", arch);
      program = g_strcmp0 (arch, emulator->arch) == 0
                    ? g_strdup (emulator->program)
                    : qr_exec_find (qemu, g_getenv ("PATH"), QEMUDIR);
      if (program != NULL)
        look_up_everywhere (search, root, emulator, path, program);
    }
}

void
qr_doctor_libvirt (const char *root, const QrLibvirtEmulator *emulator, GPtrArray *health)
{
  Search search = { health, 0, 0, 0 };

  look_up_everywhere (&search, root, emulator, emulator->self, emulator->program);
  look_up_names (&search, root, emulator);
  if (search.stale > 0)
    return;
  if (search.closed > 0)
    qr_health_add (health, "libvirt", QR_HEALTH_NOTICE, "ask as root",
                   "what libvirt keeps of qriser's names cannot be read by this user");
  else if (search.found > 0)
    qr_health_add (health, "libvirt", QR_HEALTH_OK, NULL,
                   "what libvirt keeps of qriser's names is not older than QEMU");
  else
    qr_health_add (health, "libvirt", QR_HEALTH_OK, NULL,
                   "libvirt keeps nothing of qriser's names");
}

/* --- AppArmor -------------------------------------------------------------------------------- */

/* Appends the lines of @path below @root, if it is there and can be read. */
static gboolean
append_file (const char *root, const char *path, GString *out)
{
  g_autofree char *full = g_strconcat (root, path, NULL), *text = NULL;

  if (!g_file_get_contents (full, &text, NULL, NULL))
    return FALSE;
  g_string_append_printf (out, "%s\n", text);
  return TRUE;
}

static void
append_directory (const char *root, const char *directory, GString *out)
{
  g_autofree char *full = g_strconcat (root, directory, NULL);
  g_autoptr (GDir) names = g_dir_open (full, 0, NULL);
  const char *name;

  while (names != NULL && (name = g_dir_read_name (names)) != NULL)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s", directory, name);

      (void) append_file (root, path, out);
    }
}

/* Whether @rules let @path be executed; tells of it otherwise. @file: where to say it */
static gboolean
check_rule (const GString *rules, const char *path, const char *who, const char *access,
            const char *file, GPtrArray *health)
{
  g_autofree char *hint = NULL;

  if (qr_apparmor_may_execute (rules->str, path))
    return TRUE;
  hint = g_strdup_printf ("write \"%s %s,\" into %s", path, access, file);
  qr_health_add (health, "apparmor", QR_HEALTH_FAULT, hint, "AppArmor does not let %s execute %s",
                 who, path);
  return FALSE;
}

/* Whether @rules include @path of the profiles' directory, as newer versions do. */
static gboolean
includes (const GString *rules, const char *path)
{
  g_autofree char *name = g_strdup_printf ("<%s>", path + strlen (PROFILE_DIRECTORY));

  return strstr (rules->str, name) != NULL;
}

static gboolean
check_daemons (const char *root, const char *self, gboolean *found, GPtrArray *health)
{
  gboolean good = TRUE;

  *found = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (daemons); i++)
    {
      const char *file = daemons[i].profile;
      g_autoptr (GString) rules = g_string_new (NULL);

      if (!append_file (root, file, rules))
        continue;
      *found = TRUE;
      if (includes (rules, daemons[i].local))
        {
          file = daemons[i].local;
          (void) append_file (root, file, rules);
        }
      good &= check_rule (rules, self, strrchr (daemons[i].profile, '.') + 1, "PUx", file, health);
    }
  return good;
}

static gboolean
check_guests (const char *root, const QrLibvirtEmulator *emulator, GPtrArray *health)
{
  static const char guests[] = "libvirt's guests";
  g_autoptr (GString) rules = g_string_new (NULL);
  const char *file = GUEST_FILE;
  char real[PATH_MAX];
  gboolean good;

  (void) append_file (root, GUEST_FILE, rules);
  if (includes (rules, GUEST_LOCAL_FILE))
    {
      file = GUEST_LOCAL_FILE;
      (void) append_file (root, file, rules);
    }
  if (includes (rules, GUEST_DIRECTORY))
    {
      file = GUEST_DIRECTORY "/" PACKAGE_NAME;
      append_directory (root, GUEST_DIRECTORY, rules);
    }
  good = check_rule (rules, emulator->self, guests, "rmix", file, health);
  return check_rule (rules, realpath (emulator->program, real) == NULL ? emulator->program : real,
                     guests, "rmix", file, health)
         && good;
}

/* Why AppArmor holds nothing that libvirt starts; NULL: it does, or with @known FALSE may. */
static const char *
why_not_held (const char *root, gboolean *known)
{
  g_autoptr (GString) enabled = g_string_new (NULL), loaded = g_string_new (NULL);

  *known = TRUE;
  if (!append_file (root, APPARMOR_FILE, enabled) || *enabled->str != 'Y')
    return "the kernel has no AppArmor, or it is off";
  *known = append_file (root, LOADED_FILE, loaded);
  if (*known && strstr (loaded->str, "libvirt") == NULL
      && strstr (loaded->str, "virtqemud") == NULL)
    return "libvirt's profiles are not loaded";
  return NULL;
}

void
qr_doctor_apparmor (const char *root, const QrLibvirtEmulator *emulator, GPtrArray *health)
{
  gboolean known, found, good;
  const char *why = why_not_held (root, &known);

  if (why != NULL)
    {
      qr_health_add (health, "apparmor", QR_HEALTH_OK, NULL, "%s", why);
      return;
    }
  good = check_daemons (root, emulator->self, &found, health);
  if (!found)
    qr_health_add (health, "apparmor", QR_HEALTH_OK, NULL, "there are no profiles of libvirt's");
  else if (check_guests (root, emulator, health) && good)
    qr_health_add (health, "apparmor", QR_HEALTH_OK, NULL,
                   "libvirt's profiles%s allow qriser and QEMU",
                   known ? "" : ", should they be loaded,");
}
