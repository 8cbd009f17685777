/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "role-firmware.h"

#include <string.h>

#include "firmware.h"

/* The machine of the line, as it is written. */
static const char *
machine_type (const QrRoleLine *roles)
{
  const char *type = roles->context->machine;

  for (gsize i = 0; i < roles->line->n; i++)
    {
      const QrItem *item = &roles->line->items[i];
      const QrOptList *opts = item->option == NULL || item->option->verb != QR_VERB_MACHINE
                                  ? NULL
                                  : qr_item_opts (item, roles->pool, NULL);

      if (opts != NULL && qr_optlist_get (opts, "type") != NULL)
        type = qr_optlist_get (opts, "type");
    }
  return type;
}

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

gboolean
qr_role_firmware_find (QrRoleWord *word, GError **error)
{
  const QrRoleContext *context = word->roles->context;
  QrFirmwareWish wish = { .interface = qr_role_word_get (word, "value"),
                          .arch = context->arch,
                          .machine = machine_type (word->roles),
                          .directories = context->firmware_paths };
  QrFirmware firmware;

  if (strcmp (wish.interface, "uefi") != 0)
    return TRUE;
  if (!qr_opt_boolean (qr_role_word_get (word, "secure-boot"), &wish.secure)
      && strcmp (qr_role_word_get (word, "secure-boot"), "off") != 0)
    return qr_role_word_fail (word, qr_role_word_opt (word, "secure-boot"), TRUE, "role-value",
                              "write on or off", error, "\"%s\" is neither on nor off",
                              qr_role_word_get (word, "secure-boot"));
  if (!qr_firmware_find (&wish, context->book->profiles, word->roles->pool, &firmware, error))
    {
      if (error != NULL)
        qr_error_locate (*error, &word->use->place);
      return FALSE;
    }
  qr_role_word_set (word, "device", firmware.in_flash ? "flash" : "memory");
  qr_role_word_set (word, "smm", firmware.needs_smm ? "on" : "off");
  qr_role_word_set (word, "code", firmware.code);
  qr_role_word_set (word, "code-format", firmware.code_format);
  return firmware.vars == NULL || keep_variables (word, &firmware, error);
}
