/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "seccomp-host.h"

#include <linux/capability.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "seccomp-words.h"

/* What one of "includes" and "excludes" asks. */
typedef struct
{
  gboolean asks;                /* anything */
  gboolean any_arch, asks_arch; /* one of the list is ours; there is a list */
  guint64 capabilities;
  gboolean asks_kernel;
  guint kernel, patch;
} Conditions;

void
qr_seccomp_host_read (QrSeccompHost *out)
{
  struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };
  struct utsname name;

  *out = (QrSeccompHost){ .arch = qr_seccomp_go_architecture (seccomp_arch_native ()) };
  if (syscall (SYS_capget, &header, data) == 0)
    out->capabilities = data[0].permitted | (guint64) data[1].permitted << 32;
  if (uname (&name) == 0)
    (void) sscanf (name.release, "%u.%u", &out->kernel, &out->patch);
}

static gboolean
read_arches (const QrJson *list, const QrSeccompHost *host, Conditions *out, GError **error)
{
  if (!qr_json_is_array (list, error))
    return FALSE;
  for (gsize i = 0; i < qr_json_length (list); i++)
    {
      const char *name;
      QrJson element;

      qr_json_element (list, i, &element);
      if (!qr_seccomp_read_go_architecture (&element, &name, error))
        return FALSE;
      out->asks = out->asks_arch = TRUE;
      out->any_arch |= host != NULL && g_strcmp0 (name, host->arch) == 0;
    }
  return TRUE;
}

static gboolean
read_capabilities (const QrJson *list, Conditions *out, GError **error)
{
  if (!qr_json_is_array (list, error))
    return FALSE;
  for (gsize i = 0; i < qr_json_length (list); i++)
    {
      guint32 number;
      QrJson element;

      qr_json_element (list, i, &element);
      if (!qr_seccomp_read_capability (&element, &number, error))
        return FALSE;
      out->asks = TRUE;
      out->capabilities |= G_GUINT64_CONSTANT (1) << number;
    }
  return TRUE;
}

/* "4.8" */
static gboolean
read_kernel (const QrJson *json, Conditions *out, GError **error)
{
  const char *text;
  char *end;
  guint64 kernel, patch;

  if (!qr_json_string (json, &text, error))
    return FALSE;
  out->asks = out->asks_kernel = TRUE;
  kernel = g_ascii_isdigit (*text) ? g_ascii_strtoull (text, &end, 10) : G_MAXUINT64;
  if (kernel <= G_MAXUINT && end[0] == '.' && g_ascii_isdigit (end[1]))
    {
      patch = g_ascii_strtoull (end + 1, &end, 10);
      out->kernel = (guint) kernel;
      out->patch = (guint) patch;
      if (patch <= G_MAXUINT && *end == '\0')
        return TRUE;
    }
  qr_json_fail (json, error, "it has two numbers, as \"4.8\"", "\"%s\" is no version of Linux",
                text);
  return FALSE;
}

static gboolean
read_conditions (const QrJson *rule, const char *key, const QrSeccompHost *host, Conditions *out,
                 GError **error)
{
  static const char *const keys[] = { "arches", "caps", "minKernel", NULL };
  QrJson conditions, member;

  *out = (Conditions){ 0 };
  if (!qr_json_find (rule, key, &conditions) || qr_json_is_null (&conditions))
    return TRUE;
  if (!qr_json_only (&conditions, keys, error))
    return FALSE;
  if (qr_json_find (&conditions, "arches", &member) && !read_arches (&member, host, out, error))
    return FALSE;
  if (qr_json_find (&conditions, "caps", &member) && !read_capabilities (&member, out, error))
    return FALSE;
  if (qr_json_find (&conditions, "minKernel", &member) && !read_kernel (&member, out, error))
    return FALSE;
  if (host != NULL || !out->asks)
    return TRUE;
  qr_json_fail (&conditions, error, NULL, "a built-in profile must not depend on the machine");
  return FALSE;
}

static gboolean
has_kernel (const QrSeccompHost *host, const Conditions *asked)
{
  return host->kernel > asked->kernel
         || (host->kernel == asked->kernel && host->patch >= asked->patch);
}

/* One thing that is excluded is enough, and all that is included must be. */
gboolean
qr_seccomp_host_allows (const QrJson *rule, const QrSeccompHost *host, gboolean *asks,
                        gboolean *out, GError **error)
{
  Conditions with, without;

  if (!read_conditions (rule, "includes", host, &with, error)
      || !read_conditions (rule, "excludes", host, &without, error))
    return FALSE;
  *asks = with.asks || without.asks;
  *out = TRUE;
  if (host == NULL)
    return TRUE;
  if (without.any_arch || (without.capabilities & host->capabilities) != 0
      || (without.asks_kernel && has_kernel (host, &without)))
    *out = FALSE;
  if ((with.asks_arch && !with.any_arch) || (with.capabilities & ~host->capabilities) != 0
      || (with.asks_kernel && !has_kernel (host, &with)))
    *out = FALSE;
  return TRUE;
}
