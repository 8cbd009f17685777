/* SPDX-License-Identifier: GPL-2.0-or-later */
/* apparmor.h: whether rules of AppArmor let a program be executed.
 *
 * Knows the file rules of a profile, and of their paths the patterns. Passes over what else a
 * profile has: rules with variables, includes, and which block inside the profile a rule is for.
 *
 * Source: apparmor.d(5), "File Permission Access Modes" and "Globbing (AARE)".
 */
#pragma once

#include <glib.h>

/* @rules: lines; one that denies it wins. @path: without links, which AppArmor does not see */
gboolean qr_apparmor_may_execute (const char *rules, const char *path);
