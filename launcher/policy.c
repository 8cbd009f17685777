/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "policy.h"

#include <stddef.h>
#include <string.h>

static const char *const want_names[]
    = { "endpoint",          "integrated",     "conventional", "root-port", "switch-upstream",
        "switch-downstream", "express-bridge", "bridge",       "expander",  NULL };
static const char *const named_names[] = { "any", "none", "root", "other", NULL };
static const char *const display_names[] = { "any", "primary", NULL };
static const char *const rivals_names[] = { "any", "alone", "several", NULL };
static const char *const where_names[] = { "root", "chosen", NULL };

G_STATIC_ASSERT (G_N_ELEMENTS (want_names) == QR_N_WANTS + 1);

static const QrField match_fields[] = {
  { "kinds", QR_FIELD_FLAGS, offsetof (QrMatch, kinds), .names = want_names },
  { "drivers", QR_FIELD_STRINGS, offsetof (QrMatch, drivers) },
  { "named-bus", QR_FIELD_ENUM, offsetof (QrMatch, named), .names = named_names },
  { "display", QR_FIELD_ENUM, offsetof (QrMatch, display), .names = display_names },
  { "vga", QR_FIELD_ENUM, offsetof (QrMatch, rivals), .names = rivals_names },
  { "assigned-graphics", QR_FIELD_BOOLEAN, offsetof (QrMatch, assigned_graphics) },
  { "property", QR_FIELD_STRING, offsetof (QrMatch, property) },
  { "values", QR_FIELD_STRINGS, offsetof (QrMatch, values) },
  { 0 },
};
static const QrSchema match_schema = { "QrMatch", sizeof (QrMatch), match_fields };

static const QrField carrier_fields[] = {
  { "driver", QR_FIELD_STRING, offsetof (QrCarrier, driver), .flags = QR_FIELD_REQUIRED },
  { "id", QR_FIELD_STRING, offsetof (QrCarrier, prefix), .flags = QR_FIELD_REQUIRED },
  { "inner-slots", QR_FIELD_RANGE, offsetof (QrCarrier, inner_slots), .flags = QR_FIELD_REQUIRED,
    .limit = 31 },
  { "numbered", QR_FIELD_BOOLEAN, offsetof (QrCarrier, numbered) },
  { "reserve-io", QR_FIELD_BOOLEAN, offsetof (QrCarrier, reserve_io) },
  { "adopts", QR_FIELD_BOOLEAN, offsetof (QrCarrier, adopts) },
  { 0 },
};
static const QrSchema carrier_schema = { "QrCarrier", sizeof (QrCarrier), carrier_fields };

static const QrField home_fields[] = {
  { "home", QR_FIELD_STRING, offsetof (QrHome, name), .flags = QR_FIELD_REQUIRED },
  { "on", QR_FIELD_ENUM, offsetof (QrHome, where), .flags = QR_FIELD_REQUIRED,
    .names = where_names },
  { "slots", QR_FIELD_RANGE, offsetof (QrHome, slots), .flags = QR_FIELD_REQUIRED, .limit = 31 },
  { "functions", QR_FIELD_RANGE, offsetof (QrHome, functions), .flags = QR_FIELD_REQUIRED,
    .limit = 7 },
  { "behind", QR_FIELD_RECORD, offsetof (QrHome, carrier), .records = &carrier_schema },
  { "opened-by", QR_FIELD_STRING, offsetof (QrHome, opener) },
  { "siblings", QR_FIELD_BOOLEAN, offsetof (QrHome, siblings) },
  { 0 },
};
static const QrSchema home_schema = { "QrHome", sizeof (QrHome), home_fields };

static const QrField rule_fields[] = {
  { "rule", QR_FIELD_STRING, offsetof (QrRule, name), .flags = QR_FIELD_REQUIRED },
  { "match", QR_FIELD_RECORD, offsetof (QrRule, match), .flags = QR_FIELD_REQUIRED,
    .records = &match_schema },
  { "home", QR_FIELD_STRING, offsetof (QrRule, home), .flags = QR_FIELD_REQUIRED },
  { "reason", QR_FIELD_STRING, offsetof (QrRule, reason), .flags = QR_FIELD_REQUIRED },
  { 0 },
};
static const QrSchema rule_schema = { "QrRule", sizeof (QrRule), rule_fields };

static const QrField policy_fields[] = {
  { "policy", QR_FIELD_STRING, offsetof (QrPolicy, name), .flags = QR_FIELD_REQUIRED },
  { "version", QR_FIELD_UINT, offsetof (QrPolicy, version), .flags = QR_FIELD_REQUIRED,
    .limit = 9999 },
  { "title", QR_FIELD_STRING, offsetof (QrPolicy, title), .flags = QR_FIELD_REQUIRED },
  { "machines", QR_FIELD_STRINGS, offsetof (QrPolicy, machines), .flags = QR_FIELD_REQUIRED },
  { "keeps-state", QR_FIELD_BOOLEAN, offsetof (QrPolicy, keeps_state) },
  { "numbers-ports", QR_FIELD_BOOLEAN, offsetof (QrPolicy, numbers_ports) },
  { "homes", QR_FIELD_RECORDS, offsetof (QrPolicy, homes), offsetof (QrPolicy, n_homes),
    .flags = QR_FIELD_REQUIRED, .records = &home_schema },
  { "rules", QR_FIELD_RECORDS, offsetof (QrPolicy, rules), offsetof (QrPolicy, n_rules),
    .flags = QR_FIELD_REQUIRED, .records = &rule_schema },
  { "schema", QR_FIELD_IGNORED },
  { "kind", QR_FIELD_IGNORED },
  { "source", QR_FIELD_IGNORED },
  { 0 },
};
const QrSchema qr_policy_schema = { "QrPolicy", sizeof (QrPolicy), policy_fields };

const QrHome *
qr_policy_find_home (const QrPolicy *policy, const char *name)
{
  for (guint32 i = 0; i < policy->n_homes; i++)
    if (strcmp (policy->homes[i].name, name) == 0)
      return &policy->homes[i];
  return NULL;
}

/* The member @key of element @index of the array @list of @json. */
static void
element_member (const QrJson *list, gsize index, const char *key, QrJson *element, QrJson *out)
{
  qr_json_element (list, index, element);
  (void) qr_json_find (element, key, out); /* required by the schema */
}

gboolean
qr_policy_validate (const QrPolicy *policy, const QrJson *json, GError **error)
{
  QrJson list, element, member;

  (void) qr_json_find (json, "homes", &list); /* required by the schema */
  for (guint32 i = 0; i < policy->n_homes; i++)
    {
      const QrHome *opener = policy->homes[i].opener == NULL
                                 ? NULL
                                 : qr_policy_find_home (policy, policy->homes[i].opener);

      if (qr_policy_find_home (policy, policy->homes[i].name) != &policy->homes[i])
        {
          element_member (&list, i, "home", &element, &member);
          qr_json_fail (&member, error, NULL, "home \"%s\" is defined twice",
                        policy->homes[i].name);
          return FALSE;
        }
      if (policy->homes[i].opener != NULL && (opener == NULL || opener->carrier == NULL))
        {
          element_member (&list, i, "opened-by", &element, &member);
          qr_json_fail (&member, error, NULL, "\"%s\" is no home with something to go behind",
                        policy->homes[i].opener);
          return FALSE;
        }
    }
  (void) qr_json_find (json, "rules", &list);
  for (guint32 i = 0; i < policy->n_rules; i++)
    if (qr_policy_find_home (policy, policy->rules[i].home) == NULL)
      {
        element_member (&list, i, "home", &element, &member);
        qr_json_fail (&member, error, "define it under \"homes\"", "no home is called \"%s\"",
                      policy->rules[i].home);
        return FALSE;
      }
  return TRUE;
}
