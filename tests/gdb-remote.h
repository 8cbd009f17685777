/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gdb-remote.h: monitor commands in packets of GDB's remote protocol.
 *
 * QEMU's gdb stub has a human monitor of its own ("monitor info qtree" in GDB).  It is the one
 * that can be asked for without taking QEMU's default monitor away, as -monitor, -qmp and -mon do.
 *
 * Facts: GDB manual, appendix "GDB Remote Serial Protocol", qRcmd; QEMU's gdbstub
 * (gdb_monitor_write sends the output in O packets, then comes OK).
 */
#pragma once

#include <glib.h>

typedef enum
{
  GDB_MORE, /* the answer has not come in whole */
  GDB_DONE,
  GDB_BAD /* not what a stub answers */
} GdbAnswer;

/* Adds the packet for COMMAND to OUTPUT. */
extern void gdb_put_command (GString *output, const char *command);

/* Takes the packets in INPUT: what the monitor printed is added to TEXT, what must be sent back
   to ACKNOWLEDGE. */
extern GdbAnswer gdb_take_answer (GString *input, GString *text, GString *acknowledge);
