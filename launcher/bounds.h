/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bounds.h: every hard limit on what qriser reads, in one place.
 *
 * Each is tested at the limit and one past it.
 */
#pragma once

enum
{
  QR_LIMIT_ARGUMENTS = 65536,       /* words of a command line */
  QR_LIMIT_ARGUMENT_BYTES = 131071, /* one word; Linux MAX_ARG_STRLEN less the NUL */
  QR_LIMIT_FUNCTIONS = 65536,       /* PCI functions of one plan */
  QR_LIMIT_FILE_BYTES = 16 * 1024 * 1024,
  QR_LIMIT_JSON_DEPTH = 64,
  QR_LIMIT_PCI_BUSES = 256,     /* bus numbers have 8 bits */
  QR_LIMIT_DEPTH = 49,          /* functions on a way; QEMU: "Path too long for VMState" */
  QR_LIMIT_LOCK_PLACES = 65536, /* of one lock file, those of removed devices among them */
};
