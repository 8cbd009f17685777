/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkfilter: turns the shipped seccomp profiles into C text at build time.
 *
 * Usage: mkfilter OUTPUT KIND:NAME=FILE...
 *
 * KIND is part, overlay, profile or recorded. Parts stand first: each profile is built with
 * all of them, to be settled when it is loaded. There is one recorded.
 *
 * The filters are for the machine that mkfilter runs on; the text refuses to be
 * compiled for another one.
 */
#include "config.h"

#include <seccomp.h>
#include <stdio.h>
#include <string.h>

#include "seccomp-parts.h"

enum
{
  HASH_DIGITS = 12,
  BYTES_PER_LINE = 16,
  PARTS_MAX = 32,
};

static const struct
{
  guint32 token;
  const char *condition; /* of the preprocessor */
} machines[] = {
  { SCMP_ARCH_X86_64, "defined __x86_64__ && !defined __ILP32__" },
  { SCMP_ARCH_AARCH64, "defined __aarch64__ && !defined __ILP32__" },
  { SCMP_ARCH_RISCV64, "defined __riscv && __riscv_xlen == 64" },
};

static void
print_machine (GString *out)
{
  for (guint i = 0; i < G_N_ELEMENTS (machines); i++)
    if (machines[i].token == seccomp_arch_native ())
      g_string_append_printf (out,
                              "#if !(%s)\n"
                              "#error \"these filters were made on another architecture\"\n"
                              "#endif\n\n",
                              machines[i].condition);
}

/* Names and hashes of all, and what the parts say. */
typedef struct
{
  GString *code;            /* arrays */
  GString *filters, *parts; /* entries of the tables */
  char *recorded;           /* the one entry */
  QrSeccompProfile read[PARTS_MAX];
  guint n_parts, n_filters;
} Output;

static void
print_bytes (Output *output, const guint8 *bpf, gsize size)
{
  g_string_append_printf (output->code,
                          "static const guint8 filter_%u[] __attribute__ ((aligned (8))) = {",
                          output->n_filters);
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (output->code, "%s%u,", i % BYTES_PER_LINE == 0 ? "\n  " : " ", bpf[i]);
  g_string_append (output->code, "\n};\n\n");
}

static void
print_sets (Output *output, const GArray *sets)
{
  g_string_append_printf (output->code, "static const guint32 sets_%u[] = { ", output->n_filters);
  for (guint i = 0; i < sets->len; i++)
    g_string_append_printf (output->code, "%u, ", g_array_index (sets, guint32, i));
  g_string_append (output->code, "0 };\n\n");
}

static void
print_text (Output *output, const char *kind, guint number, const char *text)
{
  g_string_append_printf (output->code, "static const char %s_text_%u[] = {", kind, number);
  for (gsize i = 0; i == 0 || text[i - 1] != '\0'; i++)
    g_string_append_printf (output->code, "%s%d,", i % BYTES_PER_LINE == 0 ? "\n  " : " ", text[i]);
  g_string_append (output->code, "\n};\n\n");
}

/* Reads FILE; @hash: of its text. */
static gboolean
read_profile (Output *output, const char *kind, guint number, const char *file,
              QrSeccompProfile *out, char **hash, GError **error)
{
  g_autoptr (QrJsonDoc) doc = qr_json_doc_read (file, error);
  QrJson root;

  if (doc == NULL)
    return FALSE;
  qr_json_root (doc, &root);
  *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, qr_json_doc_text (doc), -1);
  print_text (output, kind, number, qr_json_doc_text (doc));
  return qr_seccomp_read (&root, NULL, NULL, out, error);
}

static gboolean
print_filter (Output *output, const char *name, const char *file, gboolean overlay, GError **error)
{
  g_auto (QrSeccompProfile) profile = { 0 };
  g_autoptr (GArray) sets = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autofree char *hash = NULL;
  g_autofree guint8 *bpf = NULL;
  gsize size;

  if (!read_profile (output, "filter", output->n_filters, file, &profile, &hash, error)
      || !qr_seccomp_build_parts (&profile, output->read, overlay ? 0 : output->n_parts, &bpf,
                                  &size, sets, error))
    return FALSE;
  print_bytes (output, bpf, size);
  print_sets (output, sets);
  g_string_append_printf (
      output->filters,
      "  { \"%s\", filter_%u, sizeof filter_%u, \"%.*s\", sets_%u, %u, %u, %d, filter_text_%u },\n",
      name, output->n_filters, output->n_filters, HASH_DIGITS, hash, output->n_filters, sets->len,
      profile.default_action, overlay, output->n_filters);
  output->n_filters++;
  return TRUE;
}

static gboolean
read_part (Output *output, const char *name, const char *file, GError **error)
{
  g_autofree char *hash = NULL;

  if (!read_profile (output, "part", output->n_parts, file, &output->read[output->n_parts], &hash,
                     error))
    return FALSE;
  g_string_append_printf (output->parts, "  { \"%s\", \"%.*s\", part_text_%u },\n", name,
                          HASH_DIGITS, hash, output->n_parts);
  output->n_parts++;
  return TRUE;
}

static gboolean
read_recorded (Output *output, const char *name, const char *file, GError **error)
{
  g_auto (QrSeccompProfile) profile = { 0 };
  g_autofree char *hash = NULL;

  if (!read_profile (output, "recorded", 0, file, &profile, &hash, error))
    return FALSE;
  output->recorded
      = g_strdup_printf ("{ \"%s\", \"%.*s\", recorded_text_0 }", name, HASH_DIGITS, hash);
  return TRUE;
}

/* One KIND:NAME=FILE. */
static gboolean
take (Output *output, const char *argument, GError **error)
{
  const char *equals = strchr (argument, '='), *colon = strchr (argument, ':');
  g_autofree char *name = NULL;

  if (equals != NULL && colon != NULL && colon < equals)
    {
      name = g_strndup (colon + 1, (gsize) (equals - colon - 1));
      if (g_str_has_prefix (argument, "part:") && output->n_parts < PARTS_MAX)
        return read_part (output, name, equals + 1, error);
      if (g_str_has_prefix (argument, "overlay:") || g_str_has_prefix (argument, "profile:"))
        return print_filter (output, name, equals + 1, *argument == 'o', error);
      if (g_str_has_prefix (argument, "recorded:") && output->recorded == NULL)
        return read_recorded (output, name, equals + 1, error);
    }
  qr_error_set (error, QR_STATUS_USAGE, "usage", NULL, NULL,
                "expected part:, overlay:, profile: or recorded:NAME=FILE, not \"%s\"", argument);
  return FALSE;
}

static void
print_tables (Output *output)
{
  g_string_append_printf (output->code,
                          "const QrFilter qr_filters_builtin[] = {\n%s};\n\n"
                          "const guint qr_n_filters_builtin = %u;\n\n"
                          "const QrFilterPart qr_filter_parts[] = {\n%s};\n\n"
                          "const guint qr_n_filter_parts = %u;\n\n"
                          "const QrFilterPart qr_filter_recorded = %s;\n",
                          output->filters->str, output->n_filters, output->parts->str,
                          output->n_parts, output->recorded);
}

int
main (int argc, char **argv)
{
  Output output = { .code = g_string_new ("/* Made by mkfilter from profiles/seccomp/. */\n"
                                          "#include \"config.h\"\n\n#include \"sandbox.h\"\n\n"),
                    .filters = g_string_new (NULL),
                    .parts = g_string_new (NULL) };
  g_autoptr (GError) error = NULL;
  gboolean good = TRUE;

  if (argc < 3)
    {
      fprintf (stderr, "usage: mkfilter OUTPUT KIND:NAME=FILE...\n");
      return QR_STATUS_USAGE;
    }
  print_machine (output.code);
  for (int i = 2; i < argc && good; i++)
    good = take (&output, argv[i], &error);
  print_tables (&output);
  good = good && g_file_set_contents (argv[1], output.code->str, (gssize) output.code->len, &error);
  for (guint i = 0; i < output.n_parts; i++)
    qr_seccomp_profile_clear (&output.read[i]);
  g_string_free (output.code, TRUE);
  g_string_free (output.filters, TRUE);
  g_string_free (output.parts, TRUE);
  g_free (output.recorded);
  if (good)
    return QR_STATUS_DONE;
  g_autofree char *text = qr_error_render (error, "mkfilter");
  fputs (text, stderr);
  return (int) qr_error_status (error);
}
