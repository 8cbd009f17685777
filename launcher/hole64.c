/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "hole64.h"

#include <string.h>

#include "forms.h"
#include "size.h"

#define MIB G_GUINT64_CONSTANT (0x100000)

static const guint64 least = 16 * MIB;                       /* of a BAR that counts */
static const guint64 most = G_GUINT64_CONSTANT (1) << 52;    /* no processor has more addresses */
static const guint64 endless = G_GUINT64_CONSTANT (1) << 60; /* where sums end */

/* A BAR, or a window. */
typedef struct
{
  guint64 size, align;
} Block;

typedef struct
{
  const QrCmdline *cmdline;
  QrPool *pool;
  GArray *holders; /* QrHole64Holder */
} Measure;

/* The bytes of the memory backend @id. */
static gboolean
backend_size (const Measure *measure, const char *id, guint64 *bytes)
{
  for (gsize i = 0; i < measure->cmdline->n; i++)
    {
      const QrItem *item = &measure->cmdline->items[i];
      const QrOptList *opts = item->option == NULL || item->option->verb != QR_VERB_OBJECT
                                  ? NULL
                                  : qr_item_opts (item, measure->pool, NULL);
      const char *size;

      if (opts == NULL || g_strcmp0 (qr_optlist_get (opts, "id"), id) != 0)
        continue;
      size = qr_optlist_get (opts, "size");
      return size != NULL && qr_size_parse (size, bytes);
    }
  return FALSE;
}

/* The bytes of a BAR of @device's; 0 when the line does not ask for it. */
static gboolean
bar_size (const Measure *measure, const QrDevice *device, const QrMemory64 *bar, guint64 *bytes)
{
  const char *value
      = qr_optlist_get (device->opts, bar->property != NULL ? bar->property : bar->backend);

  *bytes = 0;
  if (value == NULL)
    return TRUE;
  if (bar->property == NULL)
    return backend_size (measure, value, bytes);
  if (!qr_size_parse (value, bytes))
    return FALSE;
  *bytes = *bytes > most / bar->unit ? most : *bytes * bar->unit;
  return TRUE;
}

static void
add_bar (guint64 bytes, QrHole64Holder *holder, GArray *blocks)
{
  Block block = { 1, 1 };

  if (bytes < least)
    return;
  while (block.size < MIN (bytes, most))
    block.size *= 2;
  block.align = block.size;
  holder->bytes += block.size;
  g_array_append_val (blocks, block);
}

static void
add_bars (const Measure *measure, const QrDevice *device, GArray *blocks)
{
  QrHole64Holder holder = { device, TRUE, 0 };

  if (device->host != NULL)
    {
      holder.known = device->host->sized;
      for (guint i = 0; i < QR_SYSFS_BARS; i++)
        add_bar (device->host->memory64[i], &holder, blocks);
    }
  for (guint32 i = 0; device->opts != NULL && i < device->type->n_memory64; i++)
    {
      guint64 bytes;

      if (bar_size (measure, device, &device->type->memory64[i], &bytes))
        add_bar (bytes, &holder, blocks);
      else
        holder.known = FALSE;
    }
  if (!holder.known || holder.bytes > 0)
    g_array_append_val (measure->holders, holder);
}

static int
compare_aligns (gconstpointer a, gconstpointer b)
{
  guint64 x = ((const Block *) a)->align, y = ((const Block *) b)->align;

  return x > y ? -1 : x < y;
}

/* All below @bus as one block; what must be aligned most comes first. */
static Block
lay_out (const Measure *measure, const QrBus *bus)
{
  g_autoptr (GArray) blocks = g_array_new (FALSE, FALSE, sizeof (Block));
  Block whole = { 0, 1 };

  for (guint devfn = 0; devfn < bus->n_devfns; devfn++)
    {
      const QrDevice *device = bus->occupants[devfn];
      const QrBus *behind;

      if (device == NULL)
        continue;
      add_bars (measure, device, blocks);
      behind = qr_device_secondary (device);
      if (behind != NULL)
        {
          Block window = lay_out (measure, behind);

          if (window.size > 0)
            g_array_append_val (blocks, window);
        }
    }
  g_array_sort (blocks, compare_aligns);
  for (guint i = 0; i < blocks->len; i++)
    {
      const Block *block = &g_array_index (blocks, Block, i);

      whole.align = MAX (whole.align, block->align);
      whole.size = (whole.size + block->align - 1) / block->align * block->align + block->size;
      whole.size = MIN (whole.size, endless);
    }
  return whole;
}

/* What @opts, a -global, says of the machine's hole; NULL: nothing. */
static const char *
said_of_hole (const QrOptList *opts, const QrMachineHole *hole, QrPool *pool)
{
  const char *driver, *property;
  const QrOpt *value;

  qr_global_read (opts, pool, &driver, &property, &value);
  return value != NULL && g_strcmp0 (driver, hole->driver) == 0
                 && g_strcmp0 (property, hole->property) == 0
             ? value->value
             : NULL;
}

static guint64
find_limit (const QrMachineHole *hole, const QrCmdline *cmdline, QrPool *pool)
{
  guint64 limit = hole->mib * MIB;

  for (gsize i = 0; i < cmdline->n; i++)
    {
      const QrItem *item = &cmdline->items[i];
      const QrOptList *opts = item->option == NULL || item->option->verb != QR_VERB_GLOBAL
                                  ? NULL
                                  : qr_item_opts (item, pool, NULL);
      const char *said = opts == NULL ? NULL : said_of_hole (opts, hole, pool);

      if (said != NULL && !qr_size_parse (said, &limit))
        limit = 0;
    }
  return limit;
}

static int
compare_holders (gconstpointer a, gconstpointer b)
{
  const QrHole64Holder *x = a, *y = b;

  if (x->known != y->known)
    return x->known ? 1 : -1;
  return x->bytes > y->bytes ? -1 : x->bytes < y->bytes;
}

void
qr_hole64_measure (const QrTopology *topology, const QrCmdline *cmdline, QrPool *pool,
                   QrHole64 *out)
{
  g_autoptr (GArray) holders = g_array_new (FALSE, FALSE, sizeof (QrHole64Holder));
  const QrMachineHole *hole = topology->machine->hole;
  Measure measure = { cmdline, pool, holders };

  *out = (QrHole64){ TRUE, 0, hole == NULL ? 0 : find_limit (hole, cmdline, pool), NULL, 0 };
  for (guint i = 0; i < topology->buses->len; i++)
    {
      const QrBus *bus = topology->buses->pdata[i];

      if (bus->kind != QR_BUS_NOT_PCI && qr_bus_traits (bus->kind)->is_root)
        out->used += lay_out (&measure, bus).size;
      out->used = MIN (out->used, endless);
    }
  g_array_sort (holders, compare_holders);
  out->n_holders = holders->len;
  if (holders->len == 0)
    return;
  out->holders = memcpy (qr_pool_alloc_n (pool, holders->len, sizeof (QrHole64Holder)),
                         holders->data, holders->len * sizeof (QrHole64Holder));
  out->known = out->holders[0].known;
}
