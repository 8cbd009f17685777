/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "implicit.h"

#include <string.h>

#include "unplanned.h"

const char *const qr_implicit_origins[] = { "machine", "default", "nodefaults", NULL };

/* What plain QEMU does. */
#define PLAIN_POLICY "qemu"

/* --- two surveys as one list -------------------------------------------------------------- */

static void
add_function (QrImplicit *out, const QrSurveyFunction *function, QrImplicitOrigin origin)
{
  QrImplicitFunction found = { *function, origin };

  g_array_append_val (out->functions, found);
}

static int
compare_functions (gconstpointer a, gconstpointer b)
{
  const QrImplicitFunction *one = a, *two = b;
  int order = strcmp (one->function.path, two->function.path);

  return order != 0 ? order : (int) one->origin - (int) two->origin;
}

static void
merge (QrImplicit *out)
{
  const gboolean both = out->fails == NULL && out->fails_bare == NULL;

  for (guint i = 0; i < out->bare.functions->len; i++)
    {
      const QrSurveyFunction *function = &g_array_index (out->bare.functions, QrSurveyFunction, i);

      add_function (out, function,
                    !both || qr_survey_has (&out->full, function) ? QR_IMPLICIT_MACHINE
                                                                  : QR_IMPLICIT_BARE);
    }
  for (guint i = 0; i < out->full.functions->len; i++)
    {
      const QrSurveyFunction *function = &g_array_index (out->full.functions, QrSurveyFunction, i);

      if (!qr_survey_has (&out->bare, function))
        add_function (out, function, QR_IMPLICIT_DEFAULT);
    }
  g_array_sort (out->functions, compare_functions);
}

static void
property_clear (gpointer data)
{
  QrImplicitProperty *property = data;

  qr_survey_clear (&property->with);
}

static void
implicit_init (QrImplicit *out, const char *machine)
{
  *out = (QrImplicit){ .machine = machine };
  out->functions = g_array_new (FALSE, FALSE, sizeof (QrImplicitFunction));
  out->properties = g_array_new (FALSE, FALSE, sizeof (QrImplicitProperty));
  g_array_set_clear_func (out->properties, property_clear);
}

void
qr_implicit_clear (QrImplicit *implicit)
{
  g_clear_pointer (&implicit->functions, g_array_unref);
  g_clear_pointer (&implicit->properties, g_array_unref);
  qr_survey_clear (&implicit->bare);
  qr_survey_clear (&implicit->full);
}

void
qr_implicit_take (const char *machine, QrSurvey *bare, QrSurvey *full, QrImplicit *out)
{
  const char *fails = out->fails, *fails_bare = out->fails_bare;

  implicit_init (out, machine);
  out->fails = fails;
  out->fails_bare = fails_bare;
  out->bare = *bare;
  out->full = *full;
  *bare = *full = (QrSurvey){ NULL };
  merge (out);
}

/* --- of a planned machine ------------------------------------------------------------------ */

static void
take_plan (const QrPlan *plan, QrSurvey *out)
{
  const QrTopology *topology = plan->topology;

  for (guint i = 0; i < topology->buses->len; i++)
    {
      const QrBus *bus = topology->buses->pdata[i];

      if (bus->owner == NULL && bus->kind != QR_BUS_NOT_PCI)
        qr_survey_add_root (out, bus->name, bus->type, topology->root_hotplug);
    }
  for (guint i = 0; i < topology->devices->len; i++)
    {
      const QrDevice *device = topology->devices->pdata[i];

      if (device->bus != NULL)
        qr_survey_add_function (out, device->type->driver, qr_topology_path (topology, device));
    }
  qr_survey_sort (out);
}

/* Plans a line that only names the machine. @property: NULL, or "NAME=VALUE" of it */
static gboolean
survey_plan (const QrProfiles *profiles, const char *arch, const char *version, const char *machine,
             const char *property, gboolean bare, QrSurvey *out, GError **error)
{
  g_autofree char *whole
      = property == NULL ? g_strdup (machine) : g_strdup_printf ("%s,%s", machine, property);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  QrPlanOptions options = { .face = QR_FACE_DROP_IN,
                            .first = 1,
                            .arch = arch,
                            .version = version,
                            .version_is_kept = TRUE,
                            .policy = qr_profiles_find_policy (profiles, PLAIN_POLICY),
                            .program = PACKAGE_NAME,
                            .seccomp = "off",
                            .landlock = "off" };
  g_autoptr (QrPlan) plan = NULL;

  qr_probe_words_append (profiles->probe, whole, bare, words);
  g_ptr_array_add (words, NULL);
  options.words = (const char *const *) words->pdata;
  plan = qr_plan_make (&options, profiles, error);
  if (plan == NULL)
    return FALSE;
  qr_survey_init (out);
  if (plan->topology != NULL)
    take_plan (plan, out);
  return TRUE;
}

static gboolean
has_property (const QrImplicit *implicit, const char *name, const char *value)
{
  for (guint i = 0; i < implicit->properties->len; i++)
    {
      const QrImplicitProperty *own = &g_array_index (implicit->properties, QrImplicitProperty, i);

      if (strcmp (own->name, name) == 0 && strcmp (own->value, value) == 0)
        return TRUE;
    }
  return FALSE;
}

/* The other value of what @condition asks for; NULL: that is the default. */
static const char *
other_value (const QrMachineCondition *condition)
{
  if (condition->value != NULL)
    return condition->by_default ? NULL : condition->value;
  return condition->by_default ? "off" : "on";
}

static gboolean
find_properties (const QrProfiles *profiles, const char *arch, const char *version,
                 const QrMachine *record, QrImplicit *out, GError **error)
{
  for (guint32 i = 0; i < record->n_functions; i++)
    for (guint32 j = 0; j < record->functions[i].n_when; j++)
      {
        const QrMachineCondition *condition = &record->functions[i].when[j];
        QrImplicitProperty property = { condition->property, other_value (condition), { NULL } };
        g_autofree char *text = NULL;

        if (property.value == NULL || has_property (out, property.name, property.value))
          continue;
        text = g_strdup_printf ("%s=%s", property.name, property.value);
        if (!survey_plan (profiles, arch, version, out->machine, text, TRUE, &property.with, error))
          return FALSE;
        g_array_append_val (out->properties, property);
      }
  return TRUE;
}

static gboolean
find_planned (const QrProfiles *profiles, const char *arch, const char *version,
              const QrMachine *record, const QrMachineType *type, QrImplicit *out, GError **error)
{
  out->planned = TRUE;
  out->fails = out->fails_bare = type->fails;
  if (!survey_plan (profiles, arch, version, out->machine, NULL, TRUE, &out->bare, error)
      || !survey_plan (profiles, arch, version, out->machine, NULL, FALSE, &out->full, error))
    return FALSE;
  merge (out);
  return find_properties (profiles, arch, version, record, out, error);
}

/* --- of others ------------------------------------------------------------------------------ */

static void
survey_record (const QrUnplanned *record, QrUnplannedWhen unless, QrSurvey *out)
{
  qr_survey_init (out);
  for (guint32 i = 0; i < record->n_roots; i++)
    if (record->roots[i].when != unless)
      qr_survey_add_root (out, record->roots[i].name, record->roots[i].type,
                          record->roots[i].hotplug);
  for (guint32 i = 0; i < record->n_functions; i++)
    if (record->functions[i].when != unless)
      qr_survey_add_function (out, record->functions[i].driver, record->functions[i].path);
  qr_survey_sort (out);
}

static gboolean
is_for (const QrUnplanned *record, const char *arch, const char *version)
{
  return g_strv_contains (record->archs, arch)
         && (version == NULL || qr_qemu_version_has (record->qemu, version));
}

static const QrUnplanned *
find_unplanned (const QrProfiles *profiles, const char *arch, const char *version, const char *type)
{
  for (guint32 i = 0; i < profiles->n_unplanned; i++)
    if (is_for (&profiles->unplanned[i], arch, version)
        && g_strv_contains (profiles->unplanned[i].machines, type))
      return &profiles->unplanned[i];
  return NULL;
}

static void
find_record (const QrUnplanned *record, QrImplicit *out)
{
  out->fails = record->fails;
  out->fails_bare = record->fails_bare;
  survey_record (record, QR_UNPLANNED_DEFAULTS, &out->bare);
  survey_record (record, QR_UNPLANNED_BARE, &out->full);
  merge (out);
}

static gboolean
unknown_machine (const char *arch, const char *type, GError **error)
{
  qr_error_set (error, QR_STATUS_REQUEST, "unknown-machine", NULL,
                "--probe asks the QEMU itself; without a name all known ones are listed",
                "machine type \"%s\" of %s is not known", type, arch);
  return FALSE;
}

gboolean
qr_implicit_find (const QrProfiles *profiles, const char *arch, const char *version,
                  const char *machine, QrImplicit *out, GError **error)
{
  g_autofree char *type = g_strndup (machine, strcspn (machine, ","));
  const QrMachine *planned = qr_profiles_find_machine (profiles, type, arch);
  const QrUnplanned *record
      = planned != NULL ? NULL : find_unplanned (profiles, arch, version, type);
  g_auto (QrImplicit) found = { NULL };

  if (planned == NULL && record == NULL)
    return unknown_machine (arch, type, error);
  implicit_init (&found, machine);
  if (planned == NULL)
    find_record (record, &found);
  else if (!find_planned (profiles, arch, version, planned, qr_machine_find_type (planned, type),
                          &found, error))
    return FALSE;
  *out = found;
  found = (QrImplicit){ NULL };
  return TRUE;
}

GPtrArray *
qr_implicit_machines (const QrProfiles *profiles, const char *arch, const char *version)
{
  GPtrArray *out = g_ptr_array_new ();

  for (guint32 i = 0; i < profiles->n_machines; i++)
    for (guint32 j = 0; j < profiles->machines[i].n_types; j++)
      {
        const QrMachineType *type = &profiles->machines[i].types[j];

        if (qr_machine_is_for (&profiles->machines[i], arch) && !type->alias
            && (version == NULL || qr_qemu_version_has (type->qemu, version)))
          g_ptr_array_add (out, (gpointer) type->name);
      }
  for (guint32 i = 0; i < profiles->n_unplanned; i++)
    for (const char *const *name = profiles->unplanned[i].machines;
         is_for (&profiles->unplanned[i], arch, version) && *name != NULL; name++)
      g_ptr_array_add (out, (gpointer) *name);
  return out;
}

/* --- differences ------------------------------------------------------------------------------ */

static const QrImplicitFunction *
find_function (const QrImplicit *implicit, const QrImplicitFunction *wanted)
{
  for (guint i = 0; i < implicit->functions->len; i++)
    {
      const QrImplicitFunction *own = &g_array_index (implicit->functions, QrImplicitFunction, i);

      if (own->origin == wanted->origin && strcmp (own->function.path, wanted->function.path) == 0
          && strcmp (own->function.driver, wanted->function.driver) == 0)
        return own;
    }
  return NULL;
}

/* What @one has and @two has not. */
static void
compare_one_way (const QrImplicit *one, const QrImplicit *two, const char *who, GPtrArray *out)
{
  for (guint i = 0; i < one->functions->len; i++)
    {
      const QrImplicitFunction *function = &g_array_index (one->functions, QrImplicitFunction, i);

      if (find_function (two, function) == NULL)
        g_ptr_array_add (out, g_strdup_printf ("only %s has %s at %s (%s)", who,
                                               function->function.driver, function->function.path,
                                               qr_implicit_origins[function->origin]));
    }
}

/* "pcie.0 (PCIE, no hot-plug)". */
static char *
describe_roots (const QrSurvey *survey)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < survey->roots->len; i++)
    {
      const QrSurveyRoot *root = &g_array_index (survey->roots, QrSurveyRoot, i);

      g_string_append_printf (out, "%s%s (%s, %s)", i == 0 ? "" : ", ", root->name, root->type,
                              root->hotplug ? "hot-plug" : "no hot-plug");
    }
  if (out->len == 0)
    g_string_append (out, "none");
  return g_string_free (out, FALSE);
}

static void
compare_roots (const QrSurvey *known, const QrSurvey *asked, const char *how, GPtrArray *out)
{
  g_autofree char *one = describe_roots (known), *two = describe_roots (asked);

  if (strcmp (one, two) != 0)
    g_ptr_array_add (out,
                     g_strdup_printf ("the root buses%s are %s, and known are %s", how, two, one));
}

static void
compare_failures (const char *fails, const char *how, GPtrArray *out)
{
  if (fails != NULL)
    g_ptr_array_add (out, g_strdup_printf ("QEMU does not start%s: %s", how, fails));
}

/* What may not start for want of a file or of the host may start elsewhere: then nothing is known
 * to be compared with. */
GPtrArray *
qr_implicit_compare (const QrImplicit *known, const QrImplicit *asked)
{
  static const char without[] = " without its defaults";
  GPtrArray *out = g_ptr_array_new_with_free_func (g_free);

  if (known->fails != NULL || known->fails_bare != NULL)
    return out;
  compare_failures (asked->fails, "", out);
  compare_failures (asked->fails_bare, without, out);
  if (out->len > 0)
    return out;
  compare_roots (&known->bare, &asked->bare, without, out);
  compare_roots (&known->full, &asked->full, "", out);
  compare_one_way (asked, known, "QEMU", out);
  compare_one_way (known, asked, "the data", out);
  return out;
}
