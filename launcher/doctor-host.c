/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "doctor-host.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "autofd.h"
#include "health.h"
#include "landlock.h"
#include "listener.h"
#include "seccomp-load.h"

/* Paths of the host, and what says where they are. */
#define KVM_FILE "/dev/kvm"      /* Linux virt/kvm/kvm_main.c, kvm_dev */
#define CPU_FILE "/proc/cpuinfo" /* proc(5) */
#define GROUP_FILE "/etc/group"  /* group(5) */

enum
{
  KIB = 1024,
  MIB = KIB * KIB,
  LANDLOCK_KNOWN = 7,
  STACK_PART = 4,         /* of it execve(2) takes for words and environment */
  EXEC_LEAST = 128 * KIB, /* that it takes of any stack: ARG_MAX of linux/limits.h */
  EXEC_MOST = 6 * MIB,    /* Linux fs/exec.c, bprm_stack_limits() */
  EXEC_USUAL = 2 * MIB,   /* of the 8 MiB that are the kernel's default, _STK_LIM */
  EXEC_SHORT = 256 * KIB, /* what a list of some thousand devices takes */
  FILES_USUAL = 1024,     /* INR_OPEN_CUR of linux/fs.h */
  FILES_SHORT = 256,      /* QEMU has about 30 of its own, and some for each disk and queue */
};

/* --- KVM ---------------------------------------------------------------------------------- */

/* What CPU flags mean: that of the CPU, and the module that uses it. */
typedef struct
{
  const char *flag, *module;
} Virtualization;

static const Virtualization virtualizations[] = { { "vmx", "kvm_intel" }, { "svm", "kvm_amd" } };

static gboolean
is_x86 (const char *arch)
{
  return strcmp (arch, "x86_64") == 0 || strcmp (arch, "i386") == 0;
}

/* The module for the CPU's virtualization; NULL: it has none. */
static const char *
find_module (const char *root)
{
  g_autofree char *path = g_strconcat (root, CPU_FILE, NULL), *text = NULL;
  g_auto (GStrv) words = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;
  words = g_strsplit_set (text, " \t\n", -1);
  for (gsize i = 0; i < G_N_ELEMENTS (virtualizations); i++)
    if (g_strv_contains ((const char *const *) words, virtualizations[i].flag))
      return virtualizations[i].module;
  return NULL;
}

/* (transfer full): of the host's own file, or the number */
static char *
group_name (const char *root, gid_t gid)
{
  g_autofree char *path = g_strconcat (root, GROUP_FILE, NULL);
  FILE *file = fopen (path, "re");
  const struct group *entry;
  char *name = NULL;

  while (file != NULL && name == NULL && (entry = fgetgrent (file)) != NULL)
    if (entry->gr_gid == gid)
      name = g_strdup (entry->gr_name);
  if (file != NULL)
    (void) fclose (file);
  return name != NULL ? name : g_strdup_printf ("%u", (unsigned) gid);
}

static void
kvm_missing (const char *root, GPtrArray *health)
{
  const char *module = find_module (root);
  g_autofree char *hint = module == NULL ? NULL : g_strdup_printf ("modprobe %s", module);

  if (module != NULL)
    qr_health_add (health, "kvm", QR_HEALTH_FAULT, hint,
                   "there is no " KVM_FILE ": the module %s is not loaded, or this is a container "
                   "without the device",
                   module);
  else if (is_x86 (QRISER_ARCH))
    qr_health_add (health, "kvm", QR_HEALTH_NOTICE,
                   "switch it on in the firmware, or in the machine that this one runs in",
                   "there is no " KVM_FILE ": the CPU shows no virtualization, so guests are "
                   "emulated");
  else
    qr_health_add (health, "kvm", QR_HEALTH_NOTICE, "load the module kvm, where the CPU can",
                   "there is no " KVM_FILE ", so guests are emulated");
}

static void
kvm_closed (const char *root, const char *path, int code, GPtrArray *health)
{
  g_autofree char *group = NULL, *hint = NULL;
  struct stat info;

  if (code != EACCES || stat (path, &info) != 0 || (info.st_mode & S_IRWXG) == 0)
    {
      qr_health_add (health, "kvm", QR_HEALTH_FAULT, NULL, KVM_FILE " cannot be opened: %s",
                     g_strerror (code));
      return;
    }
  group = group_name (root, info.st_gid);
  hint = g_strdup_printf ("usermod -aG %s USER, then log in again", group);
  qr_health_add (health, "kvm", QR_HEALTH_FAULT, hint,
                 KVM_FILE " is for the group %s, in which this user is not", group);
}

void
qr_doctor_kvm (const char *root, const char *arch, GPtrArray *health)
{
  g_autofree char *path = g_strconcat (root, KVM_FILE, NULL);
  qr_autofd fd = -1;
  int code;

  if (strcmp (arch, QRISER_ARCH) != 0 && !(is_x86 (arch) && is_x86 (QRISER_ARCH)))
    {
      qr_health_add (health, "kvm", QR_HEALTH_OK, NULL,
                     "not used: this machine is %s, the guests are %s", QRISER_ARCH, arch);
      return;
    }
  fd = open (path, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  code = errno;
  if (fd >= 0)
    qr_health_add (health, "kvm", QR_HEALTH_OK, NULL, KVM_FILE " can be opened");
  else if (code == ENOENT || code == ENODEV)
    kvm_missing (root, health);
  else
    kvm_closed (root, path, code, health);
}

/* --- the kernel's sandboxes --------------------------------------------------------------------
 */

/* Errnos; 0: it can be had. */
typedef struct
{
  int filter, listener;
} Tried;

/* A filter holds the thread that loads it, and goes with it. */
static gpointer
try_seccomp (gpointer data)
{
  static const struct sock_filter allow[] = { BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
  Tried *tried = data;
  QrListener listener;
  int fd = -1;

  tried->filter = prctl (PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) == 0
                      ? qr_seccomp_load ((gconstpointer) allow, sizeof allow, NULL)
                      : errno;
  tried->listener = qr_listener_init (&listener);
  if (tried->listener == 0)
    tried->listener = qr_seccomp_load ((gconstpointer) allow, sizeof allow, &fd);
  qr_listener_clear (&listener);
  if (fd >= 0)
    (void) close (fd);
  return NULL;
}

static void
tell_listener (int code, GPtrArray *health)
{
  const char *hint = code == EBUSY ? "a sandbox around this one decides calls itself, and there "
                                     "can be one such"
                                   : "it needs Linux 5.5";

  if (code == 0)
    qr_health_add (health, "seccomp-listener", QR_HEALTH_OK, NULL,
                   "QEMU can be the last program that its process executes");
  else if (qr_landlock_version () > 0)
    qr_health_add (health, "seccomp-listener", QR_HEALTH_NOTICE, hint,
                   "no filter can have a listener: %s; Landlock lets QEMU execute itself and its "
                   "loader, -daemonize and --supervise are refused",
                   g_strerror (code));
  else
    qr_health_add (health, "seccomp-listener", QR_HEALTH_FAULT, hint,
                   "no filter can have a listener: %s; nothing keeps QEMU from executing other "
                   "programs, -daemonize and --supervise are refused",
                   g_strerror (code));
}

void
qr_doctor_seccomp (GPtrArray *health)
{
  Tried tried = { 0, 0 };

  (void) g_thread_join (g_thread_new ("seccomp", try_seccomp, &tried));
  if (tried.filter != 0)
    {
      qr_health_add (health, "seccomp", QR_HEALTH_FAULT,
                     "it needs Linux 3.17 with CONFIG_SECCOMP_FILTER, and no outer sandbox that "
                     "refuses it",
                     "no filter can be loaded: %s; QEMU starts with --best-effort=on or "
                     "--seccomp=off only, unconfined",
                     g_strerror (tried.filter));
      return;
    }
  qr_health_add (health, "seccomp", QR_HEALTH_OK, NULL, "filters can be loaded");
  tell_listener (tried.listener, health);
}

/* What each version brought, as landlock.h uses it. */
static const struct
{
  int version;
  const char *lost;
} landlock_lost[] = {
  { 2, "moving files between directories (refused)" },
  { 3, "cutting files short" },
  { 4, "TCP ports" },
  { 5, "ioctl(2) of devices" },
  { 6, "abstract UNIX sockets and signals" },
  { 7, "records of what QEMU is refused" },
};

void
qr_doctor_landlock (int version, GPtrArray *health)
{
  g_autoptr (GString) lost = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (landlock_lost); i++)
    if (landlock_lost[i].version > version)
      g_string_append_printf (lost, "%s%s", lost->len == 0 ? "" : ", ", landlock_lost[i].lost);
  if (version <= 0)
    qr_health_add (health, "landlock", QR_HEALTH_NOTICE,
                   "it needs Linux 5.13 with CONFIG_SECURITY_LANDLOCK, started with landlock in "
                   "lsm=",
                   "the kernel has no Landlock: files are not held, and --landlock=require is "
                   "refused");
  else if (version < LANDLOCK_KNOWN)
    qr_health_add (health, "landlock", QR_HEALTH_NOTICE,
                   version < QR_LANDLOCK_WHOLE
                       ? "a newer kernel has it; --landlock=require is refused on this one"
                       : "a newer kernel has it",
                   "version %d of %d, without: %s", version, LANDLOCK_KNOWN, lost->str);
  else
    qr_health_add (health, "landlock", QR_HEALTH_OK, NULL, "version %d; %d is needed", version,
                   LANDLOCK_KNOWN);
}

/* --- limits -------------------------------------------------------------------------------------
 */

static void
check_memory (GPtrArray *health)
{
  struct rlimit limit;

  (void) getrlimit (RLIMIT_MEMLOCK, &limit); /* cannot fail, nor can the others */
  if (limit.rlim_cur == RLIM_INFINITY || geteuid () == 0)
    qr_health_add (health, "locked-memory", QR_HEALTH_OK, NULL, "without a limit");
  else
    qr_health_add (health, "locked-memory", QR_HEALTH_NOTICE,
                   "ulimit -l, or memlock in limits.conf(5): the guest's memory and some more",
                   "%" G_GUINT64_FORMAT " KiB, too little for an assigned device",
                   (guint64) limit.rlim_cur / KIB);
}

static void
check_files (GPtrArray *health)
{
  struct rlimit limit;

  (void) getrlimit (RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= FILES_USUAL)
    qr_health_add (health, "open-files", QR_HEALTH_OK, NULL, "%" G_GUINT64_FORMAT,
                   (guint64) limit.rlim_cur);
  else
    qr_health_add (health, "open-files",
                   limit.rlim_cur < FILES_SHORT ? QR_HEALTH_FAULT : QR_HEALTH_NOTICE,
                   "ulimit -n 1024",
                   "%" G_GUINT64_FORMAT ", too few for many disks, and queues of network adapters",
                   (guint64) limit.rlim_cur);
}

static void
check_stack (GPtrArray *health)
{
  struct rlimit limit;
  guint64 room;

  (void) getrlimit (RLIMIT_STACK, &limit);
  room = CLAMP ((guint64) limit.rlim_cur / STACK_PART, EXEC_LEAST, EXEC_MOST);
  if (room >= EXEC_USUAL)
    qr_health_add (health, "stack", QR_HEALTH_OK, NULL,
                   "QEMU's line and environment may have %" G_GUINT64_FORMAT " KiB", room / KIB);
  else
    qr_health_add (health, "stack", room < EXEC_SHORT ? QR_HEALTH_FAULT : QR_HEALTH_NOTICE,
                   "ulimit -s 8192",
                   "QEMU's line and environment may have %" G_GUINT64_FORMAT
                   " KiB, too little for long lists of devices",
                   room / KIB);
}

void
qr_doctor_limits (GPtrArray *health)
{
  check_memory (health);
  check_files (health);
  check_stack (health);
}
