/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "seccomp-arguments.h"

#include "seccomp-words.h"

/* All 64 bits: qr_json_uint() stops at the largest signed number. */
static gboolean
read_datum (const QrJson *json, guint64 *out, GError **error)
{
  g_autofree char *digits = NULL;
  QrPlace place;

  if (!qr_json_uint (json, 0, G_MAXUINT64, out, error))
    return FALSE;
  if (*out < G_MAXINT64)
    return TRUE;
  qr_json_place (json, &place);
  digits = g_strndup (place.text + place.start, place.length);
  if (g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT64, out, NULL))
    return TRUE;
  qr_json_fail (json, error, NULL, "expected a whole number, 0 to %" G_GUINT64_FORMAT, G_MAXUINT64);
  return FALSE;
}

/* Whether a comparison of order holds for no value, or for all. */
static gboolean
is_idle (const struct scmp_arg_cmp *arg)
{
  if (arg->op == SCMP_CMP_LT || arg->op == SCMP_CMP_GE)
    return arg->datum_a == 0;
  return (arg->op == SCMP_CMP_GT || arg->op == SCMP_CMP_LE) && arg->datum_a == G_MAXUINT64;
}

/* In a masked comparison "value" is the mask and "valueTwo" what is expected. */
static gboolean
check_datums (const QrJson *value, const QrJson *second, const struct scmp_arg_cmp *arg,
              GError **error)
{
  const gboolean always = arg->op == SCMP_CMP_GE || arg->op == SCMP_CMP_LE;

  if (arg->op != SCMP_CMP_MASKED_EQ && arg->datum_b != 0)
    qr_json_fail (second, error, "only SCMP_CMP_MASKED_EQ compares with two",
                  "\"valueTwo\" beside an operator that takes one value");
  else if (arg->op == SCMP_CMP_MASKED_EQ && arg->datum_a == 0)
    qr_json_fail (value, error, "drop the comparison", "a mask of 0 compares nothing");
  else if (arg->op == SCMP_CMP_MASKED_EQ && (arg->datum_b & ~arg->datum_a) != 0)
    qr_json_fail (second, error, "\"value\" is the mask, \"valueTwo\" what is expected under it",
                  "\"valueTwo\" has bits outside the mask, so the rule never applies");
  else if (is_idle (arg))
    qr_json_fail (value, error, always ? "drop the comparison" : "drop the rule",
                  "with this \"value\" the comparison holds for %s argument",
                  always ? "every" : "no");
  else
    return TRUE;
  return FALSE;
}

static gboolean
read_argument (const QrJson *json, struct scmp_arg_cmp *out, GError **error)
{
  static const char *const keys[] = { "index", "value", "valueTwo", "op", NULL };
  QrJson index, op, value, second;
  guint64 number;
  guint32 word;

  if (!qr_json_only (json, keys, error) || !qr_json_member (json, "index", &index, error)
      || !qr_json_uint (&index, 0, QR_SECCOMP_ARGUMENTS - 1, &number, error)
      || !qr_json_member (json, "op", &op, error) || !qr_seccomp_read_operator (&op, &word, error)
      || !qr_json_member (json, "value", &value, error))
    return FALSE;
  *out = (struct scmp_arg_cmp){ (guint) number, (enum scmp_compare) word, 0, 0 };
  if (!read_datum (&value, &number, error))
    return FALSE;
  out->datum_a = number;
  if (qr_json_find (json, "valueTwo", &second))
    {
      if (!read_datum (&second, &number, error))
        return FALSE;
      out->datum_b = number;
    }
  return check_datums (&value, &second, out, error);
}

gboolean
qr_seccomp_read_arguments (const QrJson *json, QrSeccompRule *rule, GError **error)
{
  if (!qr_json_is_array (json, error))
    return FALSE;
  for (gsize i = 0; i < qr_json_length (json); i++)
    {
      struct scmp_arg_cmp arg;
      QrJson element;

      qr_json_element (json, i, &element);
      if (!read_argument (&element, &arg, error))
        return FALSE;
      for (guint j = 0; j < rule->n_args; j++)
        if (rule->args[j].arg == arg.arg)
          {
            qr_json_fail (
                &element, error,
                "two rules would be alternatives; compare it once, or have a rule for each value",
                "argument %u is compared twice in one rule", arg.arg);
            return FALSE;
          }
      rule->args[rule->n_args++] = arg; /* at most one for each argument, so it fits */
    }
  return TRUE;
}
