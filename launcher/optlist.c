/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "optlist.h"

#include <string.h>

#include "json-doc.h"

/* The list while it grows. */
typedef struct
{
  const QrOption *option;
  QrOptList *list;
  QrPool *pool;
  GArray *opts;
} Parse;

gboolean
qr_opt_is_id (const char *text)
{
  if (!g_ascii_isalpha (*text))
    return FALSE;
  while (g_ascii_isalnum (*text) || (*text != '\0' && strchr ("-._", *text) != NULL))
    text++;
  return *text == '\0';
}

gboolean
qr_opt_is_help (const char *value)
{
  return strcmp (value, "help") == 0 || strcmp (value, "?") == 0;
}

/* Reads a value at @at up to a single comma; ",," is one comma. Returns where it ends. */
static gsize
read_value (const Parse *parse, gsize at, const char **out)
{
  const char *text = parse->list->text;
  gsize end = at, length = 0;
  char *value;

  while (text[end] != '\0' && (text[end] != ',' || text[end + 1] == ','))
    end += text[end] == ',' ? 2 : 1;
  value = qr_pool_alloc (parse->pool, end - at + 1);
  for (gsize i = at; i < end; i++)
    {
      value[length++] = text[i];
      i += text[i] == ',';
    }
  *out = value;
  return end;
}

static void
add_opt (Parse *parse, const QrOpt *opt)
{
  g_array_append_vals (parse->opts, opt, 1);
}

/* "flag" or "noflag" at @at. */
static void
add_bare (Parse *parse, gsize at, gsize length)
{
  const char *text = parse->list->text + at;
  gboolean off = length >= 2 && strncmp (text, "no", 2) == 0;
  QrOpt opt = { .form = QR_OPT_BARE,
                .key_start = at,
                .key_length = length,
                .value_start = at,
                .value_length = length };

  opt.key = qr_pool_strndup (parse->pool, text + (off ? 2 : 0), length - (off ? 2 : 0));
  opt.value = off ? "off" : "on";
  if (!off && qr_opt_is_help (opt.key))
    parse->list->wants_help = TRUE;
  add_opt (parse, &opt);
}

static gboolean
add_element (Parse *parse, gsize *at, gboolean first, GError **error)
{
  const char *text = parse->list->text;
  gsize length = strcspn (text + *at, "=,"), end;
  const char *implied = first ? parse->option->implied : NULL;
  QrOpt opt = { .key_start = *at, .key_length = length };

  if (text[*at + length] == '=')
    {
      opt.form = QR_OPT_TEXT;
      opt.key = qr_pool_strndup (parse->pool, text + *at, length);
      opt.value_start = *at + length + 1;
      end = read_value (parse, opt.value_start, &opt.value);
    }
  else if (implied != NULL)
    {
      opt.form = QR_OPT_IMPLIED;
      opt.key = implied;
      opt.key_length = 0;
      opt.value_start = *at;
      end = read_value (parse, *at, &opt.value);
      parse->list->wants_help |= qr_opt_is_help (opt.value);
    }
  else if (parse->option->grammar == QR_GRAMMAR_KEYVAL)
    {
      QrPlace place = { parse->list->argument, NULL, text, *at, length };
      g_autofree char *word = g_strndup (text + *at, length);

      if (qr_opt_is_help (word))
        {
          parse->list->wants_help = TRUE;
          *at += length;
          return TRUE;
        }
      qr_error_set (error, QR_STATUS_REQUEST, "option-syntax", &place,
                    "write it as key=value; this option takes no bare words",
                    "expected \"=\" after \"%s\"", word);
      return FALSE;
    }
  else
    {
      add_bare (parse, *at, length);
      *at += length;
      return TRUE;
    }
  opt.value_length = end - opt.value_start;
  add_opt (parse, &opt);
  *at = end;
  return TRUE;
}

static gboolean
parse_text (Parse *parse, GError **error)
{
  const char *text = parse->list->text;
  gsize at = 0;

  for (gboolean first = TRUE; text[at] != '\0'; first = FALSE)
    {
      if (!add_element (parse, &at, first, error))
        return FALSE;
      parse->list->open_end = text[at] == ',';
      at += text[at] == ',';
    }
  return TRUE;
}

/* A raw argument: all of it is one value, or what comes before the first comma. */
static void
parse_raw (Parse *parse)
{
  const char *text = parse->list->text;
  QrOpt opt = { .key = "value", .form = QR_OPT_IMPLIED };

  opt.value_length = strcspn (text, ",");
  opt.value = qr_pool_strndup (parse->pool, text, opt.value_length);
  parse->list->wants_help = qr_opt_is_help (text);
  add_opt (parse, &opt);
}

static gboolean
add_member (const QrJson *member, gpointer data, GError **error)
{
  Parse *parse = data;
  QrOpt opt = { .form = QR_OPT_OTHER };
  gboolean truth;
  QrPlace place;

  qr_json_key_place (member, &place);
  opt.key = qr_pool_strdup (parse->pool, member->key);
  opt.key_start = place.start;
  opt.key_length = place.length;
  qr_json_place (member, &place);
  opt.value_start = place.start;
  opt.value_length = place.length;
  opt.value = qr_pool_strndup (parse->pool, parse->list->text + place.start, place.length);
  if (*opt.value == '"')
    {
      const char *string;

      if (!qr_json_string (member, &string, error))
        return FALSE;
      opt.form = QR_OPT_STRING;
      opt.value = qr_pool_strdup (parse->pool, string);
    }
  else if (*opt.value == 't' || *opt.value == 'f')
    {
      if (!qr_json_boolean (member, &truth, error))
        return FALSE;
      opt.form = QR_OPT_BOOLEAN;
      opt.value = truth ? "on" : "off";
    }
  else if (*opt.value == '-' || g_ascii_isdigit (*opt.value))
    opt.form = QR_OPT_NUMBER;
  add_opt (parse, &opt);
  return TRUE;
}

static gboolean
parse_json (Parse *parse, GError **error)
{
  const char *text = parse->list->text;
  g_autoptr (QrJsonDoc) doc = qr_json_doc_parse (text, strlen (text), NULL, parse->list->argument,
                                                 QR_STATUS_REQUEST, error);
  QrJson root;

  if (doc == NULL)
    return FALSE;
  qr_json_root (doc, &root);
  return qr_json_is_object (&root, error) && qr_json_each (&root, add_member, parse, error);
}

static gboolean
check_utf8 (const QrOptList *list, GError **error)
{
  const char *end;

  if (g_utf8_validate (list->text, -1, &end))
    return TRUE;
  QrPlace place = { list->argument, NULL, list->text, (gsize) (end - list->text), 1 };
  qr_error_set (error, QR_STATUS_REQUEST, "utf8", &place, NULL, "the argument is not valid UTF-8");
  return FALSE;
}

/* QEMU takes any bytes where a file may be named; what a plan shows must be text. */
static gboolean
takes_text_only (const QrOption *option)
{
  return option->verb == QR_VERB_DEVICE || option->verb == QR_VERB_MACHINE;
}

const QrOptList *
qr_optlist_parse (const QrOption *option, const char *text, guint argument, QrPool *pool,
                  GError **error)
{
  QrOptList *list = qr_pool_new_struct (pool, QrOptList);
  Parse parse = { option, list, pool, g_array_new (FALSE, FALSE, sizeof (QrOpt)) };
  gboolean good = TRUE;
  QrOpt *opts;

  list->text = text;
  list->argument = argument;
  list->json = option->json && *text == '{';
  if (takes_text_only (option) && !check_utf8 (list, error))
    good = FALSE;
  else if (list->json)
    good = parse_json (&parse, error);
  else if (option->grammar == QR_GRAMMAR_QEMUOPTS || option->grammar == QR_GRAMMAR_KEYVAL)
    good = parse_text (&parse, error);
  else
    parse_raw (&parse);
  list->n = parse.opts->len;
  opts = qr_pool_alloc_n (pool, list->n, sizeof *opts);
  if (list->n > 0)
    memcpy (opts, parse.opts->data, list->n * sizeof *opts);
  list->opts = opts;
  g_array_unref (parse.opts);
  return good ? list : NULL;
}

const QrOptList *
qr_optlist_parse_from (const QrOption *option, const char *text, guint argument,
                       const QrSource *source, QrPool *pool, GError **error)
{
  QrOptList *list = (QrOptList *) qr_optlist_parse (option, text, argument, pool, error);

  if (list != NULL)
    list->source = source;
  return list;
}

/* The source of @list with one more value, at @place. */
static const QrSource *
extend_source (const QrOptList *list, const QrPlace *place, QrPool *pool)
{
  const QrSource *before = list->source;
  gsize n = before == NULL ? 0 : before->n_places;
  QrPlace *places = qr_pool_alloc_n (pool, n + 1, sizeof *places);
  QrSource *source = qr_pool_new_struct (pool, QrSource);

  if (before != NULL)
    *source = *before;
  if (n > 0)
    memcpy (places, before->places, n * sizeof *places);
  places[n] = *place;
  qr_optlist_whole (list, &source->whole);
  source->places = places;
  source->n_places = n + 1;
  return source;
}

/* A list in JSON keeps its text: what is added is known, and stands elsewhere on the line. */
static const QrOptList *
extend_json (const QrOptList *list, const char *key, const char *value, const QrPlace *place,
             QrPool *pool)
{
  QrOptList *out = qr_pool_new_struct (pool, QrOptList);
  QrOpt *opts = qr_pool_alloc_n (pool, list->n + 1, sizeof *opts);

  if (list->n > 0)
    memcpy (opts, list->opts, list->n * sizeof *opts);
  opts[list->n] = (QrOpt){ .key = key, .value = value, .form = QR_OPT_TEXT };
  *out = *list;
  out->opts = opts;
  out->n++;
  out->n_elsewhere++;
  out->source = extend_source (list, place, pool);
  return out;
}

const QrOptList *
qr_optlist_extend (const QrOptList *list, const QrOption *option, const char *key,
                   const char *value, const QrPlace *place, QrPool *pool, GError **error)
{
  g_autoptr (GString) text = g_string_new (list->text);
  const QrOptList *extended;
  const char *copy;

  if (list->json)
    return extend_json (list, key, value, place, pool);
  if (!list->open_end && text->len > 0)
    g_string_append_c (text, ',');
  g_string_append_printf (text, "%s=", key);
  qr_opt_append_escaped (text, value);
  copy = qr_pool_strndup (pool, text->str, text->len);
  extended = qr_optlist_parse_from (option, copy, list->argument, extend_source (list, place, pool),
                                    pool, NULL);
  if (extended == NULL)
    qr_error_set (error, QR_STATUS_REQUEST, "utf8", place, NULL,
                  "the value of \"%s\" is not valid UTF-8", key);
  else if (list->written != QR_WRITTEN_BY_USER)
    return qr_optlist_make (option, copy, list->written, &list->cause, list->cause_option, pool);
  return extended;
}

const QrOptList *
qr_optlist_make (const QrOption *option, const char *text, QrWritten written, const QrPlace *cause,
                 const QrOption *cause_option, QrPool *pool)
{
  guint argument = cause == NULL ? 0 : cause->argument;
  QrOptList *list = (QrOptList *) qr_optlist_parse (option, text, argument, pool, NULL);

  g_assert (list != NULL);
  list->written = written;
  list->cause_option = cause_option;
  if (cause != NULL)
    list->cause = *cause;
  return list;
}

const char *
qr_optlist_without (const QrOptList *list, const char *const *keys, const char *more, QrPool *pool)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (gsize i = 0; i < list->n; i++)
    {
      const QrOpt *opt = &list->opts[i];
      gsize start = opt->form == QR_OPT_IMPLIED ? opt->value_start : opt->key_start;

      if (g_strv_contains (keys, opt->key))
        continue;
      g_string_append (out, out->len > 0 ? "," : "");
      g_string_append_len (out, list->text + start,
                           (gssize) (opt->value_start + opt->value_length - start));
    }
  if (more != NULL)
    g_string_append_printf (out, "%s%s", out->len > 0 ? "," : "", more);
  return qr_pool_strndup (pool, out->str, out->len);
}

const QrOpt *
qr_optlist_find (const QrOptList *list, const char *key)
{
  gboolean first_wins = !list->json && strcmp (key, "id") == 0;
  const QrOpt *found = NULL;

  for (gsize i = 0; i < list->n; i++)
    if (*list->opts[i].key == *key && strcmp (list->opts[i].key, key) == 0)
      {
        found = &list->opts[i];
        if (first_wins)
          break;
      }
  return found;
}

const char *
qr_optlist_get (const QrOptList *list, const char *key)
{
  const QrOpt *opt = qr_optlist_find (list, key);

  return opt == NULL ? NULL : opt->value;
}

/* The place of @opt, if the user did not write it into the argument. */
static const QrPlace *
place_elsewhere (const QrOptList *list, const QrOpt *opt)
{
  const QrSource *source = list->source;
  gsize behind = list->n - (gsize) (opt - list->opts); /* from the end, the last is 1 */

  if (list->written != QR_WRITTEN_BY_USER)
    return &list->cause;
  return source != NULL && behind <= source->n_places ? &source->places[source->n_places - behind]
                                                      : NULL;
}

/* The argument as the user wrote it. */
static const char *
written_text (const QrOptList *list)
{
  return list->source != NULL ? list->source->whole.text : list->text;
}

void
qr_optlist_place (const QrOptList *list, const QrOpt *opt, QrPlace *out)
{
  const QrPlace *elsewhere = place_elsewhere (list, opt);

  *out = elsewhere != NULL ? *elsewhere
                           : (QrPlace){ list->argument, NULL, written_text (list), opt->value_start,
                                        opt->value_length };
}

void
qr_optlist_key_place (const QrOptList *list, const QrOpt *opt, QrPlace *out)
{
  const QrPlace *elsewhere = place_elsewhere (list, opt);

  *out = elsewhere != NULL ? *elsewhere
                           : (QrPlace){ list->argument, NULL, written_text (list), opt->key_start,
                                        opt->key_length };
}

void
qr_optlist_whole (const QrOptList *list, QrPlace *out)
{
  if (list->written != QR_WRITTEN_BY_USER)
    *out = list->cause;
  else if (list->source != NULL)
    *out = list->source->whole;
  else
    *out = (QrPlace){ list->argument, NULL, list->text, 0, strlen (list->text) };
}

gboolean
qr_opt_check_text (const QrOptList *list, const QrOpt *opt, GError **error)
{
  QrPlace place;

  if (opt == NULL || g_utf8_validate (opt->value, -1, NULL))
    return TRUE;
  qr_optlist_place (list, opt, &place);
  qr_error_set (error, QR_STATUS_REQUEST, "utf8", &place, NULL,
                "the value of \"%s\" is not valid UTF-8", opt->key);
  return FALSE;
}

gboolean
qr_opt_boolean (const char *text, gboolean *out)
{
  static const char *const on[] = { "on", "yes", "true", "y", NULL };
  static const char *const off[] = { "off", "no", "false", "n", NULL };

  *out = g_strv_contains (on, text);
  return *out || g_strv_contains (off, text);
}

void
qr_opt_append_escaped (GString *out, const char *value)
{
  for (; *value != '\0'; value++)
    {
      if (*value == ',')
        g_string_append_c (out, ',');
      g_string_append_c (out, *value);
    }
}
