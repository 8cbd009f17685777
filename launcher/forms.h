/* SPDX-License-Identifier: GPL-2.0-or-later */
/* forms.h: whether an option's argument has a form that the tables describe, and the two forms
 * of -global. */
#pragma once

#include "optlist.h"

/* All conditions of @form hold for @opts. */
gboolean qr_form_applies (const QrForm *form, const QrOptList *opts);

/* Whether QEMU takes all of @opts, the argument of @option. */
gboolean qr_form_accepted (const QrOption *option, const QrOptList *opts);

/* Calls @visit for each value of @key that is text. With @deep also where @key is the last part of
 * a dotted one, or stands inside a JSON value.
 * @written: the whole key, dotted, with the number of an element where there is a JSON list */
typedef void (*QrValueVisit) (const char *written, const char *value, gpointer data);
void qr_opts_visit (const QrOptList *opts, const char *key, gboolean deep, QrValueVisit visit,
                    gpointer data);

/* Whether the whole key @written stands there, whatever its value, inside of JSON values, too. */
gboolean qr_opts_have (const QrOptList *opts, const char *written);

/* What a -global is for: driver.property=value, or driver=D,property=P,value=V. NULL: not said. */
void qr_global_read (const QrOptList *opts, QrPool *pool, const char **driver,
                     const char **property, const QrOpt **value);
