/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "autofd.h"
#include "diag.h"

/* Of linux/landlock.h, which on older machines ends at version 2; the numbers are the kernel's
 * ABI. */
enum
{
  FS_WRITE_FILE = 1 << 1,
  FS_READ_FILE = 1 << 2,
  FS_READ_DIR = 1 << 3,
  FS_REMOVE_DIR = 1 << 4,
  FS_REMOVE_FILE = 1 << 5,
  FS_MAKE_CHAR = 1 << 6,
  FS_MAKE_DIR = 1 << 7,
  FS_MAKE_REG = 1 << 8,
  FS_MAKE_SOCK = 1 << 9,
  FS_MAKE_FIFO = 1 << 10,
  FS_MAKE_BLOCK = 1 << 11,
  FS_MAKE_SYM = 1 << 12,
  FS_REFER = 1 << 13,           /* version 2 */
  FS_TRUNCATE = 1 << 14,        /* 3 */
  FS_IOCTL_DEV = 1 << 15,       /* 5 */
  FS_FIRST = (1 << 13) - 1 - 1, /* all of version 1 but the execution of files, see exec-gate.h */
  NET_BIND_TCP = 1 << 0,        /* 4 */
  NET_CONNECT_TCP = 1 << 1,
  SCOPE_ABSTRACT_UNIX_SOCKET = 1 << 0, /* 6 */
  SCOPE_SIGNAL = 1 << 1,
  RULE_PATH_BENEATH = 1,
  RULE_NET_PORT = 2,
  CREATE_RULESET_VERSION = 1 << 0,
  RESTRICT_SELF_LOG_NEW_EXEC_ON = 1 << 1, /* 7 */
};

struct attributes
{
  guint64 fs, net, scoped;
};

struct beneath
{
  guint64 allowed;
  gint32 parent;
} __attribute__ ((packed));

struct port
{
  guint64 allowed, number;
};

/* What a file can have; the rest is for directories. */
static const guint64 file_rights = FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV;

static const guint64 rights[] = {
  FS_READ_FILE | FS_READ_DIR,
  FS_WRITE_FILE | FS_TRUNCATE,
  FS_MAKE_REG | FS_REMOVE_FILE,
  FS_MAKE_SOCK,
  FS_IOCTL_DEV,
  FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_DIR | FS_MAKE_REG | FS_MAKE_SOCK | FS_MAKE_FIFO
      | FS_MAKE_SYM | FS_REFER,
  0,
  0,
};

const char *const qr_landlock_rights[]
    = { "read", "write", "make", "socket", "device", "tree", "new", "image", NULL };

const char *const qr_landlock_modes[] = { "off", "best-effort", "require", NULL };

int
qr_landlock_version (void)
{
  long version = syscall (SYS_landlock_create_ruleset, NULL, (gsize) 0, CREATE_RULESET_VERSION);

  return version < 0 ? 0 : (int) version;
}

static gboolean
unavailable (int code, GError **error)
{
  qr_error_set (error, QR_STATUS_UNAVAILABLE, "landlock-unavailable", NULL,
                "Landlock needs Linux 5.13 with CONFIG_SECURITY_LANDLOCK, started with landlock in "
                "lsm=",
                "files cannot be held by Landlock: %s", g_strerror (code));
  return FALSE;
}

static guint64
asked (const QrLandlockPath *path)
{
  guint64 out = 0;

  for (guint i = 0; i < G_N_ELEMENTS (rights); i++)
    if ((path->rights & 1u << i) != 0)
      out |= rights[i];
  return out;
}

/* @code: an errno; @otherwise: the status where that is not about rights. */
static QrStatus
status_of (int code, QrStatus otherwise)
{
  return code == EACCES || code == EPERM ? QR_STATUS_PERMISSION : otherwise;
}

/* Makes the file as QEMU would, which it could not do any more. */
static gboolean
make_file (const QrLandlockPath *path, GError **error)
{
  qr_autofd fd = open (path->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0644);
  g_autofree char *place = NULL;
  int code = errno;

  if (fd >= 0 || code == EEXIST || code == EISDIR)
    return TRUE;
  place = path->argument == 0 ? NULL : g_strdup_printf (" (argument %u)", path->argument);
  qr_error_set (error, status_of (code, QR_STATUS_IO), "landlock-path", NULL,
                "name a file in a directory that is there and that QEMU's user may write to",
                "cannot make \"%s\"%s: %s", path->path, place == NULL ? "" : place,
                g_strerror (code));
  return FALSE;
}

static gboolean
not_there (const char *path, int code, GError **error)
{
  qr_error_set (error, status_of (code, QR_STATUS_NO_INPUT), "landlock-path", NULL,
                "make it before, or leave its allow-path out",
                "\"%s\", which QEMU is to be allowed, cannot be opened: %s", path,
                g_strerror (code));
  return FALSE;
}

/* A socket that is left over is removed as QEMU would; the directory is where it is made. */
static int
open_for_socket (const char *path)
{
  g_autofree char *parent = g_path_get_dirname (path);
  struct stat info;

  if (lstat (path, &info) == 0 && S_ISSOCK (info.st_mode))
    (void) unlink (path);
  return open (parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static gboolean
is_fit (const QrLandlockPath *path, const struct stat *info)
{
  return (path->rights & QR_LANDLOCK_IMAGE) == 0 || S_ISREG (info->st_mode)
         || S_ISBLK (info->st_mode);
}

/* Pipes and the like have no path that could be held, and EBADFD says so. */
static gboolean
add_path (int ruleset, guint64 handled, const QrLandlockPath *path, GError **error)
{
  struct beneath rule = { asked (path) & handled, -1 };
  struct stat info;

  if ((path->rights & QR_LANDLOCK_NEW) != 0 && !make_file (path, error))
    return FALSE;
  qr_autofd fd = (path->rights & QR_LANDLOCK_SOCKET) != 0 ? open_for_socket (path->path)
                                                          : open (path->path, O_PATH | O_CLOEXEC);
  if (fd < 0 && path->named)
    return not_there (path->path, errno, error);
  if (fd < 0 || fstat (fd, &info) != 0 || !is_fit (path, &info))
    return TRUE; /* QEMU will not find it, either, or can do nothing with it */
  if (!S_ISDIR (info.st_mode))
    rule.allowed &= file_rights;
  rule.parent = fd;
  if (rule.allowed == 0
      || syscall (SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0) == 0
      || errno == EBADFD)
    return TRUE;
  return unavailable (errno, error);
}

static gboolean
add_port (int ruleset, const QrLandlockPort *port, GError **error)
{
  const struct port rule = { NET_BIND_TCP, port->port };

  return syscall (SYS_landlock_add_rule, ruleset, RULE_NET_PORT, &rule, 0) == 0
         || unavailable (errno, error);
}

/* What the kernel's version can hold of what is asked for; @size: of the structure it knows. */
static void
choose (const QrLandlock *landlock, int version, struct attributes *out, gsize *size)
{
  *out = (struct attributes){ .fs = FS_FIRST };
  *size = sizeof out->fs;
  if (version >= 2)
    out->fs |= FS_REFER;
  if (version >= 3)
    out->fs |= FS_TRUNCATE;
  if (version >= 5)
    out->fs |= FS_IOCTL_DEV;
  if (version >= 4)
    {
      *size = G_STRUCT_OFFSET (struct attributes, scoped);
      out->net
          = (landlock->any_port ? 0 : NET_BIND_TCP) | (landlock->any_service ? 0 : NET_CONNECT_TCP);
    }
  if (version >= 6)
    {
      *size = sizeof *out;
      out->scoped = SCOPE_SIGNAL | (landlock->any_service ? 0 : SCOPE_ABSTRACT_UNIX_SOCKET);
    }
}

gboolean
qr_landlock_enter (const QrLandlock *landlock, GError **error)
{
  const int version = qr_landlock_version ();
  const unsigned flags = version >= 7 ? RESTRICT_SELF_LOG_NEW_EXEC_ON : 0;
  struct attributes attributes;
  gsize size;

  if (version == 0)
    return unavailable (errno, error);
  choose (landlock, version, &attributes, &size);
  qr_autofd ruleset = (int) syscall (SYS_landlock_create_ruleset, &attributes, size, 0);
  if (ruleset < 0)
    return unavailable (errno, error);
  for (guint i = 0; i < landlock->paths->len; i++)
    if (!add_path (ruleset, attributes.fs, &g_array_index (landlock->paths, QrLandlockPath, i),
                   error))
      return FALSE;
  for (guint i = 0; i < landlock->ports->len && (attributes.net & NET_BIND_TCP) != 0; i++)
    if (!add_port (ruleset, &g_array_index (landlock->ports, QrLandlockPort, i), error))
      return FALSE;
  return syscall (SYS_landlock_restrict_self, ruleset, flags) == 0 || unavailable (errno, error);
}
