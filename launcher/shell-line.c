/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "shell-line.h"

#include <string.h>

typedef struct
{
  const char *text, *at;
  GString *token; /* the word so far, with its quotes; NULL between words */
  gsize start;    /* of the token */
  GPtrArray *words;
  GArray *starts;
  QrPool *pool;
} Splitter;

static void
keep (Splitter *in, gsize n)
{
  if (in->token == NULL)
    {
      in->token = g_string_new (NULL);
      in->start = (gsize) (in->at - in->text);
    }
  g_string_append_len (in->token, in->at, (gssize) n);
  in->at += n;
}

/* Ends the word, if there is one. Its quotes are whole, so that GLib takes them. */
static void
end_word (Splitter *in)
{
  char *word;

  if (in->token == NULL)
    return;
  word = g_shell_unquote (in->token->str, NULL);
  g_assert (word != NULL);
  g_ptr_array_add (in->words, (gpointer) qr_pool_strdup (in->pool, word));
  g_array_append_val (in->starts, in->start);
  g_free (word);
  g_string_free (in->token, TRUE);
  in->token = NULL;
}

/* Past the quoted part that begins here. */
static gboolean
take_quoted (Splitter *in)
{
  char quote = *in->at;
  gsize n = 1;

  for (; in->at[n] != '\0' && in->at[n] != quote; n++)
    if (quote == '"' && in->at[n] == '\\' && in->at[n + 1] != '\0')
      n++;
  if (in->at[n] == '\0')
    return FALSE;
  keep (in, n + 1);
  return TRUE;
}

/* A comment begins with the text, or behind a blank or a line's end; GLib does not know the tab. */
static gboolean
is_comment (const Splitter *in)
{
  return *in->at == '#' && (in->at == in->text || strchr (" \t\n", in->at[-1]) != NULL);
}

/* What a shell would not take for a part of a word. */
static gboolean
is_operator (char c)
{
  return c != '\0' && strchr ("&|;<>()", c) != NULL;
}

/* One step; FALSE when what begins here does not end, or is no part of a command. */
static gboolean
step (Splitter *in)
{
  if (is_comment (in))
    {
      in->at += strcspn (in->at, "\n");
      in->at += *in->at == '\n';
      return TRUE;
    }
  switch (*in->at)
    {
    case ' ':
    case '\t':
    case '\n':
      end_word (in);
      in->at++;
      return TRUE;
    case '\'':
    case '"':
      return take_quoted (in);
    case '\\':
      if (in->at[1] == '\0')
        return FALSE;
      if (in->at[1] == '\n')
        in->at += 2; /* the line goes on, and so does the word */
      else
        keep (in, 2);
      return TRUE;
    default:
      if (is_operator (*in->at))
        return FALSE;
      keep (in, 1);
      return TRUE;
    }
}

static void
hand_out (Splitter *in, QrShellLine *out)
{
  const char **words = qr_pool_alloc_n (in->pool, in->words->len + 1, sizeof *words);
  gsize *starts = qr_pool_alloc_n (in->pool, in->starts->len + 1, sizeof *starts);

  for (guint i = 0; i < in->words->len; i++)
    {
      words[i] = in->words->pdata[i];
      starts[i] = g_array_index (in->starts, gsize, i);
    }
  *out = (QrShellLine){ words, starts, in->words->len };
}

gboolean
qr_shell_split (const char *text, const char *file, QrPool *pool, QrShellLine *out, GError **error)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GArray) starts = g_array_new (FALSE, FALSE, sizeof (gsize));
  Splitter in = { text, text, NULL, 0, words, starts, pool };
  gboolean good = TRUE;
  QrPlace place;

  while (good && *in.at != '\0')
    good = step (&in);
  if (good)
    {
      end_word (&in);
      hand_out (&in, out);
      return TRUE;
    }
  if (in.token != NULL)
    g_string_free (in.token, TRUE);
  place = (QrPlace){ 0, file, text, (gsize) (in.at - text), 1 };
  if (is_operator (*in.at))
    qr_error_set (error, QR_STATUS_REQUEST, "shell-syntax", &place,
                  "leave out what is not the command and its words, or quote it",
                  "\"%c\" is for a shell, and none runs here", *in.at);
  else if (*in.at == '\\')
    qr_error_set (error, QR_STATUS_REQUEST, "shell-syntax", &place, NULL,
                  "the text ends behind a backslash");
  else
    qr_error_set (error, QR_STATUS_REQUEST, "shell-syntax", &place,
                  "close it, or put a backslash before it", "the quote is not closed");
  return FALSE;
}
