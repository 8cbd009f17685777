/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum
{
  FIRST_NUMBER = 256, /* above what people and shells use */
};

/* Notes the numbers in @text, if it speaks of descriptors: one that the line names and that is
 * not open must not become another's. */
static void
note_numbers (QrDescriptors *descriptors, const char *text)
{
  if (text == NULL || strstr (text, "fd") == NULL)
    return;
  while (*text != '\0')
    {
      gsize length = strspn (text, "0123456789");
      guint64 number = g_ascii_strtoull (text, NULL, 10);

      if (length > 0 && number <= G_MAXINT)
        g_hash_table_add (descriptors->named, GINT_TO_POINTER ((int) number));
      text += MAX (length, 1);
    }
}

void
qr_descriptors_begin (const QrCmdline *line, QrDescriptors *out)
{
  struct rlimit limit;

  (void) getrlimit (RLIMIT_NOFILE, &limit); /* cannot fail */
  out->named = g_hash_table_new (NULL, NULL);
  out->next = FIRST_NUMBER;
  out->step = 1;
  out->limit = (int) MIN (limit.rlim_cur, G_MAXINT);
  for (gsize i = 0; i < line->n; i++)
    {
      note_numbers (out, line->items[i].word);
      note_numbers (out, line->items[i].value);
    }
}

void
qr_descriptors_clear (QrDescriptors *descriptors)
{
  g_clear_pointer (&descriptors->named, g_hash_table_unref);
}

static gboolean
is_free (const QrDescriptors *descriptors, int number)
{
  return fcntl (number, F_GETFD) < 0 && errno == EBADF
         && !g_hash_table_contains (descriptors->named, GINT_TO_POINTER (number));
}

gboolean
qr_descriptors_take (QrDescriptors *descriptors, int *out)
{
  while (descriptors->next > STDERR_FILENO)
    {
      *out = descriptors->next;
      descriptors->next += descriptors->step;
      if (*out >= descriptors->limit)
        {
          descriptors->next = MIN (FIRST_NUMBER, descriptors->limit) - 1;
          descriptors->step = -1;
        }
      else if (is_free (descriptors, *out))
        return TRUE;
    }
  return FALSE;
}
