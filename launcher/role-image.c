/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "role-image.h"

#include <string.h>

#include "image.h"
#include "size.h"

enum
{
  SECTOR = 512, /* bytes of a disk that cannot be divided */
};

/* What the list says of the format; "driver" is the same to QEMU. */
static const char *
said_format (const QrRoleSide *side)
{
  const char *format = qr_role_side_get (side, "format");

  return format != NULL ? format : qr_role_side_get (side, "driver");
}

static gboolean
read_size (const QrRoleWord *word, QrNewFile *file, GError **error)
{
  g_autofree char *most = NULL;

  if (!qr_size_parse (word->size->value, &file->bytes) || file->bytes == 0)
    return qr_role_word_fail (word, word->size, TRUE, "role-value", "write it as 20G", error,
                              "\"%s\" is no size of a disk", word->size->value);
  if (file->bytes % SECTOR != 0)
    return qr_role_word_fail (word, word->size, TRUE, "role-value", NULL, error,
                              "a disk has whole sectors of %d bytes", SECTOR);
  if (file->bytes <= qr_new_file_most (file->kind))
    return TRUE;
  most = qr_size_format (qr_new_file_most (file->kind));
  return qr_role_word_fail (word, word->size, TRUE, "role-value", NULL, error,
                            "a new image has %s at most", most);
}

/* An image that is not there is made, in the format that the list or the name says. */
static gboolean
ask_for_image (QrRoleWord *word, QrRoleSide *side, QrNewFile *file, GError **error)
{
  const char *format = said_format (side);

  if (format == NULL && g_str_has_suffix (file->path, ".qcow2"))
    format = "qcow2";
  if (format == NULL || (strcmp (format, "qcow2") != 0 && strcmp (format, "raw") != 0))
    return qr_role_word_fail (
        word, word->size, FALSE, "image-format", "write format=qcow2 or format=raw", error,
        "the format of the new image \"%s\" must be qcow2 or raw", file->path);
  file->kind = *format == 'q' ? QR_NEW_QCOW2 : QR_NEW_RAW;
  if (!read_size (word, file, error))
    return FALSE;
  qr_list_place (word->item, word->size->value_start, word->size->value_length, &file->place);
  g_array_append_vals (word->roles->files, file, 1);
  if (said_format (side) == NULL)
    qr_role_side_set (side, "format", format, NULL);
  return TRUE;
}

static gboolean
no_image (const QrRoleWord *word, const QrRoleSide *side, const char *path, GError **error)
{
  const QrOpt *first = &word->opts->opts[0];
  QrPlace place;

  qr_list_place (word->item, first->value_start, first->value_length, &place);
  qr_error_set (error, QR_STATUS_NO_INPUT, "no-file", &place,
                qr_role_side_is (side, "media", "cdrom")
                    ? NULL
                    : "with size=20G it is made, as qcow2 by its name or with format=",
                "there is no image \"%s\"", path);
  return FALSE;
}

/* The format is never left to a search by QEMU, not even where the guest cannot write now. */
static gboolean
settle_format (const QrRoleWord *word, QrRoleSide *side, QrImage image, const char *path,
               GError **error)
{
  const QrOpt *first = &word->opts->opts[0];
  const char *said = said_format (side);

  if (said != NULL && *said == '\0')
    return qr_role_word_fail (word, qr_role_word_opt (word, "format"), FALSE, "image-format",
                              "write format=raw or format=qcow2", error, "the format is empty");
  if (said != NULL)
    return TRUE;
  if (image == QR_IMAGE_QCOW2)
    qr_role_side_set (side, "format", "qcow2", NULL);
  else if (image == QR_IMAGE_UNKNOWN && qr_role_side_is (side, "media", "cdrom"))
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

/* A size is for a new image, and good even where there is one already. */
static gboolean
check_size (const QrRoleWord *word, QrImage image, const char *path, GError **error)
{
  QrNewFile file = { QR_NEW_RAW, path, 0, NULL, { 0 } };

  if (word->size == NULL)
    return TRUE;
  if (image == QR_IMAGE_REMOTE)
    return qr_role_word_fail (word, word->size, FALSE, "role-key", NULL, error,
                              "an image that is not a file cannot be made");
  return read_size (word, &file, error);
}

gboolean
qr_role_image_settle (QrRoleWord *word, QrRoleSide *side, const char *path, GError **error)
{
  const QrOpt *first = &word->opts->opts[0];
  QrNewFile file = { .path = path };
  QrImage image;
  QrPlace place;

  if (!qr_image_look (path, &image, error))
    {
      qr_list_place (word->item, first->value_start, first->value_length, &place);
      if (error != NULL)
        qr_error_locate (*error, &place);
      return FALSE;
    }
  if (!check_size (word, image, path, error))
    return FALSE;
  if (image == QR_IMAGE_ABSENT)
    return word->size != NULL ? ask_for_image (word, side, &file, error)
                              : no_image (word, side, path, error);
  return settle_format (word, side, image, path, error);
}
