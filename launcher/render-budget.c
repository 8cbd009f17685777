/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "render-budget.h"

#include <string.h>

#include "bounds.h"
#include "budget-rules.h"
#include "size.h"

static void
append_io (const QrBudget *budget, GString *out)
{
  const QrIoBudget *io = &budget->io;
  g_autofree char *who = qr_io_holders_format (budget);

  g_string_append_printf (out, ", I/O windows %u", io->used);
  if (io->limit != G_MAXUINT)
    g_string_append_printf (out, " of %u", io->limit);
  if (io->n_holders == 0)
    return;
  g_string_append (out, " (");
  qr_append_printable (out, who, strlen (who));
  g_string_append_c (out, ')');
}

static void
append_hole64 (const QrBudget *budget, GString *out)
{
  const QrHole64 *hole = &budget->hole64;
  g_autofree char *who = qr_hole64_holders_format (budget);
  g_autofree char *used = hole->known ? qr_size_format (hole->used) : g_strdup ("unknown"),
                  *limit = hole->limit > 0 ? qr_size_format (hole->limit) : g_strdup ("unknown");

  if (hole->n_holders == 0)
    return;
  g_string_append_printf (out, ", 64-bit memory %s of %s (", used, limit);
  qr_append_printable (out, who, strlen (who));
  g_string_append_c (out, ')');
}

static void
append_start (const QrPlan *plan, GString *out)
{
  if (plan->topology->machine->empty_port_ms > 0)
    g_string_append_printf (out, ", about %u ms of start", plan->topology->machine->empty_port_ms);
}

/* Whether @b is the next place after that of @a. */
static gboolean
follows (const QrDevice *a, const QrDevice *b)
{
  if (a->bus != b->bus)
    return FALSE;
  return a->addr.slot == b->addr.slot ? b->addr.function == a->addr.function + 1
                                      : b->addr.slot == a->addr.slot + 1 && b->addr.function == 0;
}

/* Those from @i on that follow one another, as "a to d"; @i becomes the last of them. */
static void
append_run (const QrBudget *budget, guint *i, GString *out)
{
  guint first = *i;

  while (*i + 1 < budget->n_spare && follows (budget->spare[*i], budget->spare[*i + 1]))
    ++*i;
  g_string_append_printf (out, "%s%s", first == 0 ? "" : ", ", budget->spare[first]->id);
  if (*i > first)
    g_string_append_printf (out, "%s%s", *i > first + 1 ? " to " : ", ", budget->spare[*i]->id);
}

/* Whether all that is behind @device, a port or bridge of ours, are empty ports. */
static gboolean
is_for_spare (const QrDevice *device)
{
  gboolean any = FALSE;

  if (device->origin != QR_ORIGIN_ADDED || device->buses == NULL)
    return FALSE;
  for (guint devfn = 0; devfn < device->buses->n_devfns; devfn++)
    {
      const QrDevice *behind = device->buses->occupants[devfn];

      if (behind == NULL)
        continue;
      if (!qr_carrier_is_spare (behind) && !is_for_spare (behind))
        return FALSE;
      any = TRUE;
    }
  return any;
}

static void
append_spare (const QrPlan *plan, GString *out)
{
  const QrBudget *budget = &plan->budget;
  guint above = 0;

  if (budget->n_spare == 0)
    return;
  g_string_append_printf (out, ", spare port%s ", budget->n_spare == 1 ? "" : "s");
  for (guint i = 0; i < budget->n_spare; i++)
    append_run (budget, &i, out);
  g_string_append (out, budget->n_spare == 1 ? " (a bus" : " (each a bus");
  append_start (plan, out);
  for (guint i = 0; i < plan->topology->added->len; i++)
    above += is_for_spare (plan->topology->added->pdata[i]);
  if (above > 0)
    g_string_append_printf (out, "; %u more for what they are behind", above);
  g_string_append_c (out, ')');
}

static void
append_buses (const QrBusBudget *buses, GString *out)
{
  g_string_append_printf (out, "buses %u of %u, %u left (", buses->used, buses->limit,
                          buses->limit - MIN (buses->used, buses->limit));
  qr_budget_append_uses (buses, out);
  if (buses->reserved > 0)
    g_string_append_printf (out, ", %u reserved", buses->reserved);
  g_string_append_c (out, ')');
}

void
qr_render_budget (const QrPlan *plan, GString *out)
{
  const QrBudget *budget = &plan->budget;

  append_buses (&budget->buses, out);
  append_io (budget, out);
  g_string_append_printf (out, ", depth %u of %d", budget->depth, QR_LIMIT_DEPTH);
  append_hole64 (budget, out);
  append_spare (plan, out);
  g_string_append_c (out, '\n');
}

void
qr_render_cost (const QrPlan *plan, const QrDevice *device, GString *out)
{
  guint windows = qr_io_windows (device, plan->request->own_firmware ? QR_IO_YIELDS : QR_IO_KEEPS);

  if (qr_device_secondary (device) == NULL)
    return;
  g_string_append_printf (out, "  cost:   a bus, %u I/O window%s", windows,
                          windows == 1 ? "" : "s");
  if (qr_carrier_is_spare (device))
    append_start (plan, out);
  g_string_append_c (out, '\n');
}
