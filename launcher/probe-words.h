/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe-words.h: how a QEMU is started to be asked, and what of its object model is looked at.
 *
 * Knows the record of profiles/qemu/probe.json.
 */
#pragma once

#include "schema.h"

typedef struct
{
  const char *machine;        /* the option that names the machine */
  const char *empty;          /* the machine that has nothing */
  const char *const *bare;    /* words for a machine without what QEMU adds by default */
  const char *const *words;   /* of each line: a monitor on standard input and output, no running */
  const char *functions;      /* QOM type of PCI functions */
  const char *buses;          /* QOM type of PCI buses */
  const char *tree;           /* command of the monitor for people: all devices and buses */
  const char *plugged;        /* type of a device that any bus with hot-plug takes */
  const char *not_pluggable;  /* in what is said of a bus without */
  const char *const *modules; /* directories of modules, below the prefix of the binary */
  const char *modules_variable; /* of the environment: another */
  guint32 seconds;              /* that a QEMU has for all its answers */
} QrProbeWords;

extern const QrSchema qr_probe_words_schema;

/* Appends the words of a line that names @machine and nothing else; @bare: without what QEMU adds
 * by default. They are lent. */
void qr_probe_words_append (const QrProbeWords *probe, const char *machine, gboolean bare,
                            GPtrArray *words);
