/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "hints.h"

#include <string.h>

static const char prefix[] = "qriser.";
static const char *const names[] = { "behind", "hotplug", "pack", "integrated" };

G_STATIC_ASSERT (G_N_ELEMENTS (names) == QR_N_HINTS);

/* Hints that cannot both be followed; hotplug stands for hotplug=on. */
static const struct
{
  QrHint one, other;
  const char *why;
} conflicts[] = {
  { QR_HINT_INTEGRATED, QR_HINT_BEHIND, "what sits on the root complex is behind no port" },
  { QR_HINT_INTEGRATED, QR_HINT_HOTPLUG, "nothing on the root complex can be unplugged" },
  { QR_HINT_INTEGRATED, QR_HINT_PACK, "it goes where the other device is" },
  { QR_HINT_BEHIND, QR_HINT_PACK, "it goes where the other device is" },
  { QR_HINT_HOTPLUG, QR_HINT_PACK, "functions of one slot are only unplugged together" },
};

static gboolean
is_hint (const QrOpt *opt)
{
  return strncmp (opt->key, prefix, strlen (prefix)) == 0;
}

const QrOpt *
qr_hints_first (const QrOptList *list)
{
  for (gsize i = 0; i < list->n; i++)
    if (is_hint (&list->opts[i]))
      return &list->opts[i];
  return NULL;
}

gboolean
qr_hints_have (const QrHints *hints, QrHint hint)
{
  return hints != NULL && hints->opts[hint] != NULL;
}

gboolean
qr_hints_ask_hotplug (const QrHints *hints, gboolean value)
{
  return qr_hints_have (hints, QR_HINT_HOTPLUG) && hints->hotplug == value;
}

/* --- reading ------------------------------------------------------------------------------ */

static gboolean
find_hint (const QrOptList *list, const QrOpt *opt, QrHint *out, GError **error)
{
  QrPlace place;

  for (guint hint = 0; hint < QR_N_HINTS; hint++)
    if (strcmp (opt->key + strlen (prefix), names[hint]) == 0)
      {
        *out = (QrHint) hint;
        return TRUE;
      }
  qr_optlist_key_place (list, opt, &place);
  qr_error_set (error, QR_STATUS_REQUEST, "unknown-hint", &place,
                "hints are qriser.behind=PORT, qriser.hotplug=on|off, qriser.pack=ID and "
                "qriser.integrated=on",
                "there is no hint \"%s\"", opt->key);
  return FALSE;
}

static gboolean
refuse_value (const QrOptList *list, const QrOpt *opt, const char *hint, GError **error)
{
  QrPlace place;

  qr_optlist_place (list, opt, &place);
  qr_error_set (error, QR_STATUS_REQUEST, "hint-value", &place, hint, "\"%s\" cannot be \"%s\"",
                opt->key, opt->value);
  return FALSE;
}

static gboolean
check_value (const QrOptList *list, const QrOpt *opt, QrHint hint, QrHints *hints, GError **error)
{
  gboolean is_text = opt->form == QR_OPT_TEXT || opt->form == QR_OPT_STRING, value;

  switch (hint)
    {
    case QR_HINT_BEHIND:
    case QR_HINT_PACK:
      return (is_text && *opt->value != '\0')
             || refuse_value (list, opt,
                              hint == QR_HINT_PACK ? "give the id of another device on the line"
                                                   : "give the id of a port or bridge on the "
                                                     "line, or a place such as 1c.0",
                              error);
    case QR_HINT_HOTPLUG:
      return qr_opt_boolean (opt->value, &hints->hotplug)
             || refuse_value (list, opt, "give on or off", error);
    case QR_HINT_INTEGRATED:
      return (qr_opt_boolean (opt->value, &value) && value)
             || refuse_value (list, opt, "give on, or leave it out", error);
    case QR_N_HINTS:
      break;
    }
  g_assert_not_reached ();
}

static gboolean
take (const QrOptList *list, const QrOpt *opt, QrHints *hints, GError **error)
{
  QrHint hint;
  QrPlace place;

  if (!find_hint (list, opt, &hint, error))
    return FALSE;
  if (hints->opts[hint] != NULL)
    {
      qr_optlist_key_place (list, opt, &place);
      qr_error_set (error, QR_STATUS_REQUEST, "hint-conflict", &place, "leave one of them out",
                    "hint \"%s\" is given twice", opt->key);
      return FALSE;
    }
  hints->opts[hint] = opt;
  return check_value (list, opt, hint, hints, error);
}

static gboolean
check_conflicts (const QrOptList *list, const QrHints *hints, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (conflicts); i++)
    {
      const QrOpt *one = hints->opts[conflicts[i].one], *other = hints->opts[conflicts[i].other];
      const QrOpt *last = one > other ? one : other;
      gboolean stays
          = qr_hints_ask_hotplug (hints, FALSE)
            && (conflicts[i].one == QR_HINT_HOTPLUG || conflicts[i].other == QR_HINT_HOTPLUG);
      QrPlace place;

      if (one == NULL || other == NULL || stays)
        continue;
      qr_optlist_key_place (list, last, &place);
      qr_error_set (error, QR_STATUS_REQUEST, "hint-conflict", &place, "leave one of them out",
                    "hint \"%s\" contradicts \"%s\": %s", last->key,
                    last == one ? other->key : one->key, conflicts[i].why);
      return FALSE;
    }
  return TRUE;
}

gboolean
qr_hints_parse (const QrOptList *list, QrPool *pool, const QrHints **out, GError **error)
{
  QrHints *hints;

  *out = NULL;
  if (qr_hints_first (list) == NULL)
    return TRUE;
  hints = qr_pool_new_struct (pool, QrHints);
  for (gsize i = 0; i < list->n; i++)
    if (is_hint (&list->opts[i]) && !take (list, &list->opts[i], hints, error))
      return FALSE;
  *out = hints;
  return check_conflicts (list, hints, error);
}

/* --- taking out --------------------------------------------------------------------------- */

static gsize
start_of (const QrOpt *opt)
{
  return opt->form == QR_OPT_IMPLIED ? opt->value_start : opt->key_start;
}

static gsize
end_of (const QrOpt *opt)
{
  return opt->value_start + opt->value_length;
}

/* What keeps its place keeps what stands before it, too: the comma, blanks of JSON. */
static void
append_opt (GString *out, const QrOptList *list, gsize index, gboolean first)
{
  const QrOpt *opt = &list->opts[index];
  gsize start = first ? start_of (opt) : end_of (opt - 1);

  if (first && opt->form == QR_OPT_BARE && index > 0)
    g_string_append_printf (out, "%s=%s", opt->key, opt->value);
  else
    g_string_append_len (out, list->text + start, (gssize) (end_of (opt) - start));
}

const QrOptList *
qr_hints_strip (const QrOptList *list, const QrOption *option, QrPool *pool)
{
  GString *out;
  const char *text;
  const QrOptList *stripped;
  gsize n = list->n - list->n_elsewhere;
  gboolean first = TRUE;

  if (qr_hints_first (list) == NULL)
    return list;
  out = g_string_new_len (list->text, (gssize) start_of (&list->opts[0]));
  for (gsize i = 0; i < n; i++)
    if (!is_hint (&list->opts[i]))
      {
        append_opt (out, list, i, first);
        first = FALSE;
      }
  g_string_append (out, list->text + end_of (&list->opts[n - 1]));
  text = qr_pool_strndup (pool, out->str, out->len);
  g_string_free (out, TRUE);
  stripped = qr_optlist_parse (option, text, list->argument, pool, NULL);
  g_assert (stripped != NULL);
  return stripped;
}
