/* SPDX-License-Identifier: GPL-2.0-or-later */
/* diag.h: an error says what the user wrote, where, why it cannot be, and what to do.
 *
 * Knows the exit statuses and how an error is drawn. Knows nothing of what can
 * go wrong: the module that finds a fault words it.
 *
 * Message: one phrase, no capital, no final stop, the user's value in double
 * quotes. Hint: an action. Code: a short stable word for programs and --allow.
 */
#pragma once

#include <glib.h>

/* Exit statuses; 64 to 78 have the meaning of sysexits.h, 126 and 127 that of env(1). */
typedef enum
{
  QR_STATUS_DONE = 0,
  QR_STATUS_FOUND = 1,        /* a comparison or a check found something */
  QR_STATUS_USAGE = 64,       /* qriser's own options are wrong */
  QR_STATUS_REQUEST = 65,     /* the request cannot be planned */
  QR_STATUS_NO_INPUT = 66,    /* a file the user named is missing */
  QR_STATUS_UNAVAILABLE = 69, /* a resource, or what the sandbox refuses */
  QR_STATUS_INTERNAL = 70,    /* a fault of qriser */
  QR_STATUS_IO = 74,
  QR_STATUS_PERMISSION = 77,
  QR_STATUS_CONFIG = 78, /* a profile or a configuration is wrong */
  QR_STATUS_NOT_EXECUTABLE = 126,
  QR_STATUS_NOT_FOUND = 127,
} QrStatus;

/* Where something was written: an argument of the command line (argument > 0),
 * a file (file != NULL), or nowhere (both unset). */
typedef struct
{
  guint argument;   /* index in argv as the user typed it, 1 is the first after the program */
  const char *file; /* path as the user knows it */
  const char *text; /* the argument, or the whole text of the file */
  gsize start;      /* bytes from the beginning of text */
  gsize length;     /* bytes; 0 marks a point */
} QrPlace;

/* The line of the text, from 1. */
guint qr_place_line (const QrPlace *place);

#define QR_ERROR (qr_error_quark ())
GQuark qr_error_quark (void);

/**
 * qr_error_set:
 * @error: (out) (optional): must not be set yet
 * @status: becomes the GError's code and, unhandled, the exit status
 * @code: stable word for programs; lives for ever (a literal)
 * @place: (nullable): copied
 * @hint: (nullable): copied
 */
void qr_error_set (GError **error, QrStatus status, const char *code, const QrPlace *place,
                   const char *hint, const char *format, ...) G_GNUC_PRINTF (6, 7);

/* The same for those who were given the format's arguments by others. */
void qr_error_setv (GError **error, QrStatus status, const char *code, const QrPlace *place,
                    const char *hint, const char *format, va_list arguments) G_GNUC_PRINTF (6, 0);

/* Gives @error the place @place unless it has one: the innermost place wins. */
void qr_error_locate (GError *error, const QrPlace *place);

/* Gives @error another stable word @code (a literal): a reader of one kind of document
 * has one word for all that is wrong in it, whoever found it. */
void qr_error_set_code (GError *error, const char *code);

/* Adds a second place, drawn after the first under the heading @label (a literal). */
void qr_error_also (GError *error, const char *label, const QrPlace *place);

/* The stable word, or "internal" for an error that is not ours. (transfer none) */
const char *qr_error_code (const GError *error);

/* What to do, or NULL. (transfer none) */
const char *qr_error_hint (const GError *error);

/* The argument that the error is placed in, or 0. */
guint qr_error_argument (const GError *error);

/* The exit status: the error's own, QR_STATUS_INTERNAL for one that is not ours. */
QrStatus qr_error_status (const GError *error);

/* The error as text for people, lines ended by '\n'; control characters of the
 * user's text come out escaped. (transfer full) */
char *qr_error_render (const GError *error, const char *program) G_GNUC_WARN_UNUSED_RESULT;

/* Appends @text to @out so that no byte of it can steer a terminal: control
 * characters and broken UTF-8 as \xNN. */
void qr_append_printable (GString *out, const char *text, gsize length);

typedef enum
{
  QR_SEVERITY_NOTICE, /* true of nearly every line: shown to who asks what a plan is, and else not
                       */
  QR_SEVERITY_WARNING,
  QR_SEVERITY_ERROR, /* in a survey, which goes on behind it */
} QrSeverity;

/* Names of the severities in their order. */
extern const char *const qr_severity_names[];

/* What is said of a plan: nothing fails by it. */
typedef struct
{
  QrSeverity severity;
  char *code;
  char *message;
  char *hint;     /* what to do; NULL: it stands in the message, or there is nothing to do */
  guint argument; /* 0 when it belongs to no argument */
} QrWarning;

/* Message and hint in one phrase. (transfer full) */
char *qr_warning_text (const QrWarning *warning) G_GNUC_WARN_UNUSED_RESULT;

/* A GPtrArray of QrWarning. (transfer full) */
GPtrArray *qr_warnings_new (void) G_GNUC_WARN_UNUSED_RESULT;
void qr_warnings_add (GPtrArray *warnings, const char *code, guint argument, const char *format,
                      ...) G_GNUC_PRINTF (4, 5);

/* The same of any severity, with a hint. */
void qr_warnings_add_hinted (GPtrArray *warnings, QrSeverity severity, const char *code,
                             guint argument, const char *hint, const char *format, ...)
    G_GNUC_PRINTF (6, 7);
