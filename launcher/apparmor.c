/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "apparmor.h"

#include <string.h>

enum
{
  STEPS_MOST = 100000, /* a pattern that takes more is nobody's */
};

static gboolean match (const char *pattern, const char *text, guint *steps);

/* The bracket that closes the one at @open, or NULL. */
static const char *
find_close (const char *open)
{
  int depth = 0;

  for (const char *at = open; *at != '\0'; at++)
    {
      if (*at == '\\' && at[1] != '\0')
        at++;
      else if (*at == '{')
        depth++;
      else if (*at == '}' && --depth == 0)
        return at;
    }
  return NULL;
}

/* "{one,another}" at @pattern, and what follows it. */
static gboolean
match_either (const char *pattern, const char *text, guint *steps)
{
  const char *close = find_close (pattern), *start = pattern + 1;
  int depth = 0;

  for (const char *at = start; close != NULL && at <= close; at++)
    {
      g_autofree char *one = NULL;

      depth += *at == '{' ? 1 : *at == '}' && at < close ? -1 : 0;
      if (at < close && (*at != ',' || depth > 0))
        continue;
      one = g_strdup_printf ("%.*s%s", (int) (at - start), start, close + 1);
      if (match (one, text, steps))
        return TRUE;
      start = at + 1;
    }
  return FALSE;
}

/* "*", which ends at a slash, and "**". */
static gboolean
match_any (const char *pattern, const char *text, guint *steps)
{
  const gboolean deep = pattern[1] == '*';
  const char *rest = pattern + (deep ? 2 : 1);

  for (;; text++)
    {
      if (match (rest, text, steps))
        return TRUE;
      if (*text == '\0' || (*text == '/' && !deep))
        return FALSE;
    }
}

/* "[a-z]" or "[^a-z]" at @pattern. */
static gboolean
match_class (const char *pattern, const char *text, guint *steps)
{
  const gboolean inverse = pattern[1] == '^';
  const char *at = pattern + 1 + inverse, *end = strchr (at, ']');
  gboolean found = FALSE;

  if (end == NULL || *text == '\0' || *text == '/')
    return FALSE;
  for (; at < end; at++)
    if (at[1] == '-' && at + 2 < end)
      {
        found |= *text >= at[0] && *text <= at[2];
        at += 2;
      }
    else
      found |= *text == *at;
  return found != inverse && match (end + 1, text + 1, steps);
}

static gboolean
match (const char *pattern, const char *text, guint *steps)
{
  for (; ++*steps <= STEPS_MOST; pattern++, text++)
    {
      if (*pattern == '{')
        return match_either (pattern, text, steps);
      if (*pattern == '*')
        return match_any (pattern, text, steps);
      if (*pattern == '[')
        return match_class (pattern, text, steps);
      if (*pattern == '\\' && pattern[1] != '\0')
        pattern++;
      else if (*pattern == '?' && *text != '\0' && *text != '/')
        continue;
      if (*pattern != *text)
        return FALSE;
      if (*pattern == '\0')
        return TRUE;
    }
  return FALSE;
}

/* The next word of @line, of which quotes hold the blanks together; NULL: none. (transfer full) */
static char *
take_word (const char **line)
{
  const char *start = *line + strspn (*line, " \t"), *end;
  const gboolean quoted = *start == '"';

  start += quoted;
  end = start + strcspn (start, quoted ? "\"" : " \t");
  *line = *end == '"' ? end + 1 : end;
  return *start == '\0' ? NULL : g_strndup (start, (gsize) (end - start));
}

typedef struct
{
  char *path; /* NULL: it is no rule of a file */
  gboolean denies, executes;
} Rule;

/* Permissions may stand before the path or behind it: "owner /usr/bin/qemu rmix,". */
static void
read_rule (const char *text, Rule *out)
{
  g_autofree char *line = g_strdup (text);
  const char *at = line;
  char *word;

  *out = (Rule){ NULL, FALSE, FALSE };
  line[strcspn (line, "#")] = '\0';
  g_strchomp (line);
  if (!g_str_has_suffix (line, ","))
    return;
  line[strlen (line) - 1] = '\0';
  while ((word = take_word (&at)) != NULL && strcmp (word, "->") != 0)
    {
      if (*word == '/' && out->path == NULL)
        {
          out->path = word;
          continue;
        }
      if (strcmp (word, "deny") == 0)
        out->denies = TRUE;
      else if (strspn (word, "rwamlkixpPcCuU") == strlen (word))
        out->executes |= strchr (word, 'x') != NULL;
      g_free (word);
    }
  g_free (word);
}

gboolean
qr_apparmor_may_execute (const char *rules, const char *path)
{
  g_auto (GStrv) lines = g_strsplit (rules, "\n", -1);
  gboolean allowed = FALSE, denied = FALSE;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      Rule rule;
      guint steps = 0;

      read_rule (lines[i], &rule);
      if (rule.path != NULL && rule.executes && match (rule.path, path, &steps))
        {
          denied |= rule.denies;
          allowed |= !rule.denies;
        }
      g_free (rule.path);
    }
  return allowed && !denied;
}
