/* SPDX-License-Identifier: GPL-2.0-or-later */
/* here.h: a directory of a test's own, made and left for each case, and all that can be told
 * of what is in it. */
#pragma once

#include <glib.h>
#include <sys/stat.h>

/* Makes the directory "here" and goes there / goes up again and removes it with all in it. */
void here_enter (void);
void here_leave (void);

/* Name, kind, mode, owner, links, times and bytes of each entry, one a line. (transfer full) */
char *here_look (void);

/* Checks that here_look() says what it said @before. */
void here_is (const char *before);

/* Checks the names of the entries, sorted, with blanks between. */
void here_names_are (const char *wanted);

/* Writes a file of @mode, whatever the umask / checks what one holds. */
void here_put (const char *name, const char *text, mode_t mode);
void here_holds (const char *name, const char *text);

/* Who a case is for: what root may do, it may not be kept from. */
typedef enum
{
  HERE_ANYBODY,
  HERE_ROOT,
  HERE_USER,
} HereWho;

/* Skips the test when this user is the wrong one, and says so. */
gboolean here_skips (HereWho who);
