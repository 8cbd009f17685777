/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "profiles.h"

#include <stdlib.h>
#include <string.h>

#include "nearest.h"

const char qr_profiles_learn_hint[]
    = "if the QEMU that will run has it, \"qriser catalogue\" learns it";

const QrProfiles *
qr_profiles_with (const QrProfiles *profiles, const QrProfiles *overlay, const char *architecture,
                  QrPool *pool)
{
  QrProfiles *out = qr_pool_new_struct (pool, QrProfiles);
  QrProfiles *over = qr_pool_new_struct (pool, QrProfiles);
  QrMachine *machines = qr_pool_alloc_n (pool, overlay->n_alike, sizeof *machines);

  *over = *overlay;
  *out = *profiles;
  out->overlay = over;
  for (guint32 i = 0; i < overlay->n_alike; i++)
    {
      const QrAlike *alike = &overlay->alike[i];
      const QrMachine *machine = qr_profiles_find_machine (profiles, alike->like, architecture);

      if (machine != NULL)
        machines[over->n_machines++]
            = *qr_machine_with_type (machine, alike->machine, alike->like, pool);
    }
  over->machines = machines;
  return out;
}

const QrDeviceType *
qr_profiles_find_device (const QrProfiles *profiles, const char *name, QrPool *pool)
{
  const QrDeviceType *found = NULL;

  for (; found == NULL && profiles != NULL; profiles = profiles->overlay)
    found = qr_packed_find (&profiles->devices, &qr_device_type_schema, name, pool);
  return found;
}

const QrDeviceType *
qr_profiles_get_device (const QrProfiles *profiles, guint32 index, QrPool *pool)
{
  return qr_packed_get (&profiles->devices, &qr_device_type_schema,
                        profiles->devices.records[index], pool);
}

const QrBusType *
qr_profiles_find_bus_type (const QrProfiles *profiles, const char *type)
{
  for (; profiles != NULL; profiles = profiles->overlay)
    for (guint32 i = 0; i < profiles->n_bus_types; i++)
      if (strcmp (profiles->bus_types[i].type, type) == 0)
        return &profiles->bus_types[i];
  return NULL;
}

const QrController *
qr_profiles_find_controller (const QrProfiles *profiles, const char *bus)
{
  for (guint32 i = 0; i < profiles->n_controllers; i++)
    if (strcmp (profiles->controllers[i].bus, bus) == 0)
      return &profiles->controllers[i];
  return NULL;
}

const QrOption *
qr_profiles_verb_option (const QrProfiles *profiles, QrVerb verb)
{
  for (guint32 i = 0; i < profiles->n_options; i++)
    if (profiles->options[i].verb == verb)
      return &profiles->options[i];
  g_assert_not_reached ();
}

const QrOption *
qr_profiles_model_option (const QrProfiles *profiles, QrVerb verb)
{
  for (guint32 i = 0; i < profiles->n_options; i++)
    if (profiles->options[i].verb == verb && profiles->options[i].n_models > 0)
      return &profiles->options[i];
  return NULL;
}

const QrOptionKeys *
qr_profiles_find_keys (const QrProfiles *profiles, const char *option, const char *type,
                       QrPool *pool)
{
  g_autofree char *name
      = type == NULL ? g_strdup (option) : g_strdup_printf ("%s %s", option, type);

  return qr_packed_find (&profiles->keys, &qr_option_keys_schema, name, pool);
}

const QrOpened *
qr_profiles_find_opened (const QrProfiles *profiles, const char *option, guint32 index,
                         QrPool *pool)
{
  char name[QR_OPENED_NAME];

  return qr_packed_find (&profiles->opened, &qr_opened_schema, qr_opened_name (option, index, name),
                         pool);
}

const QrNeedRecord *
qr_profiles_find_need (const QrProfiles *profiles, QrNeed need)
{
  for (guint32 i = 0; i < profiles->n_needs; i++)
    if (profiles->needs[i].need == need)
      return &profiles->needs[i];
  g_assert_not_reached ();
}

gboolean
qr_profiles_read_choice (const QrProfiles *profiles, const char *name, QrChoice *out)
{
  return qr_choice_read (name, profiles->needs, profiles->n_needs, profiles->levels,
                         profiles->n_levels, out);
}

const QrOption *
qr_profiles_find_option (const QrProfiles *profiles, const char *name)
{
  QrOption key = { .name = name };
  const QrOption *found = NULL;

  for (; found == NULL && profiles != NULL; profiles = profiles->overlay)
    found = bsearch (&key, profiles->options, profiles->n_options, sizeof key, qr_option_compare);
  return found;
}

const QrMachine *
qr_profiles_find_machine (const QrProfiles *profiles, const char *type, const char *architecture)
{
  for (; profiles != NULL; profiles = profiles->overlay)
    for (guint32 i = 0; i < profiles->n_machines; i++)
      if (qr_machine_is_for (&profiles->machines[i], architecture)
          && qr_machine_find_type (&profiles->machines[i], type) != NULL)
        return &profiles->machines[i];
  return NULL;
}

const QrPolicy *
qr_profiles_find_policy (const QrProfiles *profiles, const char *text)
{
  const char *at = strchr (text, '@');
  gsize length = at == NULL ? strlen (text) : (gsize) (at - text);
  const QrPolicy *found = NULL;
  guint64 version = 0;

  if (at != NULL && !g_ascii_string_to_unsigned (at + 1, 10, 1, G_MAXUINT32, &version, NULL))
    return NULL;
  for (guint32 i = 0; i < profiles->n_policies; i++)
    {
      const QrPolicy *policy = &profiles->policies[i];

      if (strlen (policy->name) != length || strncmp (policy->name, text, length) != 0)
        continue;
      if (at != NULL && policy->version == version)
        return policy;
      if (at == NULL && (found == NULL || policy->version > found->version))
        found = policy;
    }
  return found;
}

gboolean
qr_profiles_bus_is_a (const QrProfiles *profiles, const char *type, const char *ancestor)
{
  while (type != NULL && strcmp (type, ancestor) != 0)
    {
      const QrBusType *record = qr_profiles_find_bus_type (profiles, type);

      type = record == NULL ? NULL : record->parent;
    }
  return type != NULL;
}

const char *
qr_profiles_nearest_device (const QrProfiles *profiles, const char *name)
{
  QrNearest nearest = { .word = name };

  for (; profiles != NULL; profiles = profiles->overlay)
    for (guint32 i = 0; i < profiles->devices.n_names; i++)
      qr_nearest_offer (&nearest, profiles->devices.text + profiles->devices.names[2 * i]);
  return nearest.best;
}

const char *
qr_profiles_nearest_option (const QrProfiles *profiles, const char *name)
{
  QrNearest nearest = { .word = name };

  for (; profiles != NULL; profiles = profiles->overlay)
    for (guint32 i = 0; i < profiles->n_options; i++)
      qr_nearest_offer (&nearest, profiles->options[i].name);
  return nearest.best;
}
