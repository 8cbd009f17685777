/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The place of each drive, and the default CD-ROM drive, which goes where its place is taken. */
#include "config.h"

#include "testlib.h"

#include <string.h>

/* Behind these nothing but drives is left. */
#define QUIET "-M q35 -display none -vga none -nic none -serial none -parallel none -monitor none "
#define CDROM "-drive if=ide,index=2,media=cdrom"
#define BLK(id) "-device virtio-blk-pci,drive=" #id

/* @made: the emitted line without QUIET and without the devices' places. */
static const struct
{
  const char *name, *line, *made;
} cases[] = {
  { "nothing", "", CDROM },
  /* numbers and ids of an interface with devices */
  { "virtio", "-drive if=virtio,file=f", "-drive file=f,if=none,id=virtio0 " CDROM " " BLK (virtio0) },
  { "virtio-two", "-drive if=virtio,file=f -drive if=virtio,file=g",
    "-drive file=f,if=none,id=virtio0 -drive file=g,if=none,id=virtio1 " CDROM " " BLK (virtio0) " " BLK (virtio1) },
  { "virtio-id", "-drive if=virtio,file=f,id=d", "-drive file=f,id=d,if=none " CDROM " " BLK (d) },
  { "virtio-id-counts", "-drive if=virtio,file=f,id=d -drive if=virtio,file=g",
    "-drive file=f,id=d,if=none -drive file=g,if=none,id=virtio1 " CDROM " " BLK (d) " " BLK (virtio1) },
  { "virtio-index", "-drive if=virtio,index=3,file=f", "-drive file=f,if=none,id=virtio3 " CDROM " " BLK (virtio3) },
  { "virtio-index-base", "-drive if=virtio,index=0x10,file=f",
    "-drive file=f,if=none,id=virtio16 " CDROM " " BLK (virtio16) },
  { "virtio-unit", "-drive if=virtio,unit=3,file=f", "-drive file=f,if=none,id=virtio3 " CDROM " " BLK (virtio3) },
  { "virtio-bus-and-unit", "-drive if=virtio,bus=1,unit=2,file=f",
    "-drive file=f,if=none,id=virtio2 " CDROM " " BLK (virtio2) },
  { "virtio-index-bus-0", "-drive if=virtio,index=1,bus=0,file=f",
    "-drive file=f,if=none,id=virtio1 " CDROM " " BLK (virtio1) },
  { "virtio-gap-is-filled", "-drive if=virtio,index=1,file=f -drive if=virtio,file=g -drive if=virtio,file=h",
    "-drive file=f,if=none,id=virtio1 -drive file=g,if=none,id=virtio0 -drive file=h,if=none,id=virtio2 " CDROM
    " " BLK (virtio1) " " BLK (virtio0) " " BLK (virtio2) },
  { "virtio-gaps-one-by-one",
    "-drive if=virtio,file=a -drive if=virtio,index=2,file=b -drive if=virtio,file=c -drive if=virtio,file=d "
    "-drive if=virtio,index=5,file=e -drive if=virtio,file=f -drive if=virtio,file=g",
    "-drive file=a,if=none,id=virtio0 -drive file=b,if=none,id=virtio2 -drive file=c,if=none,id=virtio1 "
    "-drive file=d,if=none,id=virtio3 -drive file=e,if=none,id=virtio5 -drive file=f,if=none,id=virtio4 "
    "-drive file=g,if=none,id=virtio6 " CDROM " " BLK (virtio0) " " BLK (virtio2) " " BLK (virtio1) " "
    BLK (virtio3) " " BLK (virtio5) " " BLK (virtio4) " " BLK (virtio6) },
  { "virtio-other-bus", "-drive if=virtio,bus=1,unit=0,file=f,id=a -drive if=virtio,unit=0,file=g",
    "-drive file=f,id=a,if=none -drive file=g,if=none,id=virtio0 " CDROM " " BLK (a) " " BLK (virtio0) },
  { "virtio-cdrom", "-drive if=virtio,media=cdrom,file=f",
    "-drive media=cdrom,file=f,if=none,id=virtio0 " CDROM " " BLK (virtio0) },
  { "virtio-last-if", "-drive if=ide,if=virtio,file=f", "-drive file=f,if=none,id=virtio0 " CDROM " " BLK (virtio0) },
  { "virtio-commas", "-drive if=virtio,file=a,,b,readonly=on",
    "-drive file=a,,b,readonly=on,if=none,id=virtio0 " CDROM " " BLK (virtio0) },
  { "virtio-bare", "-drive if=virtio,file=f,noreadonly",
    "-drive file=f,noreadonly,if=none,id=virtio0 " CDROM " " BLK (virtio0) },
  { "virtio-bytes", "-drive if=virtio,file=/\xff", "-drive file=/\xff,if=none,id=virtio0 " CDROM " " BLK (virtio0) },
  { "virtio-only-if", "-drive if=virtio", "-drive if=none,id=virtio0 " CDROM " " BLK (virtio0) },
  { "virtio-behind-devices", "-drive if=virtio,file=f -device edu",
    "-drive file=f,if=none,id=virtio0 -device edu " CDROM " " BLK (virtio0) },
  { "virtio-two-dashes", "--drive if=virtio,file=f", "--drive file=f,if=none,id=virtio0 " CDROM " " BLK (virtio0) },
  /* drives that stay as they are */
  { "none", "-drive if=none,id=d,file=f", "-drive if=none,id=d,file=f " CDROM },
  { "none-index-2", "-drive if=none,id=d,index=2", "-drive if=none,id=d,index=2 " CDROM },
  { "floppy-index-2", "-drive if=floppy,index=2", "-drive if=floppy,index=2 " CDROM },
  { "virtio-index-2", "-drive if=virtio,index=2,file=f", "-drive file=f,if=none,id=virtio2 " CDROM " " BLK (virtio2) },
  { "pflash", "-drive if=pflash,file=f -pflash g -drive if=pflash,file=h",
    "-drive if=pflash,file=f -pflash g -drive if=pflash,file=h " CDROM },
  { "scsi-three", "-drive if=scsi -drive if=scsi -drive if=scsi",
    "-drive if=scsi -drive if=scsi -drive if=scsi " CDROM },
  { "floppies", "-fda a -fdb b", "-fda a -fdb b " CDROM },
  { "sd-and-mtd", "-sd a -mtdblock b -sd c", "-sd a -mtdblock b -sd c " CDROM },
  /* the place of the default CD-ROM drive: unit 0 of bus 2 */
  { "hdc", "-hdc f", "-hdc f" },
  { "cdrom", "-cdrom f", "-cdrom f" },
  { "hda-hdb-hdd", "-hda a -hdb b -hdd d", "-hda a -hdb b -hdd d " CDROM },
  { "index", "-drive file=f,index=2", "-drive file=f,index=2" },
  { "index-base", "-drive file=f,index=0x2", "-drive file=f,index=0x2" },
  { "index-ide", "-drive if=ide,index=2,file=f", "-drive if=ide,index=2,file=f" },
  { "index-with-id", "-drive index=2,id=mine,file=f", "-drive index=2,id=mine,file=f" },
  { "index-3", "-drive index=3,file=f", "-drive index=3,file=f " CDROM },
  { "bus", "-drive bus=2,file=f", "-drive bus=2,file=f" },
  { "bus-and-unit", "-drive bus=2,unit=0,file=f", "-drive bus=2,unit=0,file=f" },
  { "bus-3", "-drive bus=3,file=f", "-drive bus=3,file=f " CDROM },
  { "unit", "-drive unit=0,file=f", "-drive unit=0,file=f " CDROM },
  { "third", "-drive file=a -drive file=b -drive file=c", "-drive file=a -drive file=b -drive file=c" },
  { "two", "-drive file=a -drive file=b", "-drive file=a -drive file=b " CDROM },
  { "image-and-two", "a.img -drive file=b -drive file=c", "a.img -drive file=b -drive file=c" },
  { "hda-and-two", "-hda a -drive file=b -drive file=c", "-hda a -drive file=b -drive file=c" },
  { "two-and-hdb", "-drive file=a -hdb b -drive file=c", "-drive file=a -hdb b -drive file=c" },
  { "third-ide-with-others-between", "-drive file=a -drive if=none,id=x -drive file=b -drive if=virtio,file=v -drive file=c",
    "-drive file=a -drive if=none,id=x -drive file=b -drive file=v,if=none,id=virtio0 -drive file=c " BLK (virtio0) },
  { "next-behind-bus-1", "-drive bus=1,file=a -drive bus=1,file=b", "-drive bus=1,file=a -drive bus=1,file=b" },
  { "device-ide-cd", "-device ide-cd", "-device ide-cd" },
};

/* The words of @argv behind those that QUIET leaves, without the places of PCI devices. */
static char *
show (const QrPlan *plan)
{
  static const char *const dropped[]
      = { "-nodefaults", "-M", "q35", "-display", "-serial", "-parallel", "-monitor", "none", NULL };
  GString *out = g_string_new (NULL);

  for (char **word = plan->argv + 1; *word != NULL; word++)
    {
      const char *place = strstr (*word, ",bus=pcie.0,addr=");
      gsize length = place == NULL ? strlen (*word) : (gsize) (place - *word);

      if (g_strv_contains (dropped, *word))
        continue;
      g_string_append (out, out->len == 0 ? "" : " ");
      g_string_append_len (out, *word, (gssize) length);
    }
  return g_string_free (out, FALSE);
}

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *line = g_strchomp (g_strconcat (QUIET, cases[i].line, NULL)), *made = NULL;
  GError *error = NULL;
  g_autoptr (QrPlan) plan = test_plan ("qemu@1", line, &error);

  g_assert_no_error (error);
  made = show (plan);
  g_assert_cmpstr (made, ==, cases[i].made);
}

#define TWO "  hint: leave index= and unit= out\n"

static const struct
{
  const char *name, *line, *code, *drawn;
} refused[] = {
  { "virtio-index-twice", "-drive if=virtio,index=1 -drive if=virtio,index=1", "two-claims",
    "qriser: error: two drives claim unit 1 of interface \"virtio\"\n"
    "  argument 4: if=virtio,index=1\n"
    "              ^~~~~~~~~~~~~~~~~\n" TWO },
  { "virtio-unit-of-another", "-drive if=virtio -drive if=virtio,unit=0", "two-claims",
    "qriser: error: two drives claim unit 0 of interface \"virtio\"\n"
    "  argument 4: if=virtio,unit=0\n"
    "              ^~~~~~~~~~~~~~~~\n" TWO },
  { "virtio-index-and-unit", "-drive if=virtio,unit=2 -drive if=virtio,index=2", "two-claims",
    "qriser: error: two drives claim unit 2 of interface \"virtio\"\n"
    "  argument 4: if=virtio,index=2\n"
    "              ^~~~~~~~~~~~~~~~~\n" TWO },
  { "index-with-unit", "-drive if=virtio,index=1,unit=1", "option-syntax",
    "qriser: error: an index stands for a bus and a unit; it cannot be used with them\n"
    "  argument 2: if=virtio,index=1,unit=1\n"
    "                              ^\n"
    "  hint: leave bus= and unit= out\n" },
  { "index-with-bus", "-drive if=virtio,bus=1,index=10", "option-syntax",
    "qriser: error: an index stands for a bus and a unit; it cannot be used with them\n"
    "  argument 2: if=virtio,bus=1,index=10\n"
    "                                    ^~\n"
    "  hint: leave bus= and unit= out\n" },
  { "unit-no-number", "-drive if=virtio,unit=x", "option-syntax",
    "qriser: error: \"x\" is no whole number\n"
    "  argument 2: if=virtio,unit=x\n"
    "                             ^\n" },
  { "bus-negative", "-drive if=virtio,bus=-1", "option-syntax",
    "qriser: error: \"-1\" is no whole number\n"
    "  argument 2: if=virtio,bus=-1\n"
    "                            ^~\n" },
  { "index-empty", "-drive if=virtio,index=", "option-syntax",
    "qriser: error: \"\" is no whole number\n"
    "  argument 2: if=virtio,index=\n"
    "                              ^\n" },
  { "id-no-text", "-drive if=virtio,id=\xff", "utf8",
    "qriser: error: the value of \"id\" is not valid UTF-8\n"
    "  argument 2: if=virtio,id=\\xff\n"
    "                           ^~~~\n" },
  { "index-text-behind", "-drive if=virtio,index=1a", "option-syntax",
    "qriser: error: \"1a\" is no whole number\n"
    "  argument 2: if=virtio,index=1a\n"
    "                              ^~\n" },
};

static void
test_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  GError *error = NULL;

  g_assert_null (test_plan ("qemu@1", refused[i].line, &error));
  g_assert_nonnull (error);
  g_assert_cmpstr (qr_error_code (error), ==, refused[i].code);
  g_assert_cmpint (qr_error_status (error), ==, QR_STATUS_REQUEST);
  test_error_is (&error, refused[i].drawn);
}

/* QEMU opens drives when the line is read: their devices stand behind those in text, before
 * those in JSON, in their own order. */
static void
test_creation (void)
{
  GError *error = NULL;
  g_autoptr (QrPlan) plan
      = test_plan ("qemu@1",
                   "-nodefaults -drive if=virtio,file=f,id=a -device {\"driver\":\"edu\",\"id\":\"j\"} "
                   "-device edu,id=t -drive if=virtio,file=g,id=b", &error);
  g_autofree char *line = NULL;

  g_assert_no_error (error);
  line = g_strjoinv (" ", plan->argv);
  test_path_is (plan, "t", "00:01.0");
  g_assert_nonnull (strstr (line, "drive=a,bus=pcie.0,addr=02.0"));
  g_assert_nonnull (strstr (line, "drive=b,bus=pcie.0,addr=03.0"));
  test_path_is (plan, "j", "00:04.0");
}

/* 25 of them: each its number. */
static void
test_many (void)
{
  g_autoptr (GString) line = g_string_new ("-nodefaults");
  GError *error = NULL;
  g_autoptr (QrPlan) plan = NULL;
  g_autofree char *emitted = NULL;

  for (guint i = 0; i < 25; i++)
    g_string_append (line, " -drive if=virtio,file=f");
  plan = test_plan ("qemu@1", line->str, &error);
  g_assert_no_error (error);
  emitted = g_strjoinv (" ", plan->argv);
  g_assert_nonnull (strstr (emitted, "id=virtio24 "));
  g_assert_nonnull (strstr (emitted, "drive=virtio24,"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/drives/line/%s", cases[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_case);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *name = g_strdup_printf ("/drives/refused/%s", refused[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_refused);
    }
  g_test_add_func ("/drives/creation", test_creation);
  g_test_add_func ("/drives/many", test_many);
  return g_test_run ();
}
