/* SPDX-License-Identifier: GPL-2.0-or-later */
/* absorb.h: what configuration files and -set say, as options of the line.
 *
 * A group of a file becomes the option that is the same, where the file is named; what
 * -set adds goes to the end of the option that it names.
 *
 * Source: QEMU system/vl.c, qemu_init(), qemu_read_default_config_file(), qemu_parse_config_group()
 *         and qemu_set_option(); util/qemu-config.c.
 */
#pragma once

#include "cmdline.h"

/**
 * qr_absorb:
 * @line: lent
 * @user_config: (nullable): the file that QEMU reads before the line, if it is there
 * @pool: owns what comes out
 * @error: status CONFIG at the place in a file, code "config-syntax"; those of
 *   qr_file_read(), placed where the file is named; status REQUEST, code "no-such-id"
 *
 * A group without such an option becomes an item of the option that names the file.
 *
 * Returns: (transfer none): @line, if there is nothing to do; or NULL
 */
const QrCmdline *qr_absorb (const QrCmdline *line, const char *user_config,
                            const QrProfiles *profiles, QrPool *pool,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
