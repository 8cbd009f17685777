/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "inquire.h"

#include <stdio.h>
#include <unistd.h>

#include "ask.h"
#include "doctor.h"
#include "output.h"
#include "render-learned.h"
#include "which-qemu.h"

static gboolean
show_implicit (const QrIdentity *identity, const QrOptions *options, const QrSettings *settings,
               const QrProfiles *builtin, QrPool *pool, int *status, GError **error)
{
  const QrWhichQemu qemu = qr_which_qemu (identity, options, settings, pool);
  const QrProfiles *profiles = qr_which_profiles (&qemu, builtin, pool);
  g_autoptr (GError) unkept = NULL;
  const QrCache cache = qr_which_cache (pool);
  g_autofree char *modules = qr_which_modules (&qemu, profiles->probe);
  const QrAsk ask = { .profiles = profiles,
                      .machines = (const char *const *) options->names->pdata,
                      .program = qemu.program,
                      .name = qemu.name,
                      .arch = qemu.guest_arch,
                      .version = qemu.version,
                      .modules = modules,
                      .cache = &cache,
                      .probe = options->probe,
                      .progress = isatty (STDERR_FILENO) != 0,
                      .json = options->format == QR_FORMAT_JSON };
  gboolean differs;
  g_autoptr (GString) out = qr_ask_implicit (&ask, &unkept, &differs, error);

  if (out == NULL)
    return FALSE;
  if (unkept != NULL)
    fprintf (stderr, "qriser: warning: what QEMU said is not kept: %s\n", unkept->message);
  if (differs)
    *status = QR_STATUS_FOUND;
  return qr_output_print (out->str, out->len, error);
}

static gboolean
show_catalogue (const QrIdentity *identity, const QrOptions *options, const QrSettings *settings,
                const QrProfiles *profiles, QrPool *pool, GError **error)
{
  const QrWhichQemu qemu = qr_which_qemu (identity, options, settings, pool);
  const QrCache cache = qr_which_cache (pool);
  g_autofree char *modules = qr_which_modules (&qemu, profiles->probe);
  const gboolean progress = isatty (STDERR_FILENO) != 0;
  g_auto (QrLearned) learned = { NULL };
  g_autoptr (GError) unkept = NULL;
  g_autoptr (GString) overlay = NULL, out = NULL;
  gboolean kept;

  if (qemu.program == NULL)
    return qr_probe_nobody (qemu.name, error);
  if (!qr_learn (profiles, qemu.program, qemu.guest_arch, progress, &learned, error))
    return FALSE;
  if (qr_learned_count (&learned) > 0)
    overlay = qr_learned_overlay (&learned, qemu.program);
  kept = qr_cache_write_overlay (&cache, qemu.program, modules, overlay, &unkept);
  if (!kept)
    fprintf (stderr, "qriser: warning: what QEMU said is not kept: %s\n", unkept->message);
  out = options->format == QR_FORMAT_JSON ? qr_render_json_learned (&learned, qemu.program, kept)
                                          : qr_render_learned (&learned, qemu.program, kept);
  return qr_output_print (out->str, out->len, error);
}

static gboolean
show_doctor (const QrIdentity *identity, const QrOptions *options, const QrSettings *settings,
             const QrProfiles *profiles, QrPool *pool, int *status, GError **error)
{
  const QrWhichQemu qemu = qr_which_qemu (identity, options, settings, pool);
  const QrCache cache = qr_which_cache (pool);
  g_autofree char *modules = qr_which_modules (&qemu, profiles->probe);
  const QrDoctor doctor = { .profiles = profiles,
                            .qemu = &qemu,
                            .cache = &cache,
                            .modules = modules,
                            .root = options->root,
                            .json = options->format == QR_FORMAT_JSON };
  gboolean bad;
  g_autoptr (GString) out = qr_doctor (&doctor, &bad);

  if (bad)
    *status = QR_STATUS_FOUND;
  return qr_output_print (out->str, out->len, error);
}

gboolean
qr_inquire_has (QrCommand command)
{
  return command == QR_COMMAND_IMPLICIT || command == QR_COMMAND_CATALOGUE
         || command == QR_COMMAND_DOCTOR;
}

gboolean
qr_inquire (const QrIdentity *identity, const QrOptions *options, const QrSettings *settings,
            const QrProfiles *profiles, QrPool *pool, int *status, GError **error)
{
  if (options->command == QR_COMMAND_IMPLICIT)
    return show_implicit (identity, options, settings, profiles, pool, status, error);
  if (options->command == QR_COMMAND_CATALOGUE)
    return show_catalogue (identity, options, settings, profiles, pool, error);
  return show_doctor (identity, options, settings, profiles, pool, status, error);
}
