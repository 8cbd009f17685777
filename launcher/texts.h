/* SPDX-License-Identifier: GPL-2.0-or-later */
/* texts.h: lists of texts, in the order of their bytes. */
#pragma once

#include <glib.h>
#include <string.h>

static inline gint
qr_texts_compare (gconstpointer one, gconstpointer two)
{
  return strcmp (*(const char *const *) one, *(const char *const *) two);
}

/* @texts: char *, without a NULL among them */
static inline void
qr_texts_sort (GPtrArray *texts)
{
  g_ptr_array_sort (texts, qr_texts_compare);
}
