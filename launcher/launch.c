/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "launch.h"

#include <seccomp.h>
#include <string.h>
#include <sys/auxv.h>

#include "become.h"
#include "drop-in.h"
#include "filters.h"
#include "inquire.h"
#include "output.h"
#include "pinned.h"
#include "policy-find.h"
#include "render-diff.h"
#include "render-json.h"
#include "render-profile.h"
#include "render-roles.h"
#include "settings.h"
#include "side.h"
#include "trial.h"
#include "which-qemu.h"

static gboolean
print_version (const QrProfiles *profiles, GError **error)
{
  g_autoptr (GString) out = g_string_new (PACKAGE_STRING "\n");
  const struct scmp_version *seccomp = seccomp_version ();

  g_string_append_printf (out, "built for %s by %s, GLib %d.%d.%d\n", QRISER_ARCH, QRISER_COMPILER,
                          GLIB_MAJOR_VERSION, GLIB_MINOR_VERSION, GLIB_MICRO_VERSION);
  if (seccomp != NULL)
    g_string_append_printf (out, "libseccomp %u.%u.%u\n", seccomp->major, seccomp->minor,
                            seccomp->micro);
  for (guint i = 0; i < qr_n_filters_builtin; i++)
    g_string_append_printf (out, "seccomp/%s.json %s\n", qr_filters_builtin[i].name,
                            qr_filters_builtin[i].hash);
  for (guint i = 0; i < qr_n_filter_parts; i++)
    g_string_append_printf (out, "seccomp/parts/%s.json %s\n", qr_filter_parts[i].name,
                            qr_filter_parts[i].hash);
  g_string_append_printf (out, "seccomp/recorded/%s.json %s\n", qr_filter_recorded.name,
                          qr_filter_recorded.hash);
  for (guint32 i = 0; i < profiles->n_files; i++)
    g_string_append_printf (out, "%s %s\n", profiles->files[i].name, profiles->files[i].hash);
  return qr_output_print (out->str, out->len, error);
}

static gboolean
show_plan (const QrOptions *options, const QrPlan *plan, GError **error)
{
  g_autoptr (GString) out = NULL;

  if (options->command == QR_COMMAND_EXPLAIN)
    out = qr_render_explain (plan, options->operands[0], error);
  else
    out = qr_render (plan, options->format);
  return out != NULL && qr_output_print (out->str, out->len, error);
}

/* Prints what the plan warns of, but for the codes that are allowed; a notice is nothing found. */
static gboolean
show_findings (const QrOptions *options, const QrPlan *plan, int *status, GError **error)
{
  const char *const *allowed = (const char *const *) options->allowed->pdata;
  g_autoptr (GPtrArray) findings = g_ptr_array_new ();
  g_autoptr (GString) out = NULL;

  for (guint i = 0; i < plan->warnings->len; i++)
    {
      const QrWarning *warning = plan->warnings->pdata[i];

      if (g_strv_contains (allowed, warning->code))
        continue;
      g_ptr_array_add (findings, (gpointer) warning);
      if (warning->severity > QR_SEVERITY_NOTICE)
        *status = QR_STATUS_FOUND;
    }
  out = qr_render_findings (findings, options->format);
  return qr_output_print (out->str, out->len, error);
}

/* No file speaks for a process that gained rights, and the user's on the tool face only. */
static gboolean
read_settings (const QrIdentity *identity, const char *configuration, const QrProfiles *profiles,
               QrPool *pool, QrSettings *out, GError **error)
{
  const char *home = identity->face == QR_FACE_TOOL ? g_getenv ("XDG_CONFIG_HOME") : NULL;
  QrSettingsFile files[] = { { NULL, 0, TRUE }, { NULL, geteuid (), FALSE } };

  if (getauxval (AT_SECURE) == 0)
    {
      files[0].path = qr_pool_printf (pool, "%s/" PACKAGE_NAME ".conf", configuration);
      if (home != NULL && *home == '/')
        files[1].path = qr_pool_printf (pool, "%s/" PACKAGE_NAME "/" PACKAGE_NAME ".conf", home);
    }
  return qr_settings_read (files, G_N_ELEMENTS (files), identity->name, profiles, pool, out, error);
}

/* Where policies of the system's are; NULL: they are not read. */
static const char *
policy_directory (const char *configuration, QrPool *pool)
{
  return getauxval (AT_SECURE) == 0 ? qr_pool_printf (pool, "%s/profiles/policies", configuration)
                                    : NULL;
}

/* Roles of the program, of files that the line names and of the system's configuration. */
static gboolean
find_roles (const QrOptions *options, const char *configuration, const QrProfiles *profiles,
            QrPool *pool, QrRoleBook *book, GError **error)
{
  book->profiles = profiles;
  book->directory = getauxval (AT_SECURE) == 0
                        ? qr_pool_printf (pool, "%s/profiles/roles", configuration)
                        : NULL;
  for (guint i = 0; options->roles->pdata[i] != NULL; i++)
    if (!qr_role_read (options->roles->pdata[i], profiles, pool, book->own, error))
      return FALSE;
  return TRUE;
}

/* What the line says, else the configuration, else @otherwise. */
static const char *
first_of (const char *line, const char *configured, const char *otherwise)
{
  return line != NULL ? line : configured != NULL ? configured : otherwise;
}

/* The file that @qemu reads unasked. */
static const char *
user_config (const QrWhichQemu *qemu, const QrProfiles *profiles, QrPool *pool)
{
  const char *file = qr_profiles_verb_option (profiles, QR_VERB_NO_CONFIG)->preset;

  return qemu->prefix == NULL ? NULL : qr_pool_printf (pool, "%s/%s", qemu->etc, file);
}

/* Where devices go, but for what the lock says; NULL: where the machine's own policy has them. */
static gboolean
find_policy (const QrIdentity *identity, const QrOptions *options, const QrSettings *settings,
             const char *directory, const QrProfiles *profiles, QrPool *pool,
             const QrPolicy **found, GError **error)
{
  const char *name = first_of (options->policy, settings->policy, identity->policy);
  gboolean is_configured = options->policy == NULL && settings->policy != NULL;

  *found = NULL;
  if (name == NULL)
    return TRUE;
  *found = qr_policy_find (name, directory, is_configured ? &settings->policy_place : NULL,
                           profiles, pool, error);
  return *found != NULL;
}

/* Where descriptions of firmware are, the first wins: the user's on the tool face only, the
 * system's, those beside @program, those of the system's packages. */
static const char *const *
firmware_paths (const QrIdentity *identity, const char *program, QrPool *pool)
{
  static const char data[] = "share/qemu/firmware";
  const char *home = identity->face == QR_FACE_TOOL && getauxval (AT_SECURE) == 0
                         ? g_getenv ("XDG_CONFIG_HOME")
                         : NULL;
  g_autofree char *bin = program == NULL ? NULL : g_path_get_dirname (program);
  const char **paths = qr_pool_alloc_n (pool, 5, sizeof *paths);
  gsize n = 0;

  if (home != NULL && *home == '/')
    paths[n++] = qr_pool_printf (pool, "%s/qemu/firmware", home);
  paths[n++] = "/etc/qemu/firmware";
  if (bin != NULL && strcmp (bin, "/usr/bin") != 0 && g_str_has_suffix (bin, "/bin"))
    paths[n++]
        = qr_pool_printf (pool, "%.*s/%s", (int) (strlen (bin) - strlen ("/bin")), bin, data);
  paths[n++] = qr_pool_printf (pool, "/usr/%s", data);
  return paths;
}

/* QEMU block.c, create_tmp_file(). */
static const char *
temporary_directory (void)
{
  const char *directory = g_getenv ("TMPDIR");

  return directory == NULL || strcmp (directory, "/tmp") == 0 ? "/var/tmp" : directory;
}

static gboolean
makes_controllers (const QrIdentity *identity, const QrOptions *options)
{
  return options->controllers < 0 ? identity->face == QR_FACE_TOOL : options->controllers > 0;
}

static gboolean
run (QrBecome *become, int *status, GError **error)
{
  const QrOptions *options = become->options;

  if (options->command == QR_COMMAND_PROFILE_RECORD)
    return qr_trial_record (become, options->operands[0], status, error);
  if (options->command == QR_COMMAND_PROFILE_TEST)
    return qr_trial_test (become, options->operands[0], status, error);
  return qr_become_qemu (become, status, error);
}

static gboolean
plan_and_go (const QrIdentity *identity, const QrOptions *options, const QrSettings *settings,
             const QrProfiles *builtin, QrPool *pool, const QrRoleBook *roles,
             const QrPolicy *policy, QrPinned *pinned, int *status, GError **error)
{
  const QrWhichQemu qemu = qr_which_qemu (identity, options, settings, pool);
  const QrProfiles *profiles = qr_which_profiles (&qemu, builtin, pool);
  QrPlanOptions plan_options = {
    .face = identity->face,
    .words = options->words,
    .first = options->first,
    .own = identity->face == QR_FACE_DROP_IN ? &qr_drop_in_option
           : options->listed                 ? &qr_list_end
                                             : NULL,
    .roles = roles,
    .guest_arch = qemu.guest_arch,
    .firmware_paths = firmware_paths (identity, qemu.program, pool),
    .controllers = makes_controllers (identity, options),
    .arch = qemu.arch,
    .policy = policy,
    .yields = options->policy == NULL && pinned->lock == NULL,
    .user_config = user_config (&qemu, profiles, pool),
    .primary = options->primary,
    .place = { options->pack, options->spare, pinned->lock },
    .sysfs = options->sysfs,
    .allowed = (const char *const *) options->allowed->pdata,
    .survey = options->command == QR_COMMAND_CHECK,
    .program = qemu.program != NULL ? qemu.program : qemu.name,
    .version = qemu.version,
    .version_is_kept = qemu.version_is_kept,
    .seccomp = options->seccomp,
    .configured = settings->seccomp,
    .best_effort = options->best_effort,
    .landlock = first_of (options->landlock, settings->landlock, NULL),
    .paths = (const char *const *) options->paths->pdata,
    .temporary = temporary_directory (),
    .prefix = qemu.prefix,
    .etc = qemu.etc,
    .is_root = geteuid () == 0,
  };
  g_auto (QrFilters) filters = { .n = 0 };
  g_autoptr (QrPlan) plan = qr_plan_make (&plan_options, profiles, error);

  if (plan == NULL || !qr_filters_find (plan->confinement.profile, plan->warnings, &filters, error)
      || !qr_become_check_own (plan, &filters, error))
    return FALSE;
  if (options->command == QR_COMMAND_RUN || options->command == QR_COMMAND_PROFILE_RECORD
      || options->command == QR_COMMAND_PROFILE_TEST)
    {
      g_auto (GStrv) environment = g_get_environ ();
      QrBecome become = { identity->face, options, settings, plan, pinned, &filters, environment };

      return run (&become, status, error);
    }
  if (options->forgotten->len > 1 && !qr_pinned_write (pinned, NULL, error))
    return FALSE;
  return options->command == QR_COMMAND_CHECK ? show_findings (options, plan, status, error)
                                              : show_plan (options, plan, error);
}

/* Places are compared, whatever else is said of the lines. */
static gboolean
show_diff (const QrIdentity *identity, const QrOptions *options, const QrProfiles *profiles,
           QrPool *pool, const QrRoleBook *roles, const QrPolicy *policy, int *status,
           GError **error)
{
  QrPlanOptions plan_options = {
    .face = identity->face,
    .own = &qr_list_end,
    .roles = roles,
    .firmware_paths = firmware_paths (identity, NULL, pool),
    .controllers = makes_controllers (identity, options),
    .arch = options->arch,
    .policy = policy,
    .yields = options->policy == NULL,
    .sysfs = options->sysfs,
    .survey = TRUE,
    .program = PACKAGE_NAME,
    .seccomp = "off",
    .landlock = "off",
  };
  g_autoptr (GArray) before = g_array_new (FALSE, FALSE, sizeof (QrDiffItem));
  g_autoptr (GArray) after = g_array_new (FALSE, FALSE, sizeof (QrDiffItem));
  g_autoptr (GArray) differences = NULL;
  g_autoptr (GString) out = NULL;

  if (!qr_side_read (options->operands[0], &plan_options, profiles, pool, before, error)
      || !qr_side_read (options->operands[1], &plan_options, profiles, pool, after, error))
    return FALSE;
  differences = qr_diff (before, after);
  *status = differences->len > 0 ? QR_STATUS_FOUND : QR_STATUS_DONE;
  out = options->format == QR_FORMAT_JSON ? qr_render_json_diff (differences)
                                          : qr_render_diff (differences);
  return qr_output_print (out->str, out->len, error);
}

static gboolean
show_roles (const QrOptions *options, const QrRoleBook *roles, QrPool *pool, GError **error)
{
  g_autoptr (GString) out
      = qr_render_roles (roles, options->operands[0], options->format, pool, error);

  return out != NULL && qr_output_print (out->str, out->len, error);
}

static gboolean
show_profiles (const QrOptions *options, const QrProfiles *profiles, int *status, GError **error)
{
  g_autoptr (GPtrArray) warnings = qr_warnings_new ();
  g_autoptr (GString) out = NULL;
  gboolean differ = FALSE;

  if (options->command == QR_COMMAND_PROFILE_LIST)
    out = qr_render_profile_list (profiles, error);
  else if (options->command == QR_COMMAND_PROFILE_SHOW)
    out = qr_render_profile (options->operands[0], warnings, error);
  else
    out = qr_render_profile_diff (options->operands[0], options->operands[1], warnings, &differ,
                                  error);
  if (out == NULL)
    return FALSE;
  qr_become_warn (warnings, QR_TELL_NOTICES);
  if (differ)
    *status = QR_STATUS_FOUND;
  return qr_output_print (out->str, out->len, error);
}

gboolean
qr_launch (const QrIdentity *identity, const QrOptions *options, const char *configuration,
           const QrProfiles *profiles, QrPool *pool, int *status, GError **error)
{
  g_autoptr (GPtrArray) own = g_ptr_array_new ();
  QrRoleBook roles = { .own = own };
  const QrPolicy *policy;
  g_auto (QrPinned) pinned = { NULL };
  g_autofree char *help = NULL;
  const char *directory;
  QrSettings settings;

  if (options->command == QR_COMMAND_VERSION)
    return print_version (profiles, error);
  if (options->command == QR_COMMAND_HELP)
    {
      help = qr_options_help ();
      return qr_output_print (help, strlen (help), error);
    }
  if (options->command == QR_COMMAND_PROFILE_LIST || options->command == QR_COMMAND_PROFILE_SHOW
      || options->command == QR_COMMAND_PROFILE_DIFF)
    return show_profiles (options, profiles, status, error);
  if (!find_roles (options, configuration, profiles, pool, &roles, error))
    return FALSE;
  if (options->command == QR_COMMAND_ROLES)
    return show_roles (options, &roles, pool, error);
  if (!read_settings (identity, configuration, profiles, pool, &settings, error))
    return FALSE;
  if (qr_inquire_has (options->command))
    return qr_inquire (identity, options, &settings, profiles, pool, status, error);
  directory = policy_directory (configuration, pool);
  if (!find_policy (identity, options, &settings, directory, profiles, pool, &policy, error))
    return FALSE;
  if (options->command == QR_COMMAND_DIFF)
    return show_diff (identity, options, profiles, pool, &roles, policy, status, error);
  if (!qr_pinned_open (&pinned, options->lock, (const char *const *) options->forgotten->pdata,
                       error))
    return FALSE;
  return qr_pinned_policy (&pinned, options->policy != NULL, directory, profiles, pool, &policy,
                           error)
         && plan_and_go (identity, options, &settings, profiles, pool, &roles, policy, &pinned,
                         status, error);
}
