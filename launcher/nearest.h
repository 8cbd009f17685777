/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nearest.h: the word that somebody probably meant. */
#pragma once

#include <glib.h>

/* Offer words one by one to a QrNearest { .word = what was written }. */
typedef struct
{
  const char *word;
  const char *best; /* the nearest so far, NULL when none is near enough */
  guint distance;
} QrNearest;

void qr_nearest_offer (QrNearest *nearest, const char *candidate);
