/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "budget-rules.h"

#include "size.h"

enum
{
  SHOWN = 4, /* holders that a message names */
};

/* "a 3, b 1 and 12 more"; @name gives the text of one. */
static char *
join_holders (guint n, char *(*name) (const QrBudget *budget, guint i), const QrBudget *budget)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < MIN (n, SHOWN); i++)
    {
      g_autofree char *text = name (budget, i);

      g_string_append_printf (out, "%s%s", i == 0 ? "" : ", ", text);
    }
  if (n > SHOWN)
    g_string_append_printf (out, " and %u more", n - SHOWN);
  return g_string_free (out, FALSE);
}

static char *
io_holder (const QrBudget *budget, guint i)
{
  const QrIoHolder *holder = &budget->io.holders[i];

  return g_strdup_printf ("%s %u", holder->device->key, holder->windows);
}

char *
qr_io_holders_format (const QrBudget *budget)
{
  return join_holders (budget->io.n_holders, io_holder, budget);
}

gboolean
qr_rule_io_windows (const QrTopology *topology, const QrBudget *budget, QrFinding *finding)
{
  const QrIoBudget *io = &budget->io;
  g_autofree char *who = NULL;

  if (io->used <= io->limit)
    return FALSE;
  for (guint i = 0; i < io->n_holders; i++)
    finding->ours |= io->holders[i].device->origin == QR_ORIGIN_ADDED;
  who = qr_io_holders_format (budget);
  return qr_rule_found (
      finding, NULL, "%u windows of I/O space are needed, and %s starts with no more than %u: %s",
      io->used, io->bios ? "a BIOS" : "UEFI firmware", io->limit, who);
}

static char *
hole64_holder (const QrBudget *budget, guint i)
{
  const QrHole64Holder *holder = &budget->hole64.holders[i];
  g_autofree char *size = holder->known ? qr_size_format (holder->bytes) : g_strdup ("unknown");

  return g_strdup_printf ("%s %s", holder->device->key, size);
}

/* What makes the hole wide enough. (transfer full) */
static char *
hole64_hint (const QrMachineHole *machine, const QrHole64 *hole)
{
  guint64 wide = hole->limit;

  while (wide < hole->used)
    wide *= 2;
  return g_strdup_printf ("widen it: -global %s.%s=%" G_GUINT64_FORMAT "M", machine->driver,
                          machine->property, wide >> 20);
}

gboolean
qr_rule_memory64 (const QrTopology *topology, const QrBudget *budget, QrFinding *finding)
{
  const QrHole64 *hole = &budget->hole64;
  g_autofree char *who = NULL, *used = NULL, *limit = NULL;

  if (hole->limit == 0 || hole->used <= hole->limit)
    return FALSE;
  who = join_holders (hole->n_holders, hole64_holder, budget);
  used = qr_size_format (hole->used);
  limit = qr_size_format (hole->limit);
  finding->hint = hole64_hint (topology->machine->hole, hole);
  return qr_rule_found (finding, NULL,
                        "large BARs take %s, and the machine keeps %s for them: firmware may leave "
                        "some out, and what is plugged in later finds no room: %s",
                        used, limit, who);
}
