/* SPDX-License-Identifier: GPL-2.0-or-later */
/* optlist.h: "key=value,key=value" and its JSON form, split as QEMU splits it.
 *
 * Knows QEMU's two comma grammars and the object form; keeps where each part
 * was written. Knows nothing of what a key means.
 *
 * Sources: QEMU util/qemu-option.c (opts_do_parse(), get_opt_name_value(),
 *          opts_parse_id()), util/keyval.c (keyval_parse_one()), and for JSON
 *          arguments system/vl.c: one that begins with "{".
 */
#pragma once

#include "diag.h"
#include "pool.h"
#include "qemu-option.h"

typedef enum
{
  QR_OPT_TEXT,    /* key=value */
  QR_OPT_IMPLIED, /* the first value, without its key */
  QR_OPT_BARE,    /* a key alone stands for on, "no" before it for off (QemuOpts only) */
  QR_OPT_STRING,  /* JSON from here on */
  QR_OPT_NUMBER,
  QR_OPT_BOOLEAN, /* value is "on" or "off" */
  QR_OPT_OTHER,   /* null, array, object: value is its text */
} QrOptForm;

typedef struct
{
  const char *key;
  const char *value; /* ",," already one comma */
  QrOptForm form;
  gsize key_start, key_length;     /* in the argument's text, bytes */
  gsize value_start, value_length; /* as written */
} QrOpt;

typedef struct
{
  const QrOpt *opts;
  gsize n;
  gboolean json;
  gboolean open_end;   /* the text ends in a comma that ends a value: more may follow as it is */
  gboolean wants_help; /* "help" or "?" stands for a key, or for the implied value */
  const char *text;    /* the argument */
  guint argument;
} QrOptList;

/**
 * qr_optlist_parse:
 * @option: gives the grammar, the implied key and whether JSON is taken
 * @text: the argument; lent, must outlive the list
 * @argument: its number
 * @error: status REQUEST, placed; code "option-syntax", "json-syntax" or
 *   "utf8" (of a device or machine only: elsewhere a file may be named by any bytes)
 *
 * A raw or flag option's argument comes out as one value under the implied key
 * "value", cut at the first comma where the grammar says so.
 *
 * Returns: the list, owned by @pool; or NULL
 */
const QrOptList *qr_optlist_parse (const QrOption *option, const char *text, guint argument,
                                   QrPool *pool, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What QEMU takes for @key: the last of several, but the first "id". NULL: absent. */
const QrOpt *qr_optlist_find (const QrOptList *list, const char *key);

/* Its value, or NULL. */
const char *qr_optlist_get (const QrOptList *list, const char *key);

/* The place of the value (of the key for a bare one). */
void qr_optlist_place (const QrOptList *list, const QrOpt *opt, QrPlace *out);

/* The whole argument as a place. */
void qr_optlist_whole (const QrOptList *list, QrPlace *out);

/* Whether @value asks for help: "help" or "?", as QEMU's is_help_option(). */
gboolean qr_opt_is_help (const char *value);

/* on/off, yes/no, true/false, y/n, as QEMU's qapi_bool_parse(). FALSE when @text is none of them.
 */
gboolean qr_opt_boolean (const char *text, gboolean *out);

/* Appends @value with each comma doubled. */
void qr_opt_append_escaped (GString *out, const char *value);
