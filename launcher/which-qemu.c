/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "which-qemu.h"

#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "exec.h"
#include "profiles-load.h"
#include "user.h"

/* The QEMU that the line or the configuration names, or the name of the one to look for. */
static const char *
qemu_name (const QrIdentity *identity, const QrOptions *options, const QrSettings *settings,
           QrPool *pool)
{
  if (options->qemu != NULL)
    return options->qemu;
  if (settings->qemu != NULL)
    return settings->qemu;
  return identity->qemu != NULL ? identity->qemu
                                : qr_pool_printf (pool, "qemu-system-%s", options->arch);
}

static const char *
find_program (const char *name, QrPool *pool)
{
  g_autofree char *program = qr_exec_find (name, g_getenv ("PATH"), QEMUDIR);

  return program == NULL ? NULL : qr_pool_strdup (pool, program);
}

/* PREFIX of @program, which is in PREFIX/bin. */
static const char *
find_prefix (const char *program, QrPool *pool)
{
  g_autofree char *bin = g_path_get_dirname (program);
  g_autofree char *prefix = g_path_get_dirname (bin);

  return qr_pool_strdup (pool, prefix);
}

/* Where the QEMU in @prefix has its configuration: below, of /usr in /etc. */
static const char *
find_etc (const char *prefix, QrPool *pool)
{
  gsize length = prefix == NULL ? 0 : strlen (prefix);

  if (length > 0 && g_str_has_suffix (prefix, "/usr"))
    length -= strlen ("/usr");
  return qr_pool_printf (pool, "%.*s/etc", (int) length, prefix == NULL ? "" : prefix);
}

/* By its name, or that of what it is a link to: qemu-system-amd64 is none of its own. */
static const char *
arch_of (const char *program, QrPool *pool)
{
  g_autofree char *target = g_file_read_link (program, NULL);
  const char *arch = target == NULL ? NULL : qr_face_arch (target);

  return arch != NULL ? qr_pool_strdup (pool, arch) : qr_face_arch (program);
}

/* By the name of the QEMU, else by what was asked for. */
static const char *
guest_arch (const QrIdentity *identity, const QrOptions *options, const char *arch)
{
  if (arch == NULL)
    arch = qr_face_arch (identity->name);
  return arch != NULL ? arch : options->arch;
}

/* The environment does not speak for a process that gained rights. Root has the system's, unless
 * it asks for its own. */
QrCache
qr_which_cache (QrPool *pool)
{
  const char *said = getauxval (AT_SECURE) == 0 ? g_getenv ("XDG_CACHE_HOME") : NULL;
  QrCache cache = { NULL, CACHEDIR };

  if (said != NULL && *said == '/')
    cache.user = qr_pool_printf (pool, "%s/" PACKAGE_NAME, said);
  else if (geteuid () != 0)
    {
      g_autofree char *home = qr_user_home (geteuid ());

      if (home != NULL)
        cache.user = qr_pool_printf (pool, "%s/.cache/" PACKAGE_NAME, home);
    }
  return cache;
}

static void
find_version (const QrOptions *options, const QrSettings *settings, QrPool *pool, QrWhichQemu *out)
{
  g_autofree char *kept = NULL;
  QrCache cache;

  out->version = options->qemu_version != NULL ? options->qemu_version : settings->qemu_version;
  if (out->version != NULL || out->program == NULL)
    return;
  cache = qr_which_cache (pool);
  kept = qr_cache_version (&cache, out->program);
  if (kept == NULL)
    return;
  out->version = qr_pool_strdup (pool, kept);
  out->version_is_kept = TRUE;
}

QrWhichQemu
qr_which_qemu (const QrIdentity *identity, const QrOptions *options, const QrSettings *settings,
               QrPool *pool)
{
  QrWhichQemu out = { .name = qemu_name (identity, options, settings, pool) };

  out.program = find_program (out.name, pool);
  out.prefix = out.program == NULL ? NULL : find_prefix (out.program, pool);
  out.etc = find_etc (out.prefix, pool);
  out.arch = out.program != NULL ? arch_of (out.program, pool) : qr_face_arch (out.name);
  out.guest_arch = guest_arch (identity, options, out.program != NULL ? out.arch : NULL);
  find_version (options, settings, pool, &out);
  return out;
}

char *
qr_which_modules (const QrWhichQemu *qemu, const QrProbeWords *probe)
{
  const char *variable = getauxval (AT_SECURE) == 0 ? g_getenv (probe->modules_variable) : NULL;

  return qr_cache_modules (qemu->prefix, probe->modules, variable);
}

/* One that cannot be read is none. */
const QrProfiles *
qr_which_profiles (const QrWhichQemu *qemu, const QrProfiles *profiles, QrPool *pool)
{
  const QrCache cache = qr_which_cache (pool);
  g_autofree char *modules = NULL;
  g_autoptr (QrJsonDoc) doc = NULL;
  GString *text;
  QrProfiles overlay = { .overlay = NULL };

  if (qemu->program == NULL || !qr_cache_has_overlay (&cache, qemu->program))
    return profiles;
  modules = qr_which_modules (qemu, profiles->probe);
  text = qr_cache_read (&cache, qemu->program, QR_CACHE_OVERLAY, modules);
  if (text == NULL)
    return profiles;
  doc = qr_json_doc_parse (text->str, text->len, "overlay", 0, QR_STATUS_CONFIG, NULL);
  g_string_free (text, TRUE);
  if (doc == NULL || !qr_profiles_load_overlay (doc, pool, &overlay, NULL))
    return profiles;
  return qr_profiles_with (profiles, &overlay, qemu->guest_arch, pool);
}
