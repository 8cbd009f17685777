/* SPDX-License-Identifier: GPL-2.0-or-later */
/* forms.h: whether an option's argument has a form that the tables describe. */
#pragma once

#include "optlist.h"

/* All conditions of @form hold for @opts. */
gboolean qr_form_applies (const QrForm *form, const QrOptList *opts);
