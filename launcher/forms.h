/* SPDX-License-Identifier: GPL-2.0-or-later */
/* forms.h: whether an option's argument has a form that the tables describe, and the two forms
 * of -global. */
#pragma once

#include "optlist.h"

/* All conditions of @form hold for @opts. */
gboolean qr_form_applies (const QrForm *form, const QrOptList *opts);

/* What a -global is for: driver.property=value, or driver=D,property=P,value=V. NULL: not said. */
void qr_global_read (const QrOptList *opts, QrPool *pool, const char **driver,
                     const char **property, const QrOpt **value);
