/* SPDX-License-Identifier: GPL-2.0-or-later */
/* json-make.h: documents of JSON that are printed. */
#pragma once

#include <glib.h>
#include <json.h>

/* Gives @value, which may be NULL for null, to @object. */
void qr_json_put (struct json_object *object, const char *key, struct json_object *value);

/* @text, its bytes that are no UTF-8 replaced; NULL for NULL. (transfer full) */
struct json_object *qr_json_new_text (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* The document as text, and a final newline; frees it. (transfer full) */
GString *qr_json_finish (struct json_object *root) G_GNUC_WARN_UNUSED_RESULT;
