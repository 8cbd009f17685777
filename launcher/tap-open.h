/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tap-open.h: opens tap devices for QEMU while there are rights to do it with.
 *
 * Knows the kernel's tap, QEMU's bridge helper and scripts that set a tap up. Knows nothing of
 * command lines.
 *
 * Source: QEMU net/tap.c, net_bridge_run_helper(), launch_script(), net_init_tap() and
 *         net_init_tap_one(); net/tap-linux.c, tap_open().
 */
#pragma once

#include "diag.h"

#define QR_TAP_DEVICE "/dev/net/tun"
#define QR_VHOST_DEVICE "/dev/vhost-net"

/* Headers for checksums and segments with each packet. */
typedef enum
{
  QR_TAP_HEADER_IF_THERE,
  QR_TAP_HEADER_ON,
  QR_TAP_HEADER_OFF,
} QrTapHeader;

typedef struct
{
  const char *helper;    /* the program that opens it; NULL: it is opened by name */
  const char *bridge;    /* for the helper */
  const char *interface; /* for a name; NULL: the kernel finds one */
  const char *script;    /* run with the name when the first queue is open; or NULL */
  QrTapHeader header;    /* for a name */
  guint n;               /* queues, one with a helper */
  const int *fds;        /* a number for each queue, which must be free */
  const int *vhost_fds;  /* the same for its part of vhost-net; NULL: it has none */
  const char *vhost;     /* the device of that */
  guint argument;
  QrPlace place, script_place; /* what asks for it, and for the script */
} QrTap;

/**
 * qr_taps_open:
 * @error: status UNAVAILABLE, at a place of the tap's; code "tap-unavailable", "helper-failed" or
 *   "script-failed"
 *
 * Gives each its numbers, for the program that this process becomes. A helper and a script have
 * standard input, output and error, signals as they are by default, and nothing else of this
 * process; no shell reads what the line says. On failure all are closed again.
 */
gboolean qr_taps_open (const QrTap *taps, gsize n, GError **error) G_GNUC_WARN_UNUSED_RESULT;
