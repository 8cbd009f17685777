/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "parity.h"

#include <stdio.h>
#include <string.h>

#include "live-compare.h"
#include "parity-rules.h"
#include "vmlib.h"

enum
{
  MAX_ROWS = 24 /* of a text's difference */
};

typedef struct
{
  GPtrArray *functions; /* NULL with a refusal */
  GStrv texts;
  GError *refusal;
} Side;

static void
side_clear (Side *side)
{
  g_clear_pointer (&side->functions, g_ptr_array_unref);
  g_clear_pointer (&side->texts, g_strfreev);
  g_clear_error (&side->refusal);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Side, side_clear)

/* --- functions ---------------------------------------------------------------------------- */

static char *
describe (const VmFunction *function)
{
  if (function == NULL)
    return g_strdup ("nothing");
  return g_strdup_printf ("%s%s%s", function->driver, function->id == NULL ? "" : " ",
                          function->id == NULL ? "" : function->id);
}

static void
compare_function (const VmFunction *plain, const VmFunction *other, GString *notes)
{
  g_autofree char *expected = describe (plain), *found = describe (other);

  if (strcmp (expected, found) != 0)
    live_note (notes, "at %s: %s, in plain QEMU %s", plain == NULL ? other->path : plain->path,
               found, expected);
}

static void
compare_functions (const GPtrArray *plain, const GPtrArray *other, GString *notes)
{
  for (guint i = 0; i < plain->len; i++)
    {
      const VmFunction *function = plain->pdata[i];

      compare_function (function, vm_find_function (other, function->path), notes);
    }
  for (guint i = 0; i < other->len; i++)
    {
      const VmFunction *function = other->pdata[i];

      if (vm_find_function (plain, function->path) == NULL)
        compare_function (NULL, function, notes);
    }
}

/* --- texts ---------------------------------------------------------------------------------- */

/* The parts of two texts that are not the same at both ends. */
typedef struct
{
  char **plain, **other;
  gsize n_plain, n_other;
  guint16 *common; /* (n_plain + 1) * (n_other + 1): rows in common from there on */
  GString *notes;
  guint rows;
} Diff;

static guint16 *
common_at (const Diff *diff, gsize i, gsize j)
{
  return &diff->common[i * (diff->n_other + 1) + j];
}

static void
count_common (Diff *diff)
{
  diff->common = g_new0 (guint16, (diff->n_plain + 1) * (diff->n_other + 1));
  for (gsize i = diff->n_plain; i-- > 0;)
    for (gsize j = diff->n_other; j-- > 0;)
      *common_at (diff, i, j)
          = strcmp (diff->plain[i], diff->other[j]) == 0
                ? (guint16) (*common_at (diff, i + 1, j + 1) + 1)
                : MAX (*common_at (diff, i + 1, j), *common_at (diff, i, j + 1));
}

/* The device that a row of "info qtree" belongs to: it is less indented.  FIRST is the first row.
 */
static const char *
find_device (char **row, char **first)
{
  gsize indent = strspn (*row, " ");

  while (row-- > first)
    {
      const char *text = *row + strspn (*row, " ");

      if (text < *row + indent && g_str_has_prefix (text, "dev: "))
        return text;
    }
  return NULL;
}

static void
note_row (Diff *diff, char sign, char **row, char **first)
{
  const char *device = find_device (row, first), *text = *row + strspn (*row, " ");

  if (++diff->rows == MAX_ROWS)
    live_note (diff->notes, "...");
  if (diff->rows >= MAX_ROWS)
    return;
  live_note (diff->notes, "%c %s%s%s%s", sign, text, device == NULL ? "" : " (of ",
             device == NULL ? "" : device, device == NULL ? "" : ")");
}

static void
walk (Diff *diff, char **first_plain, char **first_other)
{
  gsize i = 0, j = 0;

  while (i < diff->n_plain || j < diff->n_other)
    if (i < diff->n_plain && j < diff->n_other && strcmp (diff->plain[i], diff->other[j]) == 0)
      i++, j++;
    else if (j == diff->n_other
             || (i < diff->n_plain && *common_at (diff, i + 1, j) >= *common_at (diff, i, j + 1)))
      note_row (diff, '-', &diff->plain[i++], first_plain);
    else
      note_row (diff, '+', &diff->other[j++], first_other);
}

/* What only plain QEMU has with "-" in front, what only the other has with "+". */
static void
compare_text (const char *title, const char *plain, const char *other, GString *notes)
{
  g_auto (GStrv) plain_rows = g_strsplit (plain, "\n", -1),
                 other_rows = g_strsplit (other, "\n", -1);
  gsize start = 0;
  Diff diff = { .n_plain = g_strv_length (plain_rows),
                .n_other = g_strv_length (other_rows),
                .notes = notes };

  if (strcmp (plain, other) == 0)
    return;
  live_note (notes, "%s, plain QEMU -, through qriser +:", title);
  while (start < diff.n_plain && start < diff.n_other
         && strcmp (plain_rows[start], other_rows[start]) == 0)
    start++;
  while (diff.n_plain > start && diff.n_other > start
         && strcmp (plain_rows[diff.n_plain - 1], other_rows[diff.n_other - 1]) == 0)
    diff.n_plain--, diff.n_other--;
  diff.plain = plain_rows + start;
  diff.other = other_rows + start;
  diff.n_plain -= start;
  diff.n_other -= start;
  count_common (&diff);
  walk (&diff, plain_rows, other_rows);
  g_free (diff.common);
}

/* --- both ----------------------------------------------------------------------------------- */

static Side
run_side (const char *const *argv)
{
  Side side = { NULL, NULL, NULL };

  side.functions = vm_inspect (argv, parity_commands, &side.texts, &side.refusal);
  return side;
}

/* The exit status that an error of vmlib tells of; minus the signal that ended the program; else 0.
 */
static int
exit_status (const GError *error)
{
  const char *exited = strstr (error->message, ": exit status ");
  const char *killed = strstr (error->message, ": killed by signal ");
  int number = 0;

  if (error->code != VM_ERROR_EXIT)
    return 0;
  if (exited != NULL && sscanf (exited, ": exit status %d", &number) == 1)
    return number;
  return killed != NULL && sscanf (killed, ": killed by signal %d", &number) == 1 ? -number : 0;
}

static gboolean
is_own_refusal (const GError *error)
{
  int status = exit_status (error);

  return status == 65 || status == 69;
}

static gboolean
is_not_expanded (const GError *error)
{
  return is_own_refusal (error) && strstr (error->message, "not expanded yet") != NULL;
}

/* One refuses or both do.  A refusal is an exit status; a signal is one where plain QEMU ends by
   it, too (its assertions), a time-out never. */
static Parity
compare_refusals (const Side *plain, const Side *other, GString *notes)
{
  live_note (notes, "plain: %s", plain->refusal == NULL ? "runs" : plain->refusal->message);
  live_note (notes, "through qriser: %s",
             other->refusal == NULL ? "runs" : other->refusal->message);
  if (plain->refusal != NULL && other->refusal != NULL)
    {
      int expected = exit_status (plain->refusal), found = exit_status (other->refusal);

      return expected != 0 && (found > 0 || found == expected) ? PARITY_REFUSED : PARITY_DIFFERENT;
    }
  if (plain->refusal != NULL)
    return exit_status (plain->refusal) > 0 ? PARITY_BETTER : PARITY_DIFFERENT;
  if (is_not_expanded (other->refusal))
    return PARITY_NOT_EXPANDED;
  return is_own_refusal (other->refusal) ? PARITY_STRICT : PARITY_DIFFERENT;
}

Parity
parity_compare (const char *const *plain_argv, const char *const *other_argv, guint version,
                gboolean moved, GString *notes)
{
  g_auto (Side) plain = run_side (plain_argv), other = run_side (other_argv);
  gsize before = notes->len;

  if (plain.refusal != NULL || other.refusal != NULL)
    return compare_refusals (&plain, &other, notes);
  parity_normalise (plain.texts, other.texts, version);
  if (moved)
    {
      parity_forget_places (&plain.texts[PARITY_QTREE]);
      parity_forget_places (&other.texts[PARITY_QTREE]);
    }
  else
    compare_functions (plain.functions, other.functions, notes);
  for (int i = 0; i < N_PARITY_COMMANDS; i++)
    compare_text (parity_commands[i], plain.texts[i], other.texts[i], notes);
  return notes->len == before ? PARITY_SAME : PARITY_DIFFERENT;
}
