/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "rule.h"

#include <string.h>

/* Who writes a hexadecimal digit, "0x" or a function knows how addresses are read. */
static gboolean
shows_hexadecimal (const QrDevice *device)
{
  const QrOpt *addr
      = device->origin == QR_ORIGIN_USER ? qr_optlist_find (device->opts, "addr") : NULL;

  return addr != NULL && addr->form != QR_OPT_NUMBER
         && strpbrk (addr->value, "abcdefABCDEFxX.") != NULL;
}

void
qr_rule_memory_init (QrRuleMemory *memory, const QrTopology *topology)
{
  *memory = (QrRuleMemory){ { NULL } };
  for (guint i = 0; i < topology->devices->len && !memory->hexadecimal; i++)
    memory->hexadecimal = shows_hexadecimal (topology->devices->pdata[i]);
}

void
qr_rule_memory_clear (QrRuleMemory *memory)
{
  for (guint kind = 0; kind < QR_N_NUMBERS; kind++)
    g_clear_pointer (&memory->takers[kind], g_hash_table_unref);
}

const QrDevice *
qr_rule_take (QrRuleMemory *memory, QrNumber kind, guint number, const QrDevice *device)
{
  const QrDevice *taker;

  if (memory->takers[kind] == NULL)
    memory->takers[kind] = g_hash_table_new (NULL, NULL);
  taker = g_hash_table_lookup (memory->takers[kind], GUINT_TO_POINTER (number));
  if (taker == NULL)
    g_hash_table_insert (memory->takers[kind], GUINT_TO_POINTER (number), (gpointer) device);
  return taker;
}

void
qr_finding_clear (QrFinding *finding)
{
  g_free (finding->message);
  g_free (finding->hint);
}

gboolean
qr_rule_found (QrFinding *finding, const char *key, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  finding->message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  finding->key = key;
  return TRUE;
}

gboolean
qr_rule_is_below_port (const QrDevice *device)
{
  return device->bus->kind == QR_BUS_ROOT_PORT || device->bus->kind == QR_BUS_SWITCH_DOWNSTREAM;
}
