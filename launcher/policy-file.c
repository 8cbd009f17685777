/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "policy-file.h"

#include <string.h>

#include "optlist.h"
#include "profiles-load.h"

typedef struct
{
  const QrProfiles *profiles;
  QrPool *pool;
  GError **error;
} Read;

static gboolean
check_head (const QrJson *root, GError **error)
{
  const char *name;
  QrJson kind;

  if (!qr_profiles_read_head (root, &kind, &name, error))
    return FALSE;
  if (strcmp (name, "policy") == 0)
    return TRUE;
  qr_json_fail (&kind, error, NULL, "expected a profile of kind \"policy\", not \"%s\"", name);
  return FALSE;
}

static gboolean
no_type (const Read *read, const QrJson *json, const char *driver)
{
  const char *nearest = qr_profiles_nearest_device (read->profiles, driver);
  g_autofree char *hint
      = nearest == NULL ? NULL : g_strdup_printf ("did you mean \"%s\"?", nearest);

  qr_json_fail (json, read->error, hint, "no device type is called \"%s\"", driver);
  return FALSE;
}

/* Each type in the list @key of @record, which may lack it, is known. */
static gboolean
check_types (const Read *read, const QrJson *record, const char *key)
{
  QrJson list, element;

  if (!qr_json_find (record, key, &list))
    return TRUE;
  for (gsize i = 0; i < qr_json_length (&list); i++)
    {
      const char *driver;

      qr_json_element (&list, i, &element);
      if (!qr_json_string (&element, &driver, read->error))
        return FALSE;
      if (qr_profiles_find_device (read->profiles, driver, read->pool) == NULL)
        return no_type (read, &element, driver);
    }
  return TRUE;
}

/* What a home puts devices behind. */
static gboolean
check_carrier (const Read *read, const QrCarrier *carrier, const QrJson *home)
{
  const QrDeviceType *type = qr_profiles_find_device (read->profiles, carrier->driver, read->pool);
  QrJson behind, member;

  (void) qr_json_find (home, "behind", &behind); /* it was read */
  (void) qr_json_find (&behind, "driver", &member);
  if (type == NULL)
    return no_type (read, &member, carrier->driver);
  if (!type->creatable || !qr_device_type_is_pci (type) || type->n_buses != 1
      || !qr_profiles_bus_is_a (read->profiles, type->buses[0].type, "PCI"))
    {
      qr_json_fail (&member, read->error, NULL, "\"%s\" is no port or bridge", carrier->driver);
      return FALSE;
    }
  if (qr_device_type_is_port (type) && carrier->inner_slots != 1)
    {
      (void) qr_json_find (&behind, "inner-slots", &member);
      qr_json_fail (&member, read->error, "write \"0\"", "behind \"%s\" a guest finds slot 0 only",
                    carrier->driver);
      return FALSE;
    }
  if (qr_opt_is_id (carrier->prefix))
    return TRUE;
  (void) qr_json_find (&behind, "id", &member);
  qr_json_fail (&member, read->error,
                "an id is a letter, then letters, digits, \"-\", \".\" and \"_\"",
                "\"%s\" cannot begin an id", carrier->prefix);
  return FALSE;
}

static gboolean
check_homes (const Read *read, const QrPolicy *policy, const QrJson *root)
{
  QrJson list, home;

  (void) qr_json_find (root, "homes", &list); /* required by the schema */
  for (guint32 i = 0; i < policy->n_homes; i++)
    {
      qr_json_element (&list, i, &home);
      if (policy->homes[i].carrier != NULL
          && !check_carrier (read, policy->homes[i].carrier, &home))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_rules (const Read *read, const QrPolicy *policy, const QrJson *root)
{
  QrJson list, element, match;

  (void) qr_json_find (root, "rules", &list);
  for (guint32 i = 0; i < policy->n_rules; i++)
    {
      qr_json_element (&list, i, &element);
      (void) qr_json_find (&element, "match", &match);
      if (!check_types (read, &match, "drivers") || !check_types (read, &match, "unless-line-has"))
        return FALSE;
    }
  for (guint32 i = 0; i < policy->n_views && qr_json_find (root, "views", &list); i++)
    {
      qr_json_element (&list, i, &element);
      if (!check_types (read, &element, "drivers"))
        return FALSE;
    }
  return TRUE;
}

/* A policy of the program's by name and version must be that. */
static gboolean
check_released (const Read *read, const QrPolicy *policy, const QrJson *root)
{
  g_autofree char *name = g_strdup_printf ("%s@%u", policy->name, policy->version);
  const QrPolicy *released = qr_profiles_find_policy (read->profiles, name);
  g_autoptr (GString) one = g_string_new (NULL), two = g_string_new (NULL);
  QrJson member;

  if (released == NULL)
    return TRUE;
  qr_schema_print (&qr_policy_schema, policy, one);
  qr_schema_print (&qr_policy_schema, released, two);
  if (g_string_equal (one, two))
    return TRUE;
  (void) qr_json_find (root, "policy", &member);
  qr_json_fail (&member, read->error, "give it another name or version",
                "this is not policy %s, which the program has", name);
  return FALSE;
}

const QrPolicy *
qr_policy_load (const QrJsonDoc *doc, const QrProfiles *profiles, QrPool *pool, GError **error)
{
  QrPolicy *policy = qr_pool_new_struct (pool, QrPolicy);
  Read read = { profiles, pool, error };
  QrJson root;

  qr_json_root (doc, &root);
  if (!check_head (&root, error) || !qr_schema_load (&qr_policy_schema, &root, pool, policy, error)
      || !qr_policy_validate (policy, &root, error) || !check_homes (&read, policy, &root)
      || !check_rules (&read, policy, &root) || !check_released (&read, policy, &root))
    return NULL;
  return policy;
}

const QrPolicy *
qr_policy_read (const char *path, const QrProfiles *profiles, QrPool *pool, GError **error)
{
  g_autoptr (QrJsonDoc) doc = qr_json_doc_read (path, error);

  return doc == NULL ? NULL : qr_policy_load (doc, profiles, pool, error);
}
