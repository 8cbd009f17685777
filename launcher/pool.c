/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "pool.h"

#include <string.h>

enum
{
  BLOCK_BYTES = 16384,
  ALIGNMENT = 16,
};

typedef struct Block
{
  struct Block *next;
  gsize size, used;
  _Alignas(ALIGNMENT) char bytes[];
} Block;

struct QrPool
{
  Block *blocks; /* the newest first; only that one is filled */
  gsize used;
};

QrPool *
qr_pool_new (void)
{
  return g_new0 (QrPool, 1);
}

void
qr_pool_free (QrPool *pool)
{
  Block *next;

  if (pool == NULL)
    return;
  for (Block *block = pool->blocks; block != NULL; block = next)
    {
      next = block->next;
      g_free (block);
    }
  g_free (pool);
}

gpointer
qr_pool_alloc (QrPool *pool, gsize size)
{
  Block *block = pool->blocks;
  gpointer out;

  g_assert (size <= G_MAXSIZE / 2);
  size = (MAX (size, 1) + ALIGNMENT - 1) & ~(gsize) (ALIGNMENT - 1);
  if (block == NULL || block->size - block->used < size)
    {
      gsize bytes = MAX (size, BLOCK_BYTES);

      block = g_malloc0 (sizeof *block + bytes);
      block->size = bytes;
      block->next = pool->blocks;
      pool->blocks = block;
    }
  out = block->bytes + block->used;
  block->used += size;
  pool->used += size;
  return out;
}

gpointer
qr_pool_alloc_n (QrPool *pool, gsize count, gsize size)
{
  gsize bytes;

  g_assert (g_size_checked_mul (&bytes, count, size));
  return qr_pool_alloc (pool, bytes);
}

char *
qr_pool_strndup (QrPool *pool, const char *text, gsize length)
{
  char *copy = qr_pool_alloc (pool, length + 1);

  memcpy (copy, text, length);
  return copy;
}

char *
qr_pool_strdup (QrPool *pool, const char *text)
{
  return qr_pool_strndup (pool, text, strlen (text));
}

char *
qr_pool_printf (QrPool *pool, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return qr_pool_strdup (pool, text);
}

gsize
qr_pool_used (const QrPool *pool)
{
  return pool->used;
}
