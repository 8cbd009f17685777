/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "fence.h"

#include <string.h>

#include "fence-items.h"
#include "schema.h"

static const char read_only[] = "ro:", writable[] = "rw:";

void
qr_fence_clear (QrFence *fence)
{
  g_clear_pointer (&fence->landlock.paths, g_array_unref);
  g_clear_pointer (&fence->landlock.ports, g_array_unref);
}

gboolean
qr_fence_is_allowance (const char *word)
{
  return (g_str_has_prefix (word, read_only) || g_str_has_prefix (word, writable))
         && word[strlen (read_only)] != '\0';
}

static void
add_allowed (const char *const *allowed, QrLandlock *out)
{
  for (; allowed != NULL && *allowed != NULL; allowed++)
    {
      gboolean only_read = g_str_has_prefix (*allowed, read_only);
      const QrLandlockPath path = { *allowed + strlen (read_only),
                                    only_read ? QR_LANDLOCK_READ
                                              : QR_LANDLOCK_READ | QR_LANDLOCK_WRITE
                                                    | QR_LANDLOCK_DEVICE | QR_LANDLOCK_TREE,
                                    0, TRUE };

      g_array_append_val (out->paths, path);
    }
}

static gboolean
off (const char *why, gboolean is_usual, QrFence *out)
{
  qr_fence_clear (out);
  *out = (QrFence){ .mode = QR_LANDLOCK_OFF, .is_usual = is_usual, .why = why };
  return TRUE;
}

/* Why nobody gets a fence who did not ask for one, before anything is looked for; NULL: the line
 * can have it if all is known that it opens. */
static const char *
why_not (const QrRequest *request, const QrFenceOptions *options)
{
  const QrItem *monitor = request->monitor;

  if (options->face != QR_FACE_TOOL)
    return "nobody asked for it";
  if (strcmp (options->profile, "off") == 0)
    return "there is no seccomp filter either";
  if (monitor != NULL && monitor->argument > 0)
    return qr_item_phrase (monitor, "gives a monitor, which may open other files", request->pool);
  if (monitor != NULL || !request->quiet)
    return "QEMU has its default monitor, which may open other files";
  return NULL;
}

/* What an image is said to lead to by itself is not known, and no reason not to hold the line. */
static const char *
why_held (const QrFenceFound *found)
{
  return found->doubt != NULL
             ? "all that the line names is known; what an image leads to stays closed"
             : "all that the line opens is known";
}

static gboolean
refuse (const QrFenceFound *found, QrFence *out, GError **error)
{
  const QrItem *item = found->refuser;
  QrPlace place;

  qr_item_place (item, &place);
  qr_error_set (error, QR_STATUS_UNAVAILABLE, "landlock-refuses", &place,
                "leave it out, or write --landlock=off",
                "option \"%s\" (argument %u) %s, which Landlock does not let it", item->word,
                item->argument, found->refused);
  qr_fence_clear (out);
  return FALSE;
}

const char *
qr_fence_asked (const char *mode, const char *const *allowed)
{
  if (mode != NULL || allowed == NULL || allowed[0] == NULL)
    return mode;
  return qr_landlock_modes[QR_LANDLOCK_BEST_EFFORT];
}

gboolean
qr_fence_make (const QrCmdline *cmdline, const QrRequest *request, const QrProfiles *profiles,
               const QrFenceOptions *options, GPtrArray *warnings, QrFence *out, GError **error)
{
  const char *asked = qr_fence_asked (options->mode, options->allowed);
  QrLandlockMode mode = asked == NULL
                            ? QR_LANDLOCK_BEST_EFFORT
                            : (QrLandlockMode) qr_schema_name_index (qr_landlock_modes, asked);
  const char *why = asked == NULL ? why_not (request, options) : NULL;
  QrFenceFound found;

  *out = (QrFence){ 0 };
  if (mode == QR_LANDLOCK_OFF || request->informs)
    return off (asked == NULL ? "QEMU runs no machine for this line" : "asked for", TRUE, out);
  if (why != NULL)
    return off (why, options->face != QR_FACE_TOOL, out);
  out->landlock.paths = g_array_new (FALSE, FALSE, sizeof (QrLandlockPath));
  out->landlock.ports = g_array_new (FALSE, FALSE, sizeof (QrLandlockPort));
  qr_fence_find (cmdline, request, profiles, options->program, options->temporary, &out->landlock,
                 &found);
  if (asked == NULL && found.unknown != NULL)
    return off (found.unknown, FALSE, out);
  if (found.refused != NULL && asked != NULL && !options->is_root)
    return refuse (&found, out, error);
  add_allowed (options->allowed, &out->landlock);
  out->mode = mode;
  out->why = asked != NULL ? "asked for" : why_held (&found);
  if (found.doubt != NULL)
    qr_warnings_add (warnings, "landlock-closed", found.doubtful->argument,
                     "%s; what it leads to stays closed", found.doubt);
  if (found.unknown != NULL)
    qr_warnings_add (warnings, "landlock-unknown", found.item == NULL ? 0 : found.item->argument,
                     "%s; what that opens is not known, and --allow-path may have to name it",
                     found.unknown);
  return TRUE;
}
