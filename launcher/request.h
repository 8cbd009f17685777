/* SPDX-License-Identifier: GPL-2.0-or-later */
/* request.h: what a QEMU command line asks for: its words made explicit, and the
 * devices among them in the order QEMU creates them.
 *
 * Holds what desugar.h fills. Knows no option.
 */
#pragma once

#include "cmdline.h"

/* When QEMU creates a device; within a turn in the order of their making here. */
typedef enum
{
  QR_TURN_BOARD, /* the board, before any -device */
  QR_TURN_TEXT,  /* -device in the comma form */
  QR_TURN_LATE,  /* after those: devices of drives */
  QR_TURN_JSON,
} QrTurn;

/* Where on the emitted line a word stands. */
typedef enum
{
  QR_ZONE_HEAD,  /* before all others */
  QR_ZONE_BOARD, /* before the first device of the user's */
  QR_ZONE_BODY,  /* where the user wrote it */
  QR_ZONE_TAIL,  /* behind all others */
  QR_N_ZONES,
} QrZone;

/* An option of the emitted line with its argument; or a disk image. */
typedef struct
{
  const QrOption *option; /* NULL: a disk image */
  const char *word;
  const char *value;  /* NULL: none */
  gboolean is_device; /* its argument gets a place */
  guint number;       /* unique in the request, from 0 */
} QrLine;

typedef struct
{
  const QrLine *line;
  const QrOptList *opts;
  QrTurn turn;
  const char *bus; /* one that was found free for it where the line names none; or NULL */
} QrDeviceRequest;

/* A drive on the board's own controller. */
typedef struct
{
  guint64 bus, unit;
} QrBoardDrive;

typedef struct
{
  QrPool *pool;
  gboolean informs;         /* QEMU would only print, or has no machine: nothing to plan */
  const QrMachine *machine; /* NULL: none that can be planned */
  const char *machine_type; /* as written, or the face's default; NULL: QEMU's default */
  gboolean names_machine;   /* the line has it */
  gboolean busless;         /* it has no PCI bus as the line has it */
  const char *version;      /* of QEMU; NULL: not known */
  QrPlace machine_place;
  GPtrArray *machine_opts;      /* QrOptList of each -machine, in order */
  GPtrArray *zones[QR_N_ZONES]; /* QrLine */
  guint n_lines;
  guint inserted;  /* where in the body the last line was that qr_request_insert_device() made */
  GArray *devices; /* QrDeviceRequest, in the order QEMU creates them */
  GArray *board_drives; /* QrBoardDrive */
  GPtrArray *rooted;    /* ids of devices that other options want on the root bus */
  gboolean nodefaults;
  gboolean own_firmware;             /* the line brings it: not what QEMU has by itself */
  gboolean default_audio;            /* a sound card takes what QEMU finds */
  gboolean leaves_defaults;          /* -nodefaults is not written: for that, or because no default
                                        makes a device that has to be placed */
  const QrItem *undecided;           /* the first drive whose interface is another one on another
                                        QEMU, where it is not known which; or NULL */
  const QrItem *slotted;             /* the first adapter of the board with an address, or NULL */
  const QrItem *incoming;            /* the option that brings a saved state, or NULL */
  guint32 needs;                     /* bits of QrNeed */
  guint32 spares;                    /* the same: what the line says it does without */
  const QrItem *monitor;             /* the first item that gives somebody a monitor, or NULL */
  gboolean quiet;                    /* QEMU makes no monitor by itself */
  guint32 forbidden;                 /* the same: what QEMU is told not to do */
  guint32 closed;                    /* the same: nor when it runs */
  const QrItem *forbids[QR_N_NEEDS]; /* the first item that says so */
  gboolean odd_confinement;          /* in words that QEMU refuses */
  const QrItem *frees;               /* the item that asks for no confinement, or NULL */
  const QrItem *needy[QR_N_NEEDS];   /* the first item with that need; NULL: a default */
  const char *hints[QR_N_NEEDS];     /* what to do about it, or NULL */
} QrRequest;

QrRequest *qr_request_new (QrPool *pool) G_GNUC_WARN_UNUSED_RESULT;
void qr_request_free (QrRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QrRequest, qr_request_free)

/* A line in @zone; the strings must live as long as the request.
 * @word: the option as written; NULL: its name behind a dash */
QrLine *qr_request_add_line (QrRequest *request, QrZone zone, const QrOption *option,
                             const char *word, const char *value);

/* A line that makes a device. */
void qr_request_add_device (QrRequest *request, QrZone zone, QrTurn turn, const QrOption *option,
                            const char *word, const QrOptList *opts);

/* A line of @option that makes the device @text, which QEMU would make for @item. */
void qr_request_add_made_device (QrRequest *request, QrZone zone, QrTurn turn,
                                 const QrOption *option, const QrItem *item, const char *text);

/* A line of @option that makes the device @text, which the device with the index @before in the
 * order of creation needs; before that. */
void qr_request_insert_device (QrRequest *request, guint before, const QrOption *option,
                               const char *text);

/* Puts the line with @number before the one with the number @before, or behind all others. */
void qr_request_move_line (QrRequest *request, guint number, const guint *before);

/* Notes what the line needs of its confinement; the first of a kind is kept. */
void qr_request_add_needs (QrRequest *request, guint32 needs, const QrItem *item, const char *hint);

/* Puts the devices into the order in which QEMU creates them. */
void qr_request_sort_devices (QrRequest *request);

/* The machine property @name ("_" equals "-"), the last one given; or NULL. */
const QrOpt *qr_request_machine_property (const QrRequest *request, const char *name,
                                          const QrOptList **list);

/**
 * qr_request_meets:
 * @out: whether the line's machine properties are as the @n conditions have them
 * @error: status REQUEST, code "option-syntax": one of them is neither on nor off
 */
gboolean qr_request_meets (const QrRequest *request, const QrMachineCondition *conditions,
                           guint32 n, gboolean *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
