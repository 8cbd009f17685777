/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "role-firmware.h"

#include <string.h>
#include <sys/stat.h>

#include "firmware.h"

/* Variables of UEFI live in a file of the guest's, made of the template when it is not there. */
static gboolean
keep_variables (QrRoleWord *word, const QrFirmware *firmware, GError **error)
{
  const char *path = qr_role_word_get (word, "vars");
  const QrOpt *opt = qr_role_word_opt (word, "vars");
  QrNewFile file = { QR_NEW_COPY, path, 0, firmware->vars, { 0 } };

  qr_role_word_set (word, "vars-format", firmware->vars_format);
  if (*path == '\0')
    {
      qr_role_word_set (word, "vars", firmware->vars);
      qr_role_word_set (word, "keeps", "off");
      return TRUE;
    }
  qr_role_word_set (word, "keeps", "on");
  qr_list_place (word->item, opt->value_start, opt->value_length, &file.place);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    g_array_append_val (word->roles->files, file);
  else if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return qr_role_word_fail (word, opt, TRUE, "role-value", NULL, error, "\"%s\" is no file",
                              path);
  return TRUE;
}

/* Refuses @key where the list gives it: it @why. */
static gboolean
refuse_key (const QrRoleWord *word, const char *key, const char *why, GError **error)
{
  const QrOpt *opt = qr_role_word_opt (word, key);

  return opt == NULL
         || qr_role_word_fail (word, opt, FALSE, "role-key", NULL, error, "\"%s\" %s", key, why);
}

/* What a description names must be there, or it is not installed. */
static gboolean
check_file (const QrRoleWord *word, const char *path, GError **error)
{
  struct stat info;

  if (path == NULL || (stat (path, &info) == 0 && S_ISREG (info.st_mode)))
    return TRUE;
  qr_error_set (error, QR_STATUS_NO_INPUT, "no-firmware", &word->use->place,
                "install what the description belongs to, or name a file: firmware=PATH",
                "the firmware that is described has no file \"%s\"", path);
  return FALSE;
}

static void
set_words (QrRoleWord *word, const QrFirmware *firmware)
{
  qr_role_word_set (word, "device", firmware->in_flash ? "flash" : "memory");
  qr_role_word_set (word, "smm", firmware->needs_smm ? "on" : "off");
  qr_role_word_set (word, "code", firmware->code);
  qr_role_word_set (word, "code-format", firmware->code_format);
}

gboolean
qr_role_firmware_find (QrRoleWord *word, GError **error)
{
  const QrRoleContext *context = word->roles->context;
  QrFirmwareWish wish = { .interface = qr_role_word_get (word, "value"),
                          .arch = context->arch,
                          .machine = qr_role_line_machine (word->roles),
                          .directories = context->firmware_paths };
  QrFirmware firmware;

  if (strcmp (wish.interface, "uefi") != 0)
    return refuse_key (word, "secure-boot", "is for firmware=uefi", error)
           && refuse_key (word, "vars", "is for firmware=uefi", error);
  wish.secure = strcmp (qr_role_word_get (word, "secure-boot"), "on") == 0;
  if (!qr_firmware_find (&wish, context->book->profiles, word->roles->pool, &firmware, error))
    {
      if (error != NULL)
        qr_error_locate (*error, &word->use->place);
      return FALSE;
    }
  if (!check_file (word, firmware.code, error) || !check_file (word, firmware.vars, error))
    return FALSE;
  set_words (word, &firmware);
  if (firmware.vars == NULL)
    return refuse_key (word, "vars", "cannot be kept: the firmware that was found has none", error);
  return keep_variables (word, &firmware, error);
}
