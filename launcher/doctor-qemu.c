/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "doctor-qemu.h"

#include <string.h>

#include "exec.h"
#include "health.h"

/* Of qr_qemu_versions: the range that qriser was tried with. */
enum
{
  OLDEST,
  NEWEST,
};

gboolean
qr_doctor_program (const QrWhichQemu *qemu, GPtrArray *health)
{
  g_autoptr (GError) error = NULL;

  if (qemu->program == NULL)
    {
      qr_health_add (health, "qemu", QR_HEALTH_FAULT,
                     "install your system's package of it, or name one: --qemu=PATH",
                     "there is no %s in PATH, nor in " QEMUDIR, qemu->name);
      return FALSE;
    }
  if (!qr_exec_check (qemu->program, FALSE, &error))
    {
      qr_health_add (health, "qemu", QR_HEALTH_FAULT, qr_error_hint (error), "%s", error->message);
      return FALSE;
    }
  qr_health_add (health, "qemu", QR_HEALTH_OK, NULL, "%s", qemu->program);
  return TRUE;
}

void
qr_doctor_cache (const QrCache *cache, const char *program, GPtrArray *health)
{
  g_autoptr (GError) error = NULL;

  if (qr_cache_check (cache, program, &error))
    qr_health_add (health, "cache", QR_HEALTH_OK, NULL, "%s",
                   cache->user != NULL ? cache->user : cache->system);
  else
    qr_health_add (health, "cache", QR_HEALTH_FAULT, qr_error_hint (error), "%s", error->message);
}

/* Reads N.N; what else follows is of no concern. */
static void
read_version (const char *text, guint64 out[2])
{
  char *end;

  out[0] = g_ascii_strtoull (text, &end, 10);
  out[1] = *end == '.' ? g_ascii_strtoull (end + 1, NULL, 10) : 0;
}

/* Whether @one is an older version than @other. */
static gboolean
is_older (const char *one, const char *other)
{
  guint64 a[2], b[2];

  read_version (one, a);
  read_version (other, b);
  return a[0] < b[0] || (a[0] == b[0] && a[1] < b[1]);
}

gboolean
qr_doctor_is_tried (const char *version)
{
  return !is_older (version, qr_qemu_versions[OLDEST])
         && !is_older (qr_qemu_versions[NEWEST], version);
}

/* @said: what the line or the configuration says it were; NULL: nothing */
static void
tell_version (const char *version, const char *said, const char *whence, GPtrArray *health)
{
  if (said != NULL && (is_older (said, version) || is_older (version, said)))
    qr_health_add (health, "version", QR_HEALTH_FAULT,
                   "leave --qemu-version or qemu-version= out: it is known",
                   "the QEMU is %s, and was said to be %s", version, said);
  else if (!qr_doctor_is_tried (version))
    qr_health_add (health, "version", QR_HEALTH_NOTICE,
                   "qriser catalogue learns what the data lacks of it",
                   "%s%s; qriser was tried with %s to %s", version, whence,
                   qr_qemu_versions[OLDEST], qr_qemu_versions[NEWEST]);
  else
    qr_health_add (health, "version", QR_HEALTH_OK, NULL, "%s%s", version, whence);
}

/* What was said of it in another way than by itself. */
static const char *
said_version (const QrWhichQemu *qemu)
{
  return qemu->version_is_kept ? NULL : qemu->version;
}

static void
ask_version (const QrWhichQemu *qemu, const QrAsk *ask, GPtrArray *health)
{
  g_auto (QrProbedBinary) binary = { NULL };
  g_autoptr (GError) unkept = NULL, error = NULL;

  if (!qr_ask_binary (ask, &binary, &unkept, &error))
    {
      qr_health_add (health, "version", QR_HEALTH_FAULT, qr_error_hint (error), "%s",
                     error->message);
      return;
    }
  tell_version (binary.version, said_version (qemu),
                unkept == NULL ? ", asked and kept" : ", asked, and not kept", health);
}

void
qr_doctor_version (const QrWhichQemu *qemu, const QrAsk *ask, GPtrArray *health)
{
  g_autofree char *kept = qr_cache_version (ask->cache, ask->program);
  GString *rest = qr_cache_read (ask->cache, ask->program, QR_CACHE_REST, ask->modules);

  if (kept != NULL && rest != NULL)
    tell_version (kept, said_version (qemu), ", as it said before", health);
  else
    ask_version (qemu, ask, health);
  if (rest != NULL)
    g_string_free (rest, TRUE);
}
