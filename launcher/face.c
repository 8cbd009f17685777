/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "face.h"

#include <string.h>

static const char ours[] = PACKAGE_NAME;
static const char system_part[] = "-system-";

/* The "-system-ARCH" that @name ends in, or NULL. */
static const char *
find_system (const char *name)
{
  const char *found = g_strrstr (name, system_part), *arch;

  if (found == NULL)
    return NULL;
  arch = found + strlen (system_part);
  for (const char *at = arch; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at) && *at != '_')
      return NULL;
  return *arch == '\0' ? NULL : found;
}

void
qr_face_read (const char *argv0, QrPool *pool, QrIdentity *out)
{
  static const char *const kvm_names[] = { "qemu-kvm", "kvm", NULL };
  const char *slash = strrchr (argv0, '/'), *system;

  *out = (QrIdentity){ .face = QR_FACE_TOOL, .name = slash == NULL ? argv0 : slash + 1 };
  out->is_ours = g_str_has_prefix (out->name, ours);
  system = find_system (out->name);
  if (system != NULL)
    out->qemu = qr_pool_printf (pool, "qemu%s", system);
  else if (g_strv_contains (kvm_names, out->name))
    out->qemu = out->name;
  else
    return;
  out->face = QR_FACE_DROP_IN;
  if (!out->is_ours)
    out->policy = "qemu";
}

const char *
qr_face_arch (const char *path)
{
  const char *system = find_system (path);

  return system == NULL ? NULL : system + strlen (system_part);
}
