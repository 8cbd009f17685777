/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "warn-look.h"

#include <json-c/json.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "boot-images.h"
#include "vmlib.h"

static const char *const disks = "-device isa-debug-exit,iobase=0xf4,iosize=1";

GStrv
look_command (const Look *look, By by, const char *own, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *qemu = g_strconcat ("--qemu=", look->qemu->path, NULL);
  g_autofree char *policy = g_strconcat ("--policy=", by == BY_SAME ? "qemu@1" : look->policy, NULL);

  if (by == BY_QEMU)
    g_strv_builder_add (builder, look->qemu->path);
  else
    {
      g_strv_builder_add_many (builder, g_getenv ("QRISER"), "run", qemu, policy, NULL);
      if (own != NULL)
        g_strv_builder_add (builder, own);
      g_strv_builder_add (builder, "--");
    }
  g_strv_builder_add_many (builder, "-machine", look->machine, "-accel", "tcg", "-nodefaults", "-display", "none", NULL);
  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      g_strv_builder_add (builder, *word);
  return g_strv_builder_end (builder);
}

static struct json_object *
make_plan (const Look *look, By by, const char *own, const char *line)
{
  g_auto (GStrv) run = look_command (look, by, own, line);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) argv = NULL;
  g_autofree char *out = NULL;
  int status = 0;

  g_strv_builder_add_many (builder, run[0], "plan", "--format=json", NULL);
  g_strv_builder_addv (builder, (const char **) run + 2);
  argv = g_strv_builder_end (builder);
  if (!g_spawn_sync (NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL, &status, NULL) || status != 0)
    return NULL;
  return json_tokener_parse (out);
}

/* The values of two members of each object in the list @name. */
static char *
join_members (struct json_object *plan, const char *name, const char *first, const char *between,
              const char *second, const char *end)
{
  struct json_object *list;
  GString *out;

  if (plan == NULL)
    return NULL;
  out = g_string_new (NULL);
  list = json_object_object_get (plan, name);
  for (gsize i = 0; i < json_object_array_length (list); i++)
    {
      struct json_object *object = json_object_array_get_idx (list, i);

      g_string_append_printf (out, "%s%s%s%s", json_object_get_string (json_object_object_get (object, first)), between,
                              json_object_get_string (json_object_object_get (object, second)), end);
    }
  json_object_put (plan);
  return g_string_free (out, FALSE);
}

char *
look_warnings (const Look *look, const char *own, const char *line)
{
  return join_members (make_plan (look, BY_POLICY, own, line), "warnings", "code", ": ", "message", "\n");
}

char *
look_paths (const Look *look, By by, const char *own, const char *line)
{
  return join_members (make_plan (look, by, own, line), "functions", "path", "=", "key", " ");
}

char *
look_disks (const Look *look, Firmware firmware)
{
  GString *line = g_string_new (disks);

  g_string_append (line, firmware == UEFI ? " -m 128" : " -m 64");
  for (guint8 n = 1; n <= 3; n++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s-%u", look->directory, firmware == UEFI ? "uefi" : "bios", n);
      g_autofree guint8 *image = firmware == UEFI ? boot_image_uefi (n) : boot_image_bios (n);
      g_autoptr (GError) error = NULL;

      g_file_set_contents (path, (char *) image, BOOT_IMAGE_SIZE, &error);
      g_assert_no_error (error);
      g_string_append_printf (line, " -drive if=none,id=d%u,format=raw,snapshot=on,file=%s", n, path);
    }
  return g_string_free (line, FALSE);
}

void
look_set_modules (const Look *look)
{
  g_autofree char *modules = vm_module_dir (look->qemu->path);

  if (modules != NULL)
    g_setenv ("QEMU_MODULE_DIR", modules, TRUE);
  else
    g_unsetenv ("QEMU_MODULE_DIR");
}

/* Starts @argv; what it reads from comes by @input. */
static gboolean
start (char **argv, GPid *pid, int *input)
{
  return g_spawn_async_with_pipes (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL,
                                   pid, input, NULL, NULL, NULL);
}

/* Ends what start() started. */
static void
stop (GPid pid, int input)
{
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
  close (input);
}

guint
look_boot (const Look *look, By by, const char *line)
{
  g_auto (GStrv) argv = look_command (look, by, NULL, line);
  gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  int status = 0, input;
  GPid pid, ended;

  if (!start (argv, &pid, &input))
    return 0;
  while ((ended = waitpid (pid, &status, WNOHANG)) == 0 && g_get_monotonic_time () < end)
    g_usleep (20000);
  if (ended == 0)
    {
      kill (pid, SIGKILL);
      waitpid (pid, &status, 0);
    }
  close (input);
  return WIFEXITED (status) && WEXITSTATUS (status) % 2 == 1 ? (guint) WEXITSTATUS (status) / 2 : 0;
}

/* Whether the picture has another size than the one that QEMU draws before a guest does. */
static gboolean
is_lit (const char *file)
{
  g_autofree char *picture = NULL;
  gsize length;

  return g_file_get_contents (file, &picture, &length, NULL) && length > 20 && g_str_has_prefix (picture, "P6\n")
         && !g_str_has_prefix (picture, "P6\n640 480\n");
}

/* Takes pictures of all displays; the ids of those that are lit. */
static char *
take_pictures (const Look *look, int monitor, const char *ids)
{
  GString *lit = g_string_new (NULL);

  for (const char *id = ids; *id != '\0'; id++)
    {
      g_autofree char *file = g_strdup_printf ("%s/picture-%c", look->directory, *id);
      g_autofree char *command = g_strdup_printf ("screendump %s %c\n", file, *id);

      (void) unlink (file);
      if (write (monitor, command, strlen (command)) < 0)
        continue;
      for (guint i = 0; i < 20 && !g_file_test (file, G_FILE_TEST_EXISTS); i++)
        g_usleep (50000);
      g_usleep (100000); /* until it is written */
      if (is_lit (file))
        g_string_append_c (lit, *id);
    }
  return g_string_free (lit, FALSE);
}

char *
look_displays (const Look *look, By by, const char *own, const char *line, const char *ids)
{
  g_autofree char *whole = g_strconcat (line, " -m 256 -monitor stdio", NULL);
  g_auto (GStrv) argv = look_command (look, by, own, whole);
  gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  char *lit = NULL;
  int input;
  GPid pid;

  if (!start (argv, &pid, &input))
    return NULL;
  do
    {
      g_free (lit);
      g_usleep (500000);
      lit = take_pictures (look, input, ids);
    }
  while (*lit == '\0' && g_get_monotonic_time () < end);
  /* Others may follow. */
  g_free (lit);
  g_usleep (2 * G_USEC_PER_SEC);
  lit = take_pictures (look, input, ids);
  stop (pid, input);
  return lit;
}

char *
look_primary (const Look *look, By by, const char *own, const char *line)
{
  g_autofree char *log = g_build_filename (look->directory, "debug", NULL);
  g_autofree char *whole = g_strdup_printf ("%s -m 64 -chardev file,id=log,path=%s -device "
                                            "isa-debugcon,iobase=0x402,chardev=log", line, log);
  g_auto (GStrv) argv = look_command (look, by, own, whole);
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  char *found = NULL;
  int input;
  GPid pid;

  (void) unlink (log);
  if (!start (argv, &pid, &input))
    return NULL;
  while (found == NULL && g_get_monotonic_time () < end)
    {
      g_autofree char *text = NULL;
      const char *at = NULL;

      g_usleep (100000);
      if (g_file_get_contents (log, &text, NULL, NULL))
        at = strstr (text, " for primary VGA");
      if (at != NULL && at - text >= 7)
        found = g_strndup (at - 7, 7);
    }
  stop (pid, input);
  return found;
}
