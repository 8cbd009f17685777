/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opened.h: the files and ports that QEMU opens for an option, as data.
 *
 * Knows the records of profiles/qemu/opened.json. Opens nothing.
 */
#pragma once

#include "confinement.h"
#include "qemu-option.h"

/* What becomes of what a record names; in the file by these names in this order. */
typedef enum
{
  QR_OPENED_READ,       /* a file, or all of a directory */
  QR_OPENED_WRITE,      /* a file that is there */
  QR_OPENED_CREATE,     /* a file, made where it is not there; files in a directory */
  QR_OPENED_SOCKET,     /* a UNIX socket, made */
  QR_OPENED_DEVICE,     /* a device, or all of a directory of them */
  QR_OPENED_SHARE,      /* all of a directory, with all that can be made there */
  QR_OPENED_TEMPORARY,  /* files in the directory for those; names no path */
  QR_OPENED_IMAGE,      /* a disk image and what it leads to */
  QR_OPENED_IMAGE_READ, /* the same, read only */
  QR_OPENED_LISTEN,     /* a TCP port: a number, or behind the last colon */
  QR_OPENED_DISPLAY,    /* the same for a number that counts from 5900 */
  QR_OPENED_FORWARD,    /* a rule of slirp's: "tcp:ADDRESS:PORT-..." */
  QR_OPENED_ANY_PORT,   /* one of several TCP ports; which, is not said */
  QR_OPENED_UNKNOWN,    /* files that no key names */
} QrOpenedAccess;

/* Where nothing else is said the whole argument is the path. */
typedef struct
{
  const char *option; /* its name; "": a disk image without one; NULL: each line */
  guint32 needs;      /* bits of QrNeed: a line that has one of them; 0: any */
  const QrCondition *when;
  guint32 n_when;             /* all must hold */
  const char *key;            /* whose value is the path */
  gboolean deep;              /* see QrCondition */
  const char *const *after;   /* only where it begins with one of these; the path stands behind */
  const char *above;          /* only where the dotted key begins with this */
  gboolean cut;               /* the path ends at the first comma */
  const char *between;        /* separates several paths: one character */
  const char *const *paths;   /* these, whatever the argument; relative ones to QEMU's directory */
  const char *const *endings; /* one path for each of these behind it */
  guint32 access;             /* QrOpenedAccess */
  const char *const *formats; /* of an image: keys that say its format */
  const char *const *fixed;   /* the same: keys that say it is only read */
  const char *const *temporary; /* the same: keys that say what is written goes elsewhere */
  const char *what;             /* of unknown files: the verb phrase for people */
} QrOpened;

extern const QrSchema qr_opened_schema;

enum
{
  QR_OPENED_NAME = 64, /* bytes that a name takes */
};

/**
 * qr_opened_name:
 * @option: as in QrOpened
 * @name: QR_OPENED_NAME bytes; a longer name is cut
 *
 * Returns: @name, which the record of @option with number @index has
 */
const char *qr_opened_name (const char *option, guint32 index, char *name);
