/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "plan.h"

#include <string.h>

#include "absorb.h"
#include "arrange.h"
#include "build.h"
#include "controllers.h"
#include "desugar.h"
#include "differ.h"
#include "display.h"
#include "emit.h"
#include "fit.h"

const char *const qr_plan_codes[] = { "unplanned",
                                      "seccomp-refuses",
                                      "seccomp-unknown",
                                      "seccomp-overlap",
                                      "landlock-unknown",
                                      "landlock-closed",
                                      "host-unread",
                                      "boot-order",
                                      "primary-display",
                                      "nic-order",
                                      "virtio-modern",
                                      "lock-absent",
                                      "lock-drift",
                                      "lock-overruled",
                                      "other-policy",
                                      "nic-addr",
                                      "drive-interface",
                                      "left-device",
                                      "run-as",
                                      NULL };

static gboolean
lacks (const char *version, const char *what, const char *name, const QrPlace *place,
       GError **error)
{
  qr_error_set (error, QR_STATUS_REQUEST, "not-in-version", place,
                "leave it out, or name the version of the QEMU that will run",
                "QEMU %s has no %s \"%s\"", version, what, name);
  return FALSE;
}

/* Where the version of QEMU is known, what it does not have is said before it is started. */
static gboolean
check_version (const QrPlan *plan, GError **error)
{
  const QrTopology *topology = plan->topology;
  const QrMachineType *machine = topology == NULL ? NULL : topology->machine_record;
  QrPlace place;

  for (gsize i = 0; i < plan->cmdline->n; i++)
    {
      const QrItem *item = &plan->cmdline->items[i];

      qr_item_place (item, &place);
      if (item->option != NULL && !qr_qemu_version_has (item->option->qemu, plan->version))
        return lacks (plan->version, "option", item->word, &place, error);
    }
  if (machine != NULL && !qr_qemu_version_has (machine->qemu, plan->version))
    return lacks (plan->version, "machine type", machine->name, &plan->request->machine_place,
                  error);
  for (guint i = 0; topology != NULL && i < topology->devices->len; i++)
    {
      const QrDevice *device = topology->devices->pdata[i];

      if (device->origin != QR_ORIGIN_USER
          || qr_qemu_version_has (device->type->qemu, plan->version))
        continue;
      qr_optlist_place (device->opts, qr_optlist_find (device->opts, "driver"), &place);
      return lacks (plan->version, "device type", device->type->driver, &place, error);
    }
  return TRUE;
}

/* Says what a guest will notice against plain QEMU: nothing, where that refuses the line. */
static void
compare_with_plain (const QrPlan *plan, const QrPlanOptions *options, const QrProfiles *profiles)
{
  QrBuildOptions build = { options->sysfs, options->primary, TRUE, options->bus_limit,
                           options->face == QR_FACE_DROP_IN };
  const QrPolicy *policy = qr_fit_plain (profiles, plan->topology->machine);
  const QrPlaceOptions nothing = { FALSE, 0, NULL };
  g_autoptr (GPtrArray) unsaid = qr_warnings_new ();
  g_autoptr (QrTopology) plain = NULL;
  g_autoptr (GError) refusal = NULL;

  if (plan->policy->keeps_state)
    return;
  if (policy != NULL && qr_differ_is_possible (plan->topology))
    {
      plain = qr_build (plan->request, profiles, &build, plan->pool, unsaid, &refusal);
      if (plain != NULL && qr_place (plain, policy, &nothing, unsaid, &refusal))
        qr_differ_order (plan->topology, plain, options->primary != NULL, plan->warnings);
    }
  qr_differ_interface (plan->topology, plan->warnings);
}

/* An address that not every QEMU looks at. */
static void
tell_of_slot (const QrPlan *plan)
{
  if (plan->request->slotted != NULL)
    qr_warnings_add_hinted (plan->warnings, QR_SEVERITY_NOTICE, "nic-addr",
                            plan->request->slotted->argument, "write the adapter as -device",
                            "QEMU 10.0 by itself takes no notice of addr= here, 7.2 does");
}

/* A drive that is another thing on another QEMU, which may be the one. */
static void
tell_of_drive (const QrPlan *plan)
{
  const QrItem *item = plan->request->undecided;

  if (item != NULL)
    qr_warnings_add_hinted (plan->warnings, QR_SEVERITY_NOTICE, "drive-interface", item->argument,
                            "write if=, or name the version of the QEMU that will run",
                            "QEMU 10.0 makes it a disk on machine \"%s\", 7.2 does not",
                            plan->topology->machine_type);
}

/* Devices of types that are not known: what they are and where they go is QEMU's. */
static void
tell_of_left (const QrPlan *plan)
{
  for (guint i = 0; i < plan->topology->devices->len; i++)
    {
      const QrDevice *device = plan->topology->devices->pdata[i];

      if (device->origin == QR_ORIGIN_USER && device->type->left)
        qr_warnings_add_hinted (plan->warnings, QR_SEVERITY_NOTICE, "left-device",
                                device->opts->argument, qr_profiles_learn_hint,
                                "device \"%s\" is left to QEMU: its type is not known, or that of "
                                "the device whose bus it is on",
                                device->type->driver);
    }
}

/* The machine's devices and the line's, each in its place. */
static gboolean
place_devices (QrPlan *plan, const QrPlanOptions *options, const QrProfiles *profiles,
               GError **error)
{
  QrBuildOptions build = { options->sysfs, options->primary, FALSE, options->bus_limit,
                           options->face == QR_FACE_DROP_IN };

  if (options->controllers && !qr_controllers_add (plan->request, profiles, plan->pool, error))
    return FALSE;
  plan->topology = qr_build (plan->request, profiles, &build, plan->pool, plan->warnings, error);
  if (plan->topology == NULL || !qr_fit_lock (plan->topology, options->place.lock, error))
    return FALSE;
  plan->policy = qr_fit_policy (options->policy, options->yields, plan->topology, profiles,
                                plan->warnings, error);
  if (plan->policy == NULL || !qr_fit_pack (plan->policy, options->place.pack, error)
      || !qr_fit_state (plan->policy, plan->request, plan->topology, options->place.lock, error))
    return FALSE;
  if (!plan->policy->keeps_state)
    qr_arrange (plan->request, plan->topology);
  if (!qr_place (plan->topology, plan->policy, &options->place, plan->warnings, error)
      || !qr_budget_check_buses (plan->topology, options->place.pack, error))
    return FALSE;
  qr_budget_make (plan->topology, plan->cmdline, plan->request->own_firmware, plan->pool,
                  &plan->budget);
  if (!qr_check (plan->topology, &plan->budget, options->face, options->allowed, options->survey,
                 plan->warnings, error))
    return FALSE;
  if (options->primary != NULL)
    qr_display_check (plan->topology, plan->warnings);
  tell_of_slot (plan);
  tell_of_drive (plan);
  tell_of_left (plan);
  compare_with_plain (plan, options, profiles);
  return TRUE;
}

/* QEMU would take a key for qriser as a property, and refuse it in its own words. */
static gboolean
refuse_hints (const QrPlan *plan, const char *machine, GError **error)
{
  for (gsize i = 0; i < plan->cmdline->n; i++)
    {
      const QrItem *item = &plan->cmdline->items[i];
      const QrOptList *opts = item->option == NULL || item->option->verb != QR_VERB_DEVICE
                                  ? NULL
                                  : qr_item_opts (item, plan->pool, NULL);
      const QrOpt *hint = opts == NULL ? NULL : qr_hints_first (opts);
      QrPlace place;

      if (hint == NULL)
        continue;
      qr_optlist_place (opts, hint, &place);
      qr_error_set (error, QR_STATUS_REQUEST, "hint-refused", &place,
                    "leave it out; bus= and addr= are QEMU's own words for a place",
                    "hint \"%s\" cannot be followed: %s is not planned", hint->key, machine);
      return FALSE;
    }
  return TRUE;
}

/* What is asked of a machine whose places are not known cannot be done. */
static gboolean
leave_unplanned (QrPlan *plan, const QrPlanOptions *options, GError **error)
{
  const QrRequest *request = plan->request;
  g_autofree char *name = request->machine_type == NULL
                              ? g_strdup ("QEMU's default machine")
                              : g_strdup_printf ("machine \"%s\"", request->machine_type);

  if (request->informs)
    return TRUE;
  if (options->place.lock != NULL)
    {
      qr_error_set (error, QR_STATUS_REQUEST, "lock-machine", NULL, "leave --lock out",
                    "no places can be kept: %s is not planned", name);
      return FALSE;
    }
  if (options->primary != NULL)
    {
      qr_error_set (error, QR_STATUS_REQUEST, "no-such-display", NULL, NULL,
                    "the primary display cannot be chosen: %s is not planned", name);
      return FALSE;
    }
  if (!refuse_hints (plan, name, error))
    return FALSE;
  qr_warnings_add (plan->warnings, "unplanned", request->machine_place.argument,
                   request->busless ? "%s has no PCI bus as the line has it: nothing is planned"
                                    : "%s is not planned: QEMU chooses every place",
                   name);
  return TRUE;
}

/* The architecture of the guest; where nobody says it, the one that qriser was built for. */
static const char *
arch_of (const QrPlanOptions *options)
{
  if (options->guest_arch != NULL)
    return options->guest_arch;
  return options->arch != NULL ? options->arch : QRISER_ARCH;
}

/* The machine that QEMUs for @arch (NULL: not known) take by themselves; NULL: not known. */
static const QrMachine *
find_standard (const QrProfiles *profiles, const char *arch)
{
  for (guint32 i = 0; arch != NULL && i < profiles->n_machines; i++)
    if (profiles->machines[i].default_of != NULL
        && g_strv_contains (profiles->machines[i].default_of, arch))
      return &profiles->machines[i];
  return NULL;
}

/* The machine of a line that names none: the tool's own, or QEMU's; NULL: not known. */
static const QrMachine *
find_default_machine (const QrPlanOptions *options, const QrProfiles *profiles)
{
  const char *arch = arch_of (options);

  if (options->face != QR_FACE_TOOL)
    return find_standard (profiles, options->arch);
  for (guint32 i = 0; i < profiles->n_machines; i++)
    if (profiles->machines[i].tool_default && qr_machine_is_for (&profiles->machines[i], arch))
      return &profiles->machines[i];
  return find_standard (profiles, arch);
}

/* What the line is for. */
static QrTarget
target_of (const QrPlanOptions *options, const QrProfiles *profiles)
{
  return (QrTarget){ arch_of (options), options->version,
                     find_default_machine (options, profiles) };
}

/* The line with its device list said as QEMU's options, and its files read; NULL with @error set.
 */
static const QrCmdline *
read_line (QrPlan *plan, const QrPlanOptions *options, const QrProfiles *profiles, GError **error)
{
  static const char *const nowhere[] = { NULL };
  const QrRoleBook shipped = { NULL, profiles, NULL };
  const QrMachine *standard = find_default_machine (options, profiles);
  const QrRoleContext context
      = { options->roles != NULL ? options->roles : &shipped, arch_of (options),
          standard == NULL ? NULL : standard->types[0].name,
          options->firmware_paths != NULL ? options->firmware_paths : nowhere };
  const QrCmdline *line = qr_cmdline_parse (options->words, options->first, profiles, options->own,
                                            plan->pool, error);

  if (line != NULL)
    line = qr_list_read (line, options->own == &qr_list_end, profiles, plan->pool, error);
  if (line != NULL)
    line = qr_roles_expand (line, &context, plan->pool, &plan->roles, error);
  return line == NULL ? NULL : qr_absorb (line, options->user_config, profiles, plan->pool, error);
}

/* QEMU's own confinement would add nothing to a profile that refuses all that it does. In QEMU's
 * place it stays: somebody else may look for it; and where QEMU refuses its words. */
static void
drop_own_confinement (const QrPlan *plan, const QrPlanOptions *options)
{
  guint32 asked = plan->request->forbidden | plan->request->closed;

  if (options->face != QR_FACE_TOOL || options->best_effort || plan->request->informs
      || plan->request->odd_confinement || (asked & ~plan->confinement.refuses) != 0)
    return;
  for (guint zone = 0; zone < QR_N_ZONES; zone++)
    for (guint i = plan->request->zones[zone]->len; i > 0; i--)
      {
        const QrLine *line = plan->request->zones[zone]->pdata[i - 1];

        if (line->option != NULL && line->option->verb == QR_VERB_CONFINE)
          g_ptr_array_remove_index (plan->request->zones[zone], i - 1);
      }
}

static gboolean
make_fence (QrPlan *plan, const QrPlanOptions *options, const QrProfiles *profiles, GError **error)
{
  const QrFenceOptions fence
      = { options->face,      options->landlock, options->paths,           options->program,
          options->temporary, options->is_root,  plan->confinement.profile };

  return qr_fence_make (plan->cmdline, plan->request, profiles, &fence, plan->warnings,
                        &plan->fence, error);
}

/* Whether nothing keeps QEMU from what it would do by itself. */
static gboolean
is_unconfined (const QrPlan *plan, const QrPlanOptions *options, const QrConfineOptions *confine,
               const QrProfiles *profiles)
{
  const char *landlock = qr_fence_asked (options->landlock, options->paths);

  return qr_confine_is_off (plan->request, profiles, confine)
         && (plan->request->informs || landlock == NULL
             || strcmp (landlock, qr_landlock_modes[QR_LANDLOCK_OFF]) == 0);
}

/* QEMU would open everything first. */
static void
tell_of_user (const QrPlan *plan)
{
  if (plan->run_as.user != NULL)
    qr_warnings_add_hinted (plan->warnings, QR_SEVERITY_WARNING, "run-as", plan->run_as.argument,
                            "--seccomp=default+identity lets QEMU become it behind that",
                            "QEMU is user \"%s\" from its start, and opens its files as that",
                            plan->run_as.user);
}

/* NULL with @error set. */
static const QrCmdline *
take_taps (QrPlan *plan, const QrPlanOptions *options, const QrProfiles *profiles, GError **error)
{
  const QrTapDefaults *defaults
      = options->etc == NULL
            ? NULL
            : qr_tap_defaults (options->etc, options->prefix, profiles, plan->pool);

  return qr_taps_take (plan->cmdline, plan->request->machine != NULL, defaults, profiles,
                       plan->pool, &plan->taps, error);
}

/* What QEMU could not do where it is confined is done before. Whether it is confined, and which
 * line QEMU gets, is known by the request, which is then made anew. In QEMU's place it changes its
 * user itself, behind what it opens as ours. */
static gboolean
take_over (QrPlan *plan, const QrPlanOptions *options, const QrConfineOptions *confine,
           const QrTarget *target, const QrProfiles *profiles, GError **error)
{
  const QrCmdline *line = plan->cmdline;

  if (is_unconfined (plan, options, confine, profiles))
    return TRUE;
  if (qr_taps_are_on (line, plan->pool))
    line = take_taps (plan, options, profiles, error);
  if (line == NULL)
    return FALSE;
  if (options->face == QR_FACE_TOOL && !qr_confine_asks_for (profiles, confine, QR_NEED_IDENTITY))
    line = qr_run_as_take (line, plan->request->machine != NULL, plan->pool, &plan->run_as);
  if (line == plan->cmdline)
    return TRUE;
  tell_of_user (plan);
  plan->cmdline = line;
  qr_request_free (plan->request);
  plan->request = qr_desugar (line, profiles, target, plan->pool, error);
  return plan->request != NULL;
}

/* Well enough to refuse what it has not: in QEMU's place nothing is refused that a patched one may
 * have. */
static gboolean
knows_version (const QrPlan *plan, const QrPlanOptions *options)
{
  return plan->version != NULL && (!plan->version_is_kept || options->face == QR_FACE_TOOL);
}

QrPlan *
qr_plan_make (const QrPlanOptions *options, const QrProfiles *profiles, GError **error)
{
  QrConfineOptions confine
      = { options->face, options->seccomp, options->configured, options->is_root };
  const QrTarget target = target_of (options, profiles);
  g_autoptr (QrPlan) plan = g_new0 (QrPlan, 1);

  plan->pool = qr_pool_new ();
  plan->warnings = qr_warnings_new ();
  plan->program = options->program;
  plan->version = options->version;
  plan->version_is_kept = options->version_is_kept;
  plan->cmdline = read_line (plan, options, profiles, error);
  if (plan->cmdline == NULL)
    return NULL;
  plan->request = qr_desugar (plan->cmdline, profiles, &target, plan->pool, error);
  if (plan->request == NULL || !take_over (plan, options, &confine, &target, profiles, error))
    return NULL;
  if (plan->request->machine == NULL ? !leave_unplanned (plan, options, error)
                                     : !place_devices (plan, options, profiles, error))
    return NULL;
  if (knows_version (plan, options) && !check_version (plan, error))
    return NULL;
  if (!qr_confine (plan->request, profiles, &confine, plan->warnings, &plan->confinement, error))
    return NULL;
  if (plan->confinement.changes)
    (void) qr_run_as_left (plan->cmdline, plan->request->machine != NULL, plan->pool, &plan->left);
  drop_own_confinement (plan, options);
  if (!make_fence (plan, options, profiles, error))
    return NULL;
  plan->argv = qr_emit (plan->request, plan->topology, options->program, &plan->positions);
  return g_steal_pointer (&plan);
}

void
qr_plan_free (QrPlan *plan)
{
  if (plan == NULL)
    return;
  g_strfreev (plan->argv);
  qr_fence_clear (&plan->fence);
  g_clear_pointer (&plan->taps, g_array_unref);
  g_clear_pointer (&plan->warnings, g_ptr_array_unref);
  qr_topology_free (plan->topology);
  qr_request_free (plan->request);
  qr_pool_free (plan->pool);
  g_free (plan);
}
