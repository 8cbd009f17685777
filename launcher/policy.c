/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "policy.h"

#include <stddef.h>
#include <string.h>

#include "bounds.h"

static const char *const want_names[]
    = { "endpoint",          "integrated",     "conventional", "root-port", "switch-upstream",
        "switch-downstream", "express-bridge", "bridge",       "expander",  NULL };
static const char *const named_names[] = { "any", "none", "root", "other", NULL };
static const char *const display_names[] = { "any", "primary", NULL };
static const char *const rivals_names[] = { "any", "alone", "several", NULL };
static const char *const translation_names[] = { "any", "absent", "present", NULL };
static const char *const hotplug_names[] = { "unasked", "any", "on", "off", NULL };
static const char *const where_names[] = { "root", "chosen", "companion", "inside", NULL };
static const char *const numbers_names[] = { "none", "place", "index", NULL };

G_STATIC_ASSERT (G_N_ELEMENTS (want_names) == QR_N_WANTS + 1);

static const QrField match_fields[] = {
  { "kinds", QR_FIELD_FLAGS, offsetof (QrMatch, kinds), .names = want_names },
  { "drivers", QR_FIELD_STRINGS, offsetof (QrMatch, drivers) },
  { "classes", QR_FIELD_STRINGS, offsetof (QrMatch, classes) },
  { "roles", QR_FIELD_FLAGS, offsetof (QrMatch, roles), .names = qr_class_roles },
  { "unless-line-has", QR_FIELD_STRINGS, offsetof (QrMatch, lacking) },
  { "iommu", QR_FIELD_ENUM, offsetof (QrMatch, translation), .names = translation_names },
  { "named-bus", QR_FIELD_ENUM, offsetof (QrMatch, named), .names = named_names },
  { "display", QR_FIELD_ENUM, offsetof (QrMatch, display), .names = display_names },
  { "vga", QR_FIELD_ENUM, offsetof (QrMatch, rivals), .names = rivals_names },
  { "hotplug", QR_FIELD_ENUM, offsetof (QrMatch, hotplug), .names = hotplug_names },
  { "integrated", QR_FIELD_BOOLEAN, offsetof (QrMatch, integrated) },
  { "assigned-graphics", QR_FIELD_BOOLEAN, offsetof (QrMatch, assigned_graphics) },
  { "virtual-functions", QR_FIELD_BOOLEAN, offsetof (QrMatch, virtual_functions) },
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
  { "numbers", QR_FIELD_ENUM, offsetof (QrCarrier, numbers), .names = numbers_names },
  { "reserve-io", QR_FIELD_BOOLEAN, offsetof (QrCarrier, reserve_io) },
  { "adopts", QR_FIELD_BOOLEAN, offsetof (QrCarrier, adopts) },
  { "limit", QR_FIELD_UINT, offsetof (QrCarrier, limit), .limit = 65535 },
  { "packs", QR_FIELD_BOOLEAN, offsetof (QrCarrier, packs) },
  { 0 },
};
static const QrSchema carrier_schema = { "QrCarrier", sizeof (QrCarrier), carrier_fields };

static const QrField home_fields[] = {
  { "home", QR_FIELD_STRING, offsetof (QrHome, name), .flags = QR_FIELD_REQUIRED },
  { "on", QR_FIELD_ENUM, offsetof (QrHome, where), .flags = QR_FIELD_REQUIRED,
    .names = where_names },
  { "inside", QR_FIELD_STRINGS, offsetof (QrHome, inside) },
  { "slots", QR_FIELD_RANGE, offsetof (QrHome, slots), .flags = QR_FIELD_REQUIRED, .limit = 31 },
  { "functions", QR_FIELD_RANGE, offsetof (QrHome, functions), .flags = QR_FIELD_REQUIRED,
    .limit = 7 },
  { "takes", QR_FIELD_FLAGS, offsetof (QrHome, takes), .names = want_names },
  { "behind", QR_FIELD_RECORD, offsetof (QrHome, carrier), .records = &carrier_schema },
  { "opened-by", QR_FIELD_STRING, offsetof (QrHome, opener) },
  { "exclusive", QR_FIELD_BOOLEAN, offsetof (QrHome, exclusive) },
  { "empty-slots", QR_FIELD_BOOLEAN, offsetof (QrHome, empty_slots) },
  { "siblings", QR_FIELD_BOOLEAN, offsetof (QrHome, siblings) },
  { 0 },
};
static const QrSchema home_schema = { "QrHome", sizeof (QrHome), home_fields };

static const QrField rule_fields[] = {
  { "rule", QR_FIELD_STRING, offsetof (QrRule, name), .flags = QR_FIELD_REQUIRED },
  { "match", QR_FIELD_RECORD, offsetof (QrRule, match), .flags = QR_FIELD_REQUIRED,
    .records = &match_schema },
  { "homes", QR_FIELD_STRINGS, offsetof (QrRule, homes), .flags = QR_FIELD_REQUIRED },
  { "alone", QR_FIELD_BOOLEAN, offsetof (QrRule, alone) },
  { "joins", QR_FIELD_BOOLEAN, offsetof (QrRule, joins) },
  { "demand", QR_FIELD_BOOLEAN, offsetof (QrRule, demand) },
  { "reason", QR_FIELD_STRING, offsetof (QrRule, reason), .flags = QR_FIELD_REQUIRED },
  { 0 },
};
static const QrSchema rule_schema = { "QrRule", sizeof (QrRule), rule_fields };

static const QrField view_fields[] = {
  { "drivers", QR_FIELD_STRINGS, offsetof (QrView, drivers), .flags = QR_FIELD_REQUIRED },
  { "as", QR_FIELD_ENUM, offsetof (QrView, want), .flags = QR_FIELD_REQUIRED, .names = want_names },
  { 0 },
};
static const QrSchema view_schema = { "QrView", sizeof (QrView), view_fields };

static const QrField spare_fields[] = {
  { "homes", QR_FIELD_STRINGS, offsetof (QrSpare, homes), .flags = QR_FIELD_REQUIRED },
  { "iommu-homes", QR_FIELD_STRINGS, offsetof (QrSpare, isolated) },
  { "fill", QR_FIELD_BOOLEAN, offsetof (QrSpare, fill) },
  { "count", QR_FIELD_UINT, offsetof (QrSpare, count), .limit = QR_LIMIT_FUNCTIONS },
  { "only-grown", QR_FIELD_BOOLEAN, offsetof (QrSpare, only_grown) },
  { 0 },
};
static const QrSchema spare_schema = { "QrSpare", sizeof (QrSpare), spare_fields };

static const QrField policy_fields[] = {
  { "policy", QR_FIELD_STRING, offsetof (QrPolicy, name), .flags = QR_FIELD_REQUIRED },
  { "version", QR_FIELD_UINT, offsetof (QrPolicy, version), .flags = QR_FIELD_REQUIRED,
    .limit = QR_POLICY_VERSIONS },
  { "title", QR_FIELD_STRING, offsetof (QrPolicy, title), .flags = QR_FIELD_REQUIRED },
  { "machines", QR_FIELD_STRINGS, offsetof (QrPolicy, machines), .flags = QR_FIELD_REQUIRED },
  { "keeps-state", QR_FIELD_BOOLEAN, offsetof (QrPolicy, keeps_state) },
  { "hints", QR_FIELD_BOOLEAN, offsetof (QrPolicy, takes_hints) },
  { "numbers-ports", QR_FIELD_BOOLEAN, offsetof (QrPolicy, numbers_ports) },
  { "opens-slots", QR_FIELD_BOOLEAN, offsetof (QrPolicy, opens_slots) },
  { "counts-first", QR_FIELD_BOOLEAN, offsetof (QrPolicy, counts_first) },
  { "companions", QR_FIELD_STRING, offsetof (QrPolicy, companions) },
  { "spare", QR_FIELD_RECORD, offsetof (QrPolicy, spare), .records = &spare_schema },
  { "views", QR_FIELD_RECORDS, offsetof (QrPolicy, views), offsetof (QrPolicy, n_views),
    .records = &view_schema },
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

gboolean
qr_policy_is_for (const QrPolicy *policy, const char *family)
{
  return g_strv_contains (policy->machines, family);
}

gboolean
qr_home_has_place (const QrHome *home, QrPciAddr addr)
{
  return (home->slots & 1u << addr.slot) != 0 && (home->functions & 1u << addr.function) != 0;
}

const QrHome *
qr_policy_find_home (const QrPolicy *policy, const char *name)
{
  for (guint32 i = 0; i < policy->n_homes; i++)
    if (strcmp (policy->homes[i].name, name) == 0)
      return &policy->homes[i];
  return NULL;
}

/* What is checked, and where it is written. */
typedef struct
{
  const QrPolicy *policy;
  const QrJson *json; /* of the record that @key is looked for in */
  GError **error;
} Check;

/* Element @index of the list @key. */
static void
find_name (const Check *check, const char *key, gsize index, QrJson *list, QrJson *out)
{
  (void) qr_json_find (check->json, key, list); /* it was read */
  qr_json_element (list, index, out);
}

/* Each of @names is a home. */
static gboolean
check_names (const Check *check, const char *key, const char *const *names)
{
  QrJson list, name;

  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    if (qr_policy_find_home (check->policy, names[i]) == NULL)
      {
        find_name (check, key, i, &list, &name);
        qr_json_fail (&name, check->error, "define it under \"homes\"", "no home is called \"%s\"",
                      names[i]);
        return FALSE;
      }
  return TRUE;
}

static gboolean
makes_bus (const Check *check, const char *name)
{
  const QrHome *home = qr_policy_find_home (check->policy, name);

  return home != NULL && home->carrier != NULL;
}

/* Each of @names is a home that makes a bus. */
static gboolean
check_carriers (const Check *check, const char *key, const char *const *names)
{
  QrJson list, name;

  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    if (!makes_bus (check, names[i]))
      {
        find_name (check, key, i, &list, &name);
        qr_json_fail (&name, check->error, NULL, "\"%s\" is no home with something to go behind",
                      names[i]);
        return FALSE;
      }
  return TRUE;
}

static gboolean
check_home (const Check *check, const QrHome *home)
{
  gboolean lists = home->inside != NULL && *home->inside != NULL;
  QrJson member;

  if (qr_policy_find_home (check->policy, home->name) != home)
    {
      (void) qr_json_find (check->json, "home", &member);
      qr_json_fail (&member, check->error, NULL, "home \"%s\" is defined twice", home->name);
      return FALSE;
    }
  if ((home->where == QR_WHERE_INSIDE) != lists)
    {
      (void) qr_json_find (check->json, lists ? "inside" : "on", &member);
      qr_json_fail (&member, check->error, NULL,
                    "\"on\": \"inside\" needs homes under \"inside\", and nothing else has those");
      return FALSE;
    }
  if (home->opener != NULL && !makes_bus (check, home->opener))
    {
      (void) qr_json_find (check->json, "opened-by", &member);
      qr_json_fail (&member, check->error, NULL, "\"%s\" is no home with something to go behind",
                    home->opener);
      return FALSE;
    }
  return check_carriers (check, "inside", home->inside);
}

/* The beginnings of class codes in the match of @rule. */
static gboolean
check_classes (const Check *check, const QrRule *rule)
{
  const char *const *classes = rule->match->classes;
  QrJson match, list, element;

  for (gsize i = 0; classes != NULL && classes[i] != NULL; i++)
    if (!qr_class_is_prefix (classes[i]))
      {
        (void) qr_json_find (check->json, "match", &match);
        (void) qr_json_find (&match, "classes", &list);
        qr_json_element (&list, i, &element);
        qr_json_fail (&element, check->error,
                      "classes are hexadecimal: base class, subclass, programming interface",
                      "expected a PCI class of two, four or six digits");
        return FALSE;
      }
  return TRUE;
}

gsize
qr_policy_name_length (const char *text)
{
  return !g_ascii_isalnum (*text)
             ? 0
             : strspn (text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._");
}

static gboolean
check_name (const QrPolicy *policy, const QrJson *json, GError **error)
{
  QrJson member;

  if (policy->version < 1)
    {
      (void) qr_json_find (json, "version", &member);
      qr_json_fail (&member, error, NULL, "versions of a policy begin with 1");
      return FALSE;
    }
  if (*policy->name != '\0' && policy->name[qr_policy_name_length (policy->name)] == '\0')
    return TRUE;
  (void) qr_json_find (json, "policy", &member);
  qr_json_fail (&member, error,
                "a name is a letter or digit, then letters, digits, \"-\", \".\" and \"_\"",
                "\"%s\" cannot be the name of a policy", policy->name);
  return FALSE;
}

/* The first home from which no way leads out to one that is not inside others, or NULL. */
static const QrHome *
find_circle (const QrPolicy *policy)
{
  g_autofree gboolean *out = g_new0 (gboolean, policy->n_homes);
  g_autofree guint32 *queue = g_new (guint32, policy->n_homes);
  guint32 n = 0;

  for (guint32 i = 0; i < policy->n_homes; i++)
    if (policy->homes[i].where != QR_WHERE_INSIDE)
      {
        out[i] = TRUE;
        queue[n++] = i;
      }
  for (guint32 done = 0; done < n; done++)
    for (guint32 i = 0; i < policy->n_homes; i++)
      if (!out[i] && g_strv_contains (policy->homes[i].inside, policy->homes[queue[done]].name))
        {
          out[i] = TRUE;
          queue[n++] = i;
        }
  for (guint32 i = 0; i < policy->n_homes; i++)
    if (!out[i])
      return &policy->homes[i];
  return NULL;
}

/* Each home is somewhere in the end. */
static gboolean
check_circles (const QrPolicy *policy, const QrJson *homes, GError **error)
{
  const QrHome *home = find_circle (policy);
  QrJson element, inside;

  if (home == NULL)
    return TRUE;
  qr_json_element (homes, (gsize) (home - policy->homes), &element);
  (void) qr_json_find (&element, "inside", &inside);
  qr_json_fail (&inside, error, "one of the homes must be elsewhere in the end",
                "home \"%s\" is inside itself only", home->name);
  return FALSE;
}

gboolean
qr_policy_validate (const QrPolicy *policy, const QrJson *json, GError **error)
{
  QrJson list, element;
  Check check = { policy, &element, error };

  if (!check_name (policy, json, error))
    return FALSE;
  if (policy->takes_hints && (policy->keeps_state || policy->counts_first))
    {
      (void) qr_json_find (json, "hints", &element);
      qr_json_fail (&element, error, NULL, "a policy with \"%s\" cannot follow hints",
                    policy->keeps_state ? "keeps-state" : "counts-first");
      return FALSE;
    }
  (void) qr_json_find (json, "homes", &list); /* required by the schema */
  for (guint32 i = 0; i < policy->n_homes; i++)
    {
      qr_json_element (&list, i, &element);
      if (!check_home (&check, &policy->homes[i]))
        return FALSE;
    }
  if (!check_circles (policy, &list, error))
    return FALSE;
  (void) qr_json_find (json, "rules", &list);
  for (guint32 i = 0; i < policy->n_rules; i++)
    {
      qr_json_element (&list, i, &element);
      if (!check_names (&check, "homes", policy->rules[i].homes)
          || !check_classes (&check, &policy->rules[i]))
        return FALSE;
    }
  return policy->spare == NULL || !qr_json_find (json, "spare", &element)
         || (check_carriers (&check, "homes", policy->spare->homes)
             && check_carriers (&check, "iommu-homes", policy->spare->isolated));
}
