/* SPDX-License-Identifier: GPL-2.0-or-later */
/* landlock.h: holds this process to the files and ports that it is told, for good.
 *
 * Knows landlock(7): its versions and rights. Knows nothing of what is opened or why.
 *
 * What a rule does not name cannot be opened, made, renamed or removed any more. What is open
 * stays so; a UNIX socket can be connected to by its path, UDP is not held, and stat(2), chmod(2)
 * and the like are not.
 *
 * Sources: Linux Documentation/userspace-api/landlock.rst; linux/landlock.h, versions 1 to 7.
 */
#pragma once

#include <glib.h>

typedef enum
{
  QR_LANDLOCK_OFF,
  QR_LANDLOCK_BEST_EFFORT, /* as far as the kernel can */
  QR_LANDLOCK_REQUIRE,
} QrLandlockMode;

/* Their names, ended by NULL. */
extern const char *const qr_landlock_modes[];

typedef enum
{
  QR_LANDLOCK_READ = 1 << 0,   /* read files and list directories */
  QR_LANDLOCK_WRITE = 1 << 1,  /* write and cut files that are there */
  QR_LANDLOCK_MAKE = 1 << 2,   /* make and remove files in a directory */
  QR_LANDLOCK_SOCKET = 1 << 3, /* a UNIX socket; one that is there is removed before */
  QR_LANDLOCK_DEVICE = 1 << 4, /* ioctl(2) of devices */
  QR_LANDLOCK_TREE = 1 << 5,   /* make, link, move and remove all but devices */
  QR_LANDLOCK_NEW = 1 << 6,    /* the file itself, made if it is not there */
  QR_LANDLOCK_IMAGE = 1 << 7,  /* a file or block device, nothing else */
} QrLandlockRight;

/* A file, or all that is below a directory. */
typedef struct
{
  const char *path; /* that is not there: passed over, unless it is named */
  guint32 rights;   /* bits of QrLandlockRight */
  guint argument;   /* for whom it is; 0: for each line */
  gboolean named;   /* somebody wants just that one opened: it must be there */
} QrLandlockPath;

typedef struct
{
  guint16 port; /* TCP */
  guint argument;
} QrLandlockPort;

typedef struct
{
  GArray *paths;        /* QrLandlockPath */
  GArray *ports;        /* QrLandlockPort, that may be listened at */
  gboolean any_port;    /* may be listened at */
  gboolean any_service; /* may be connected to: TCP ports and abstract UNIX sockets */
} QrLandlock;

/* Names of the rights in their order. */
extern const char *const qr_landlock_rights[];

/* The version that the kernel has; 0: none. */
int qr_landlock_version (void);

/* From this one on all is held that is said above. */
#define QR_LANDLOCK_WHOLE 6

/**
 * qr_landlock_enter:
 * @error: status UNAVAILABLE, code "landlock-unavailable"; code "landlock-path": IO or PERMISSION
 *   for a file that cannot be made, NO_INPUT or PERMISSION for a named one that cannot be opened
 *
 * Needs no_new_privs or CAP_SYS_ADMIN, and must come before a filter that refuses landlock(7)'s
 * calls. An older kernel holds what it can.
 */
gboolean qr_landlock_enter (const QrLandlock *landlock, GError **error) G_GNUC_WARN_UNUSED_RESULT;
