/* SPDX-License-Identifier: GPL-2.0-or-later */
/* schema-json.h: records written as JSON, as qr_schema_load() reads them. */
#pragma once

#include "json-make.h"
#include "schema.h"

/* @record of @schema as an object; what is as it is when it is left out is left out, unless the key
 * is required. (transfer full) */
struct json_object *qr_schema_json (const QrSchema *schema,
                                    gconstpointer record) G_GNUC_WARN_UNUSED_RESULT;
