/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pci-addr.h: a function's place on one PCI bus, as QEMU's "addr=" writes it, and
 * the way to it from the root complex, as plans write it.
 *
 * Knows the text forms and the ranges. Knows nothing of buses, devices or
 * command lines, and does no I/O.
 *
 * Text form: SLOT[.FUNCTION], both hexadecimal, "0x" optional: "1c.3", "0x2".
 * Source: QEMU hw/core/qdev-properties-system.c, set_pci_devfn(), which also
 *         takes a JSON number: that is devfn (slot * 8 + function), not a slot;
 *         PCI Express Base Specification, 2.2.4.2 (5-bit device, 3-bit function).
 *
 * Slot path: BUS:SLOT.FUNCTION[/SLOT.FUNCTION...], each bridge on the way and the
 * function last: "00:1c.0/00.0". BUS is 00, or the number of an expander's bus.
 */
#pragma once

#include <glib.h>

enum
{
  QR_PCI_SLOTS = 32,
  QR_PCI_FUNCTIONS = 8,
  QR_PCI_DEVFNS = 256,
};

typedef struct
{
  guint8 slot;     /* 0..31; the specification's "device number" */
  guint8 function; /* 0..7 */
} QrPciAddr;

/**
 * qr_pci_addr_parse:
 * @text: what the user wrote after "addr="
 * @out: (out): set only on success
 * @bad: (out): byte offset in @text of what is wrong, set only on failure
 * @error: status REQUEST, code "addr-syntax" or "addr-range", without a place
 */
gboolean qr_pci_addr_parse (const char *text, QrPciAddr *out, gsize *bad,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* slot * 8 + function, 0..255. */
static inline guint
qr_pci_addr_devfn (QrPciAddr addr)
{
  return (guint) addr.slot * QR_PCI_FUNCTIONS + addr.function;
}

/* @devfn: 0..255 */
static inline QrPciAddr
qr_pci_addr_from_devfn (guint devfn)
{
  QrPciAddr addr = { (guint8) (devfn / QR_PCI_FUNCTIONS), (guint8) (devfn % QR_PCI_FUNCTIONS) };

  return addr;
}

/* Room for "1f.7" and its NUL. */
enum
{
  QR_PCI_ADDR_TEXT = 5,
};

/* Writes "1c.3": two hexadecimal digits, a dot, one digit. Returns @text. */
const char *qr_pci_addr_format (QrPciAddr addr, char text[QR_PCI_ADDR_TEXT]);

/* Whether @path is a slot path as plans write it: numbers with all their digits, in lower
 * case, and no more elements than there can be buses. */
gboolean qr_pci_path_is_good (const char *path);
