/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pci-class.h: class codes of PCI functions: base class, subclass, programming interface.
 *
 * Source: PCI Code and ID Assignment Specification 1.11. Knows nothing of QEMU's types.
 */
#pragma once

#include <glib.h>

#define QR_CLASS_UNKNOWN 0xffffffffu

/* Base classes, which are the roles of functions as well. */
enum
{
  QR_CLASS_BASE_NETWORK = 0x02,
  QR_CLASS_BASE_DISPLAY = 0x03,
};

/* A word for each base class, ended by NULL; 0, "other", also stands for those without one. */
extern const char *const qr_class_roles[];

/* Index in qr_class_roles; @code may be QR_CLASS_UNKNOWN. */
guint qr_class_role (guint32 code);

/* Whether @text is the beginning of a class code: two, four or six hexadecimal digits. */
gboolean qr_class_is_prefix (const char *text);

/* Whether @code begins with @prefix, which is such a beginning; an unknown one does not. */
gboolean qr_class_begins (guint32 code, const char *prefix);
