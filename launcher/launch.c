/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "launch.h"

#include <errno.h>
#include <seccomp.h>
#include <string.h>

#include "emit.h"
#include "exec.h"
#include "sandbox.h"
#include "seccomp-profile.h"

/* A filter ready to load. */
typedef struct
{
  const guint8 *bpf; /* NULL: none */
  gsize size;
  guint8 *owned; /* when it was compiled now */
} Filter;

static void
filter_clear (Filter *filter)
{
  g_free (filter->owned);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Filter, filter_clear)

static gboolean
compile_filter (const char *path, Filter *filter, GError **error)
{
  g_autoptr (QrJsonDoc) doc = qr_json_doc_read (path, error);
  QrJson root;

  if (doc == NULL)
    return FALSE;
  qr_json_root (doc, &root);
  if (!qr_seccomp_compile (&root, &filter->owned, &filter->size, error))
    return FALSE;
  filter->bpf = filter->owned;
  return TRUE;
}

/* @name: a path, a built-in profile's name, or "off" */
static gboolean
find_filter (const char *name, Filter *filter, GError **error)
{
  const QrFilter *builtin = qr_sandbox_find_builtin (name);

  if (strcmp (name, "off") == 0)
    return TRUE;
  if (strchr (name, '/') != NULL)
    return compile_filter (name, filter, error);
  if (builtin == NULL)
    {
      qr_error_set (error, QR_STATUS_USAGE, "no-profile", NULL,
                    "write a path with a slash for a profile of your own",
                    "there is no seccomp profile \"%s\"", name);
      return FALSE;
    }
  filter->bpf = builtin->bpf;
  filter->size = builtin->size;
  return TRUE;
}

static gboolean
print (const char *text, gsize length, GError **error)
{
  while (length > 0)
    {
      gssize written = write (STDOUT_FILENO, text, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        {
          qr_error_set (error, QR_STATUS_IO, "output", NULL, NULL, "cannot write the output: %s",
                        g_strerror (errno));
          return FALSE;
        }
      text += written;
      length -= (gsize) written;
    }
  return TRUE;
}

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
  for (guint32 i = 0; i < profiles->n_files; i++)
    g_string_append_printf (out, "%s %s\n", profiles->files[i].name, profiles->files[i].hash);
  return print (out->str, out->len, error);
}

static void
print_warnings (const QrPlan *plan)
{
  for (guint i = 0; i < plan->warnings->len; i++)
    {
      const QrWarning *warning = plan->warnings->pdata[i];
      g_autoptr (GString) line = g_string_new ("qriser: warning: ");

      qr_append_printable (line, warning->message, strlen (warning->message));
      if (warning->argument > 0)
        g_string_append_printf (line, " (argument %u)", warning->argument);
      g_printerr ("%s\n", line->str);
    }
}

static gboolean
show_plan (const QrOptions *options, const QrPlan *plan, GError **error)
{
  g_autoptr (GString) out = NULL;

  if (options->command == QR_COMMAND_EXPLAIN)
    out = qr_render_explain (plan, options->operand, error);
  else
    out = qr_render (plan, options->format);
  return out != NULL && print (out->str, out->len, error);
}

static gboolean
become_qemu (const QrOptions *options, const QrPlan *plan, Filter *filter, GError **error)
{
  g_auto (GStrv) environment = g_get_environ ();

  if (!qr_exec_check (plan->program, error)
      || !qr_emit_check_size ((const char *const *) plan->argv, (const char *const *) environment,
                              0, error))
    return FALSE;
  if (options->verbose || isatty (STDERR_FILENO))
    print_warnings (plan);
  if (filter->bpf != NULL && strcmp (plan->seccomp, "off") != 0
      && !qr_sandbox_enter (filter->bpf, filter->size, error))
    return FALSE;
  qr_exec (plan->program, plan->argv, environment, error);
  return FALSE;
}

gboolean
qr_launch (const QrOptions *options, const QrProfiles *profiles, GError **error)
{
  g_autofree char *name = options->qemu != NULL ? g_strdup (options->qemu)
                                                : g_strdup_printf ("qemu-system-%s", options->arch);
  g_autofree char *program = qr_exec_find (name, g_getenv ("PATH"), QEMUDIR);
  g_autofree char *help = NULL;
  QrPlanOptions plan_options = {
    .face = QR_FACE_TOOL,
    .words = options->words,
    .first = options->first,
    .policy = options->policy,
    .primary = options->primary,
    .sysfs = options->sysfs,
    .allowed = (const char *const *) options->allowed->pdata,
    .program = program != NULL ? program : name,
    .seccomp = options->seccomp,
  };
  g_auto (Filter) filter = { 0 };
  g_autoptr (QrPlan) plan = NULL;

  if (options->command == QR_COMMAND_VERSION)
    return print_version (profiles, error);
  if (options->command == QR_COMMAND_HELP)
    {
      help = qr_options_help ();
      return print (help, strlen (help), error);
    }
  if (!find_filter (options->seccomp, &filter, error))
    return FALSE;
  plan = qr_plan_make (&plan_options, profiles, error);
  if (plan == NULL)
    return FALSE;
  if (options->command == QR_COMMAND_RUN)
    return become_qemu (options, plan, &filter, error);
  return show_plan (options, plan, error);
}
