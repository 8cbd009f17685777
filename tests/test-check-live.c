/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * What the checks say of QEMU and of guests, by trying it: QEMU refuses the lines of which that is
 * said, and starts with all others; a guest does not find what it is said not to find.
 *
 * QRISER_TEST_QEMU lists QEMU binaries beside the one in /usr/bin; QRISER_TEST_EYE is the guest
 * kernel.  QEMU 7.2 must be there with QRISER_TEST_STRICT=1.  Prints TAP, one line for each line
 * and QEMU.
 */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check-lines.h"
#include "live-lines.h"
#include "tap.h"
#include "vmlib.h"

enum
{
  TOO_DEEP = 25, /* levels of switches */
};

/* QEMU's own places, in which qriser would not put it, leave this one an interface. */
static const char placed[] = "modern-off-placed";

/* "QEMU -M q35 -nodefaults LINE" */
static char **
words_of (const Qemu *qemu, const char *line)
{
  g_autofree char *whole = g_strdup_printf ("%s -M q35 -nodefaults %s", qemu->path, line);

  return g_strsplit (whole, " ", -1);
}

static gboolean
is_refused (const char *code)
{
  if (g_strcmp0 (code, "acpi-index-twice") == 0) /* not by all machines */
    return TRUE;
  for (gsize i = 0; code != NULL && i < n_check_cases; i++)
    if (strcmp (check_cases[i].code, code) == 0)
      return check_cases[i].refused;
  return FALSE;
}

static void
test_start (const Qemu *qemu, const char *name, const char *line, gboolean refused)
{
  g_auto (GStrv) words = words_of (qemu, line);
  g_autofree char *text = g_strdup_printf ("%s, QEMU %s: %s", name, qemu->version, refused ? "refused" : "taken");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) functions = vm_qom_functions ((const char *const *) words, &error);
  gboolean good;

  good = functions != NULL ? !refused : refused && g_error_matches (error, VM_ERROR, VM_ERROR_EXIT);
  if (!good)
    printf ("# %s: %s\n", line, error == NULL ? "taken" : error->message);
  tap_result (good, text);
}

static void
test_guest (const Qemu *qemu, const CheckCase *which, const char *eye)
{
  g_auto (GStrv) words = words_of (qemu, which->bad);
  g_autofree char *text = g_strdup_printf ("%s, QEMU %s: in a guest", which->code, qemu->version);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) there = vm_qom_functions ((const char *const *) words, &error);
  g_autoptr (GPtrArray) seen = there == NULL ? NULL : vm_guest_functions ((const char *const *) words, eye, &error);
  const char *path = which->closed != NULL ? which->closed : which->mixing;
  const VmSeen *port = seen == NULL || path == NULL ? NULL : vm_find_seen (seen, path);

  if (seen == NULL)
    printf ("# %s: %s\n", which->bad, error->message);
  tap_result (seen != NULL
                && (which->unseen == NULL
                    || (vm_find_function (there, which->unseen) != NULL && vm_find_seen (seen, which->unseen) == NULL))
                && (which->closed == NULL || (port != NULL && !port->io))
                && (which->mixing == NULL || (port != NULL && !port->acs)),
              text);
}

static void
test_qemu (const Qemu *qemu, const char *eye)
{
  g_autofree char *deep = check_nested_switches (TOO_DEEP), *fits = check_nested_switches (TOO_DEEP - 1);

  for (gsize i = 0; i < n_check_cases; i++)
    {
      const CheckCase *which = &check_cases[i];
      g_autofree char *near = g_strconcat (which->code, ", near", NULL);

      test_start (qemu, which->code, which->bad == NULL ? deep : which->bad, is_refused (which->code));
      test_start (qemu, near, which->good == NULL ? fits : which->good, FALSE);
      if (eye != NULL && (which->unseen != NULL || which->closed != NULL || which->mixing != NULL))
        test_guest (qemu, which, eye);
    }
  for (gsize i = 0; i < n_check_more; i++)
    test_start (qemu, check_more[i].name, check_more[i].line,
                is_refused (check_more[i].code) && strcmp (check_more[i].name, placed) != 0);
  for (gsize i = 0; i < n_check_quiet; i++)
    test_start (qemu, check_quiet[i].name, check_quiet[i].line, FALSE);
}

int
main (void)
{
  g_autoptr (GPtrArray) qemus = live_qemus ("x86_64");
  const char *eye = g_getenv ("QRISER_TEST_EYE");

  if (eye != NULL && access (eye, R_OK) != 0)
    eye = NULL;
  if (qemus->len == 0)
    tap_missing ("no QEMU", TRUE);
  if (eye == NULL)
    tap_missing ("no guest kernel", TRUE);
  for (guint i = 0; i < qemus->len; i++)
    test_qemu (qemus->pdata[i], eye);
  return tap_finish ();
}
