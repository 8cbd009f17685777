/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions and root buses, from wherever: what is there and what is free. */
#include "config.h"

#include "survey.h"

static void
free_is (const QrSurvey *survey, guint root, const char *expected)
{
  g_autofree char *slots
      = qr_survey_free_slots (survey, &g_array_index (survey->roots, QrSurveyRoot, root));

  g_assert_cmpstr (slots, ==, expected);
}

static void
test_free (void)
{
  g_auto (QrSurvey) survey;

  qr_survey_init (&survey);
  qr_survey_add_root (&survey, "pcie.0", "PCIE", FALSE);
  free_is (&survey, 0, "00-1f");
  qr_survey_add_function (&survey, "bridge", "00:00.0");
  qr_survey_add_function (&survey, "lpc", "00:1f.0");
  qr_survey_add_function (&survey, "ahci", "00:1f.2");
  qr_survey_add_function (&survey, "behind", "00:1f.2/03.0");
  free_is (&survey, 0, "01-1e");
  qr_survey_add_function (&survey, "one", "00:02.7");
  free_is (&survey, 0, "01,03-1e");
  for (guint slot = 0; slot < 32; slot++)
    {
      g_autofree char *path = g_strdup_printf ("00:%02x.0", slot);

      qr_survey_add_function (&survey, "all", path);
    }
  free_is (&survey, 0, "");
}

/* Each bus has its own slots, and its name in the paths. */
static void
test_roots (void)
{
  g_auto (QrSurvey) survey;

  qr_survey_init (&survey);
  qr_survey_add_root (&survey, "pci.1", "PCI", TRUE);
  qr_survey_add_root (&survey, "pci", "PCI", TRUE);
  qr_survey_add_function (&survey, "one", "pci.1:00.0");
  qr_survey_add_function (&survey, "two", "pci:1f.0");
  qr_survey_sort (&survey);
  free_is (&survey, 0, "00-1e");
  free_is (&survey, 1, "01-1f");
}

static void
test_has (void)
{
  g_auto (QrSurvey) survey;

  qr_survey_init (&survey);
  qr_survey_add_function (&survey, "one", "00:01.0");
  g_assert_true (qr_survey_has (&survey, &(QrSurveyFunction){ "one", "00:01.0" }));
  g_assert_false (qr_survey_has (&survey, &(QrSurveyFunction){ "two", "00:01.0" }));
  g_assert_false (qr_survey_has (&survey, &(QrSurveyFunction){ "one", "00:01.1" }));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/survey/free", test_free);
  g_test_add_func ("/survey/roots", test_roots);
  g_test_add_func ("/survey/has", test_has);
  return g_test_run ();
}
