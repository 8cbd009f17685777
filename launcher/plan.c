/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "plan.h"

#include <string.h>

#include "build.h"
#include "display.h"
#include "emit.h"
#include "place.h"

static const QrPolicy *
find_policy (const QrPlanOptions *options, const QrProfiles *profiles, GError **error)
{
  const QrPolicy *policy = qr_profiles_find_policy (profiles, options->policy);
  g_autoptr (GString) known = g_string_new ("policies are: ");

  if (policy != NULL)
    return policy;
  for (guint32 i = 0; i < profiles->n_policies; i++)
    g_string_append_printf (known, "%s%s@%u", i == 0 ? "" : ", ", profiles->policies[i].name,
                            profiles->policies[i].version);
  qr_error_set (error, QR_STATUS_USAGE, "no-policy", NULL, known->str, "there is no policy \"%s\"",
                options->policy);
  return NULL;
}

static gboolean
check_policy_fits (const QrPlan *plan, GError **error)
{
  const QrMachine *machine = plan->topology->machine;

  if (g_strv_contains (plan->policy->machines, machine->family))
    return TRUE;
  qr_error_set (error, QR_STATUS_REQUEST, "no-policy", NULL, NULL,
                "policy %s@%u does not place on machine \"%s\"", plan->policy->name,
                plan->policy->version, plan->topology->machine_type);
  return FALSE;
}

/* A saved state names devices by their places: they must be those it was saved with. */
static gboolean
check_state (const QrPlan *plan, GError **error)
{
  GPtrArray *devices = plan->topology->devices;
  QrPlace place;

  if (plan->request->incoming == NULL || plan->policy->keeps_state)
    return TRUE;
  for (guint i = 0; i < devices->len; i++)
    {
      const QrDevice *device = devices->pdata[i];

      if (device->origin != QR_ORIGIN_USER || !qr_device_type_is_pci (device->type)
          || device->names_addr)
        continue;
      qr_item_place (plan->request->incoming, &place);
      qr_error_set (
          error, QR_STATUS_REQUEST, "restores-state", &place,
          "give every PCI device its bus= and addr=, or use --policy=qemu@1",
          "a saved state names devices by their places, and policy %s@%u would choose that of %s",
          plan->policy->name, plan->policy->version, device->type->driver);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_sandbox (const QrPlan *plan, GError **error)
{
  const QrItem *item = plan->request->spawns;
  const char *hint = plan->request->spawns_hint;
  QrPlace place;

  if (item == NULL || strcmp (plan->seccomp, "off") == 0)
    return TRUE;
  qr_item_place (item, &place);
  qr_error_set (error, QR_STATUS_UNAVAILABLE, "needs-spawn", &place,
                hint != NULL ? hint : "run it unconfined with --seccomp=off",
                "option \"%s\" needs processes or identities that seccomp profile \"%s\" refuses",
                item->word, plan->seccomp);
  return FALSE;
}

/* The line as it is: QEMU prints something and ends. */
static void
pass_through (QrPlan *plan, const QrPlanOptions *options)
{
  GPtrArray *argv = g_ptr_array_new ();

  g_ptr_array_add (argv, g_strdup (options->program));
  for (const char *const *word = options->words; *word != NULL; word++)
    g_ptr_array_add (argv, g_strdup (*word));
  g_ptr_array_add (argv, NULL);
  plan->argv = (char **) g_ptr_array_free (argv, FALSE);
  plan->seccomp = "off";
  plan->why = "QEMU prints something and ends";
}

QrPlan *
qr_plan_make (const QrPlanOptions *options, const QrProfiles *profiles, GError **error)
{
  QrBuildOptions build = { options->sysfs, options->primary };
  g_autoptr (QrPlan) plan = g_new0 (QrPlan, 1);

  plan->pool = qr_pool_new ();
  plan->warnings = qr_warnings_new ();
  plan->program = options->program;
  plan->seccomp = options->seccomp;
  plan->why = "asked for, or the default";
  plan->policy = find_policy (options, profiles, error);
  if (plan->policy == NULL)
    return NULL;
  plan->cmdline = qr_cmdline_parse (options->words, options->first, profiles, plan->pool, error);
  if (plan->cmdline == NULL)
    return NULL;
  plan->request = qr_desugar (plan->cmdline, profiles, plan->pool, error);
  if (plan->request == NULL)
    return NULL;
  if (plan->request->informs)
    {
      pass_through (plan, options);
      return g_steal_pointer (&plan);
    }
  plan->topology = qr_build (plan->request, profiles, &build, plan->pool, plan->warnings, error);
  if (plan->topology == NULL || !check_policy_fits (plan, error) || !check_state (plan, error)
      || !qr_place (plan->topology, plan->policy, error)
      || !qr_topology_check_buses (plan->topology, error)
      || !qr_check (plan->topology, options->face, options->allowed, plan->warnings, error)
      || !check_sandbox (plan, error))
    return NULL;
  qr_display_check (plan->topology, plan->warnings);
  plan->argv
      = qr_emit (plan->topology, plan->cmdline, plan->request, options->program, &plan->positions);
  return g_steal_pointer (&plan);
}

void
qr_plan_free (QrPlan *plan)
{
  if (plan == NULL)
    return;
  g_strfreev (plan->argv);
  g_clear_pointer (&plan->warnings, g_ptr_array_unref);
  qr_topology_free (plan->topology);
  qr_request_free (plan->request);
  qr_pool_free (plan->pool);
  g_free (plan);
}
