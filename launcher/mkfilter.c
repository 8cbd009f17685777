/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkfilter: turns the shipped seccomp profiles into C text at build time.
 *
 * Usage: mkfilter OUTPUT NAME=FILE...
 *
 * The filters are for the machine that mkfilter runs on; the text refuses to be
 * compiled for another one.
 */
#include "config.h"

#include <seccomp.h>
#include <stdio.h>
#include <string.h>

#include "seccomp-profile.h"

enum
{
  HASH_DIGITS = 12,
  BYTES_PER_LINE = 16,
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

static void
print_bytes (guint index, const guint8 *bpf, gsize size, GString *out)
{
  g_string_append_printf (out, "static const guint8 filter_%u[] __attribute__ ((aligned (8))) = {",
                          index);
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (out, "%s%u,", i % BYTES_PER_LINE == 0 ? "\n  " : " ", bpf[i]);
  g_string_append (out, "\n};\n\n");
}

/* One NAME=FILE: the bytes to @out, the entry of the table to @table. */
static gboolean
print_filter (guint index, const char *argument, GString *out, GString *table, GError **error)
{
  const char *equals = strchr (argument, '=');
  g_autofree char *name = NULL, *hash = NULL;
  g_autoptr (QrJsonDoc) doc = NULL;
  g_autofree guint8 *bpf = NULL;
  QrJson root;
  gsize size;

  if (equals == NULL)
    {
      qr_error_set (error, QR_STATUS_USAGE, "usage", NULL, NULL, "expected NAME=FILE, not \"%s\"",
                    argument);
      return FALSE;
    }
  doc = qr_json_doc_read (equals + 1, error);
  if (doc == NULL)
    return FALSE;
  qr_json_root (doc, &root);
  if (!qr_seccomp_compile (&root, &bpf, &size, error))
    return FALSE;
  name = g_strndup (argument, (gsize) (equals - argument));
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, qr_json_doc_text (doc), -1);
  print_bytes (index, bpf, size, out);
  g_string_append_printf (table, "  { \"%s\", filter_%u, sizeof filter_%u, \"%.*s\" },\n", name,
                          index, index, HASH_DIGITS, hash);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GString) out = g_string_new ("/* Made by mkfilter from profiles/seccomp/. */\n"
                                          "#include \"config.h\"\n\n#include \"sandbox.h\"\n\n");
  g_autoptr (GString) table = g_string_new ("const QrFilter qr_filters_builtin[] = {\n");
  g_autoptr (GError) error = NULL;
  gboolean good = TRUE;

  if (argc < 3)
    {
      fprintf (stderr, "usage: mkfilter OUTPUT NAME=FILE...\n");
      return QR_STATUS_USAGE;
    }
  print_machine (out);
  for (int i = 2; i < argc && good; i++)
    good = print_filter ((guint) i - 2, argv[i], out, table, &error);
  if (good)
    {
      g_string_append_printf (table, "};\n\nconst guint qr_n_filters_builtin = %d;\n", argc - 2);
      g_string_append_len (out, table->str, (gssize) table->len);
      if (g_file_set_contents (argv[1], out->str, (gssize) out->len, &error))
        return QR_STATUS_DONE;
    }
  g_autofree char *text = qr_error_render (error, "mkfilter");
  fputs (text, stderr);
  return (int) qr_error_status (error);
}
