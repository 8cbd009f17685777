/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "role-image.h"

#include <string.h>

#include "image.h"
#include "size.h"

/* An image of @bytes that is not there is made, in the format that the list or the name says. */
static gboolean
ask_for_image (QrRoleWord *word, QrRoleSide *side, const char *path, GError **error)
{
  const char *format = qr_role_side_get (side, "format");
  QrNewFile file = { .path = path };
  g_autofree char *most = NULL;

  if (format == NULL && g_str_has_suffix (path, ".qcow2"))
    format = "qcow2";
  if (format == NULL || (strcmp (format, "qcow2") != 0 && strcmp (format, "raw") != 0))
    return qr_role_word_fail (word, word->size, FALSE, "image-format",
                              "write format=qcow2 or format=raw", error,
                              "the format of the new image \"%s\" must be qcow2 or raw", path);
  file.kind = *format == 'q' ? QR_NEW_QCOW2 : QR_NEW_RAW;
  if (!qr_size_parse (word->size->value, &file.bytes) || file.bytes == 0)
    return qr_role_word_fail (word, word->size, TRUE, "role-value", "write it as 20G", error,
                              "\"%s\" is no size of a disk", word->size->value);
  if (file.bytes % 512 != 0 || file.bytes > qr_new_file_most (file.kind))
    {
      most = qr_size_format (qr_new_file_most (file.kind));
      return qr_role_word_fail (word, word->size, TRUE, "role-value", NULL, error,
                                "a disk has whole sectors of 512 bytes, and %s at most", most);
    }
  qr_list_place (word->item, word->size->value_start, word->size->value_length, &file.place);
  g_array_append_val (word->roles->files, file);
  if (qr_role_side_get (side, "format") == NULL)
    qr_role_side_set (side, "format", format, NULL);
  return TRUE;
}

static gboolean
no_image (const QrRoleWord *word, const char *path, GError **error)
{
  const QrOpt *first = &word->opts->opts[0];
  QrPlace place;

  qr_list_place (word->item, first->value_start, first->value_length, &place);
  qr_error_set (error, QR_STATUS_NO_INPUT, "no-file", &place,
                "with size=20G it is made, as qcow2 by its name or with format=",
                "there is no image \"%s\"", path);
  return FALSE;
}

/* The format is never left to a search by QEMU where a guest can write. */
static gboolean
settle_format (const QrRoleWord *word, QrRoleSide *side, QrImage image, const char *path,
               GError **error)
{
  const QrOpt *first = &word->opts->opts[0];
  gboolean read_only = qr_role_side_is (side, "media", "cdrom")
                       || qr_role_side_is_on (side, "readonly")
                       || qr_role_side_is_on (side, "read-only");

  if (qr_role_side_get (side, "format") != NULL)
    return TRUE;
  if (image == QR_IMAGE_QCOW2)
    qr_role_side_set (side, "format", "qcow2", NULL);
  else if (image == QR_IMAGE_UNKNOWN && read_only)
    qr_role_side_set (side, "format", "raw", NULL);
  else if (image == QR_IMAGE_CHAINED)
    return qr_role_word_fail (
        word, first, TRUE, "image-format",
        "a guest can write such a header into a raw image; say format=qcow2 or format=raw", error,
        "\"%s\" is a qcow2 image that leads to another file, and not by its name", path);
  else
    return qr_role_word_fail (
        word, first, TRUE, "image-format",
        "write format=raw if that is what it is; only qcow2 is known by its header", error,
        "the format of \"%s\" is not said", path);
  return TRUE;
}

gboolean
qr_role_image_settle (QrRoleWord *word, QrRoleSide *side, const char *path, GError **error)
{
  const QrOpt *first = &word->opts->opts[0];
  QrImage image;
  QrPlace place;

  if (!qr_image_look (path, &image, error))
    {
      qr_list_place (word->item, first->value_start, first->value_length, &place);
      if (error != NULL)
        qr_error_locate (*error, &place);
      return FALSE;
    }
  if (image == QR_IMAGE_ABSENT)
    return word->size != NULL ? ask_for_image (word, side, path, error)
                              : no_image (word, path, error);
  return settle_format (word, side, image, path, error);
}
