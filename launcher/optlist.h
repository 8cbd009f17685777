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

/* Who wrote a list. */
typedef enum
{
  QR_WRITTEN_BY_USER,
  QR_WRITTEN_FOR_OPTION,  /* by qriser, for another option of the user's */
  QR_WRITTEN_FOR_DEFAULT, /* by qriser, for a default of QEMU's */
  QR_WRITTEN_FOR_BUS,     /* by qriser, for a device that has no bus otherwise */
} QrWritten;

/* Where a list stands whose text no argument has as it is. */
typedef struct
{
  QrPlace whole;         /* the argument that something was added to; or a heading in a file */
  const QrPlace *places; /* of the values of the last keys, which stand elsewhere */
  gsize n_places;
  gboolean in_file; /* a file that QEMU would read itself */
  gboolean in_list; /* a device list: the option's own word stands nowhere */
  guint row;        /* of the list's file, from 1; 0: it is in no file */
  gsize use;        /* the how-manieth word of the list it stands for, from 1; 0: for none */
} QrSource;

typedef struct
{
  const QrOpt *opts;
  gsize n;
  gsize n_elsewhere;      /* the last so many are not in the text, see qr_optlist_extend() */
  const QrSource *source; /* NULL: the text is the argument */
  QrWritten written;
  QrPlace cause;                /* what the user wrote instead of this; of a default none */
  const QrOption *cause_option; /* the option of that, or NULL */
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

/* The same of a text that stands elsewhere; @source is lent. */
const QrOptList *qr_optlist_parse_from (const QrOption *option, const char *text, guint argument,
                                        const QrSource *source, QrPool *pool,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_optlist_make:
 * @text: what qriser wrote, in @option's grammar; lent, must be well-formed
 * @written: for what
 * @cause: the place of that, shown in errors; a default has none and gives NULL
 * @cause_option: the option written there, or NULL
 *
 * Returns: the list, owned by @pool
 */
const QrOptList *qr_optlist_make (const QrOption *option, const char *text, QrWritten written,
                                  const QrPlace *cause, const QrOption *cause_option,
                                  QrPool *pool) G_GNUC_WARN_UNUSED_RESULT;

/**
 * qr_optlist_extend:
 * @option: whose argument it is
 * @place: where @value is written
 *
 * The text of JSON stays: QEMU must learn of the value elsewhere.
 * @error: status REQUEST, at @place; code "utf8"
 *
 * Returns: the list with @key=@value behind, as if it stood there; owned by @pool; or NULL
 */
const QrOptList *qr_optlist_extend (const QrOptList *list, const QrOption *option, const char *key,
                                    const char *value, const QrPlace *place, QrPool *pool,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The list as text without @keys (ended by NULL) and with @more (or NULL) behind; of a list
 * that is no JSON. Owned by @pool. */
const char *qr_optlist_without (const QrOptList *list, const char *const *keys, const char *more,
                                QrPool *pool);

/* What QEMU takes for @key: the last of several, but the first "id". NULL: absent. */
const QrOpt *qr_optlist_find (const QrOptList *list, const char *key);

/* Its value, or NULL. */
const char *qr_optlist_get (const QrOptList *list, const char *key);

/* The place of the value (of the key for a bare one); of what the user did not write, its cause. */
void qr_optlist_place (const QrOptList *list, const QrOpt *opt, QrPlace *out);

/* The place of the key; where only the value has one, that. */
void qr_optlist_key_place (const QrOptList *list, const QrOpt *opt, QrPlace *out);

/* The whole argument as a place. */
void qr_optlist_whole (const QrOptList *list, QrPlace *out);

/* Refuses the value of @opt (NULL: there is none) when it is no text: what goes into a device
 * must be. Status REQUEST, code "utf8". */
gboolean qr_opt_check_text (const QrOptList *list, const QrOpt *opt,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @text can be an id, as QEMU's id_wellformed(): a letter, then letters, digits and "-._".
 */
gboolean qr_opt_is_id (const char *text);

/* Whether @value asks for help: "help" or "?", as QEMU's is_help_option(). */
gboolean qr_opt_is_help (const char *value);

/* on/off, yes/no, true/false, y/n, as QEMU's qapi_bool_parse(). FALSE when @text is none of them.
 */
gboolean qr_opt_boolean (const char *text, gboolean *out);

/* Appends @value with each comma doubled. */
void qr_opt_append_escaped (GString *out, const char *value);
