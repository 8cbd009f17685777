/* SPDX-License-Identifier: GPL-2.0-or-later */
/* random-line.h: device lists as nobody would write them, the same for the same seed. */
#pragma once

#include <glib.h>

/* Arguments of QEMU from -nodefaults on, each device startable without anything of the host.
 * (transfer full) */
extern GPtrArray *random_line (GRand *random);

/* A further -device and its argument, put somewhere into @line. */
extern void random_line_grow (GRand *random, GPtrArray *line);
