/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Warnings against guests: what firmware or a guest does under plain QEMU and under the default
 * policy of q35, and on QEMU 7.2 of pc, differs exactly where the plan warns, and with the fix that
 * the warning names it does not; under qemu@1 it does not differ.
 *
 *   boot-order       which of several disks firmware boots
 *   primary-display  on which display firmware shows itself
 *   nic-order        in which order a guest finds network adapters
 *   virtio-modern    the ids of virtio devices
 *
 * QRISER is the program; QRISER_TEST_QEMU lists QEMU binaries beside the one in /usr/bin;
 * QRISER_TEST_EYE is the guest kernel; QRISER_TEST_OVMF is where UEFI firmware lies, by default
 * /usr/share/OVMF; with QRISER_TEST_SHARE=N one line of N is tried. QEMU 7.2 and the guest kernel
 * must be there with QRISER_TEST_STRICT=1. Prints TAP.
 */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "live-compare.h"
#include "tap.h"
#include "testlib.h"
#include "warn-look.h"

/* "{N}" stands where disk N takes bootindex=, and "{}" where any virtio device takes the fix. */
#define BLK(n, more) " -device virtio-blk-pci,drive=d" #n more "{" #n "}"
#define NVME(n, more) " -device nvme,serial=1,drive=d" #n more "{" #n "}"
#define SCSI(type, n, more) " -device " type ",id=s" #n more " -device scsi-hd,bus=s" #n ".0,drive=d" #n "{" #n "}"
#define SATA(n, more) " -device ich9-ahci,id=s" #n more " -device ide-hd,bus=s" #n ".0,drive=d" #n "{" #n "}"

typedef struct
{
  const char *name;
  Firmware firmware;
  guint before; /* only QEMUs older than this; 0: all */
  gboolean races; /* firmware takes the disk that answers first: only the fix can be tried */
  const char *line;
} Disks;

static const Disks disks[] = {
  { "blk-kept", BIOS, 0, FALSE, BLK (1, "") BLK (2, "") BLK (3, "") },
  { "blk-fixed-last", BIOS, 0, FALSE, BLK (1, ",addr=10") BLK (2, "") },
  { "blk-fixed-first", BIOS, 0, FALSE, BLK (1, ",addr=1") BLK (2, "") },
  { "blk-legacy", BIOS, 0, FALSE, BLK (1, ",disable-legacy=off") BLK (2, "") BLK (3, "") },
  { "blk-legacy-all", BIOS, 0, FALSE, BLK (1, ",disable-legacy=off") BLK (2, ",disable-legacy=off") },
  { "blk-types", BIOS, 0, FALSE, " -device virtio-blk-pci-transitional,drive=d1{1}" BLK (2, "") },
  { "blk-fixed-high", BIOS, 0, FALSE, BLK (1, "") BLK (2, ",addr=1f.1") },
  { "scsi-kept", BIOS, 0, FALSE, SCSI ("virtio-scsi-pci", 1, "") SCSI ("virtio-scsi-pci", 2, "") },
  { "scsi-fixed-last", BIOS, 0, FALSE, SCSI ("virtio-scsi-pci", 1, ",addr=10") SCSI ("virtio-scsi-pci", 2, "") },
  { "scsi-types", BIOS, 0, FALSE,
    SCSI ("virtio-scsi-pci-transitional", 1, "") SCSI ("virtio-scsi-pci-non-transitional", 2, "") },
  { "megasas-types", BIOS, 0, FALSE, SCSI ("megasas", 1, "") SCSI ("megasas-gen2", 2, "") },
  { "lsi-kept", BIOS, 0, FALSE, SCSI ("lsi53c895a", 1, "") SCSI ("lsi53c895a", 2, "") },
  { "pvscsi-fixed-last", BIOS, 0, FALSE, SCSI ("pvscsi", 1, ",addr=10") SCSI ("pvscsi", 2, "") },
  { "sata-of-the-machine", BIOS, 1000, FALSE, SATA (1, "") " -device ide-hd,bus=ide.0,drive=d2{2}" },
  { "sata-two", BIOS, 1000, FALSE, SATA (1, "") SATA (2, "") },
  { "sata-fixed-last", BIOS, 1000, FALSE, SATA (1, ",addr=10") SATA (2, "") },
  { "nvme-kept", BIOS, 0, TRUE, NVME (1, "") NVME (2, "") },
  { "nvme-fixed-last", BIOS, 0, TRUE, NVME (1, ",addr=10") NVME (2, "") },
  { "uefi-kept", UEFI, 0, FALSE, BLK (1, "") NVME (2, "") },
  { "uefi-legacy", UEFI, 0, FALSE, BLK (1, ",disable-legacy=off") NVME (2, "") },
  { "uefi-fixed-high", UEFI, 0, FALSE, BLK (1, "") BLK (2, ",addr=1f.1") },
};

static const struct
{
  const char *name, *line;
  const char *fix; /* for qriser, or NULL */
  gboolean uefi;   /* with UEFI firmware, too: that takes long */
} displays[] = {
  { "one", "-device VGA,id=a", NULL, FALSE },
  { "no-rival", "-device virtio-gpu-pci,id=a -device VGA,id=b", NULL, FALSE },
  { "two", "-device virtio-vga,id=a -device VGA,id=b", "--primary=b", TRUE },
  { "two-conventional", "-device VGA,id=a -device cirrus-vga,id=b", "--primary=b", FALSE },
  { "both-fixed", "-device virtio-vga,id=a,addr=1 -device VGA,id=b,addr=2", NULL, FALSE },
  { "below-port", "-device pcie-root-port,id=p,chassis=1 -device virtio-vga,id=a,bus=p -device VGA,id=b",
    "--primary=b", TRUE },
  { "fixed-late", "-device VGA,id=a,addr=5 -device virtio-vga,id=b", NULL, TRUE },
};

static const struct
{
  const char *name, *line;
  const char *fixed; /* the line with addresses, or NULL */
} networks[] = {
  { "lan-jumps", "-device rtl8139 -device e1000e", "-device rtl8139,addr=1 -device e1000e,addr=2" },
  { "lan-first", "-device e1000e -device rtl8139", NULL },
  { "ports-in-order", "-device vmxnet3 -device virtio-net-pci -device e1000,addr=1f.1", "-device vmxnet3,addr=1 -device "
    "virtio-net-pci,addr=2 -device e1000,addr=1f.1" },
  { "bridge-last", "-device vmxnet3 -device rtl8139 -device pcnet", NULL },
  { "bridge-jumps", "-device rtl8139 -device vmxnet3", "-device rtl8139,addr=1 -device vmxnet3,addr=2" },
  { "fixed", "-device rtl8139,addr=5 -device e1000e,addr=4", NULL },
  { "json", "-device {\"driver\":\"e1000e\"} -device rtl8139", "-device {\"driver\":\"e1000e\",\"addr\":\"2\"} -device rtl8139,addr=1" },
  { "one", "-device rtl8139 -device edu", NULL },
};

static const struct
{
  const char *name, *line;
} virtios[] = {
  { "some", "-device virtio-rng-pci,id=a{} -device virtio-balloon-pci,id=b{} -device virtio-gpu-pci,id=c" },
  { "kinds", "-device virtio-net-pci,id=a{} -device virtio-scsi-pci,id=b{} -device virtio-serial-pci,id=c{} "
             "-device virtio-rng-pci-non-transitional,id=d -device virtio-rng-pci-transitional,id=e" },
  { "root", "-device virtio-rng-pci,id=a,addr=5 -device virtio-balloon-pci,id=b{}" },
  { "port-named", "-device pcie-root-port,id=p,chassis=1 -device virtio-rng-pci,id=a,bus=p -device virtio-net-pci,id=b{}" },
  { "told", "-device virtio-rng-pci,id=a,disable-legacy=off -device virtio-balloon-pci,id=b,disable-legacy=on" },
  { "displays", "-device virtio-vga,id=a -device virtio-tablet-pci,id=b -device virtio-keyboard-pci,id=c" },
};

static const char *eye;
G_LOCK_DEFINE_STATIC (tap);

/* @line with @with in place of "{WHICH}", and nothing in place of other braces of that kind. */
static char *
fill (const char *line, const char *which, const char *with)
{
  GString *out = g_string_new (NULL);

  while (*line != '\0')
    {
      gsize length = *line == '{' ? strcspn (line, "}") : 0;

      if (length > 2 || (*line == '{' && line[length] != '}') || *line != '{')
        {
          g_string_append_c (out, *line++);
          continue;
        }
      if (with != NULL && strlen (which) == length - 1 && strncmp (which, line + 1, length - 1) == 0)
        g_string_append (out, with);
      line += length + 1;
    }
  return g_string_free (out, FALSE);
}

/* Whether the warnings have one of @code by what @firmware does. */
static gboolean
has_warning (const char *warnings, const char *code, Firmware firmware)
{
  static const char *const names[] = { "a BIOS ", "UEFI firmware " };
  g_autofree char *own = g_strconcat (code, ": ", names[firmware], NULL);
  g_autofree char *both = g_strconcat (code, ": firmware ", NULL);

  return strstr (warnings, own) != NULL || strstr (warnings, both) != NULL;
}

static void
finish (const Look *look, const char *group, const char *name, GString *faults)
{
  g_autofree char *text = g_strdup_printf ("%s/%s, %s, QEMU %s", group, name, look->policy, look->qemu->version);

  G_LOCK (tap);
  tap_result (faults->len == 0, text);
  if (faults->len > 0)
    printf ("%s", faults->str);
  G_UNLOCK (tap);
}

/* --- boot-order --------------------------------------------------------------------------- */

static void
try_fix (const Look *look, const Disks *row, const char *head, guint wanted, GString *faults)
{
  g_autofree char *which = g_strdup_printf ("%u", wanted), *filled = fill (row->line, which, ",bootindex=1");
  g_autofree char *line = g_strconcat (head, filled, NULL), *warnings = look_warnings (look, NULL, line);
  guint booted = look_boot (look, BY_POLICY, line);

  if (booted != wanted)
    live_note (faults, "with bootindex, disk %u boots and not %u", booted, wanted);
  if (warnings == NULL || strstr (warnings, "boot-order") != NULL)
    live_note (faults, "with bootindex: %s", warnings);
}

static void
check_disks (const Look *look, gsize i)
{
  const Disks *row = &disks[i];
  g_autoptr (GString) faults = g_string_new (NULL);
  g_autofree char *drives = look_disks (look, row->firmware), *bare = fill (row->line, "", NULL);
  g_autofree char *flash
      = row->firmware == BIOS
            ? g_strdup ("")
            : g_strdup_printf (" -drive if=pflash,unit=0,format=raw,readonly=on,file=%s/OVMF_CODE_4M.fd "
                               "-drive if=pflash,unit=1,format=raw,snapshot=on,file=%s/OVMF_VARS_4M.fd",
                               look->ovmf, look->ovmf);
  g_autofree char *head = g_strconcat (drives, flash, NULL), *line = g_strconcat (head, bare, NULL);
  g_autofree char *warnings = look_warnings (look, NULL, line);
  guint plain, same, ours;
  gboolean warned;

  if (warnings == NULL)
    live_note (faults, "no plan");
  warned = warnings != NULL && has_warning (warnings, "boot-order", row->firmware);
  if (row->races)
    for (guint n = 1; n <= 2; n++)
      try_fix (look, row, head, n, faults);
  else
    {
      plain = look_boot (look, BY_QEMU, line);
      same = row->firmware == UEFI ? plain : look_boot (look, BY_SAME, line);
      ours = look_boot (look, BY_POLICY, line);
      if (plain == 0 || same != plain || (ours != plain) != warned)
        live_note (faults, "plain QEMU boots disk %u, qemu@1 %u, %s %u, and the plan says: %s", plain, same,
                   look->policy, ours, warnings);
      if (warned)
        try_fix (look, row, head, plain, faults);
    }
  finish (look, "boot-order", row->name, faults);
}

/* --- primary-display ------------------------------------------------------------------------ */

/* The slot path of the function that SeaBIOS calls the primary one. */
static char *
find_primary (const Look *look, const char *line, GString *faults)
{
  g_autofree char *text = look_primary (look, BY_POLICY, NULL, line);
  g_auto (GStrv) argv = look_command (look, BY_POLICY, NULL, line);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) seen = vm_guest_functions ((const char *const *) argv, eye, &error);
  guint bus = 0, slot = 0, function = 0;

  if (text == NULL || seen == NULL || sscanf (text, "%x:%x.%x", &bus, &slot, &function) != 3)
    {
      live_note (faults, "SeaBIOS: %s; %s", text, error == NULL ? "" : error->message);
      return NULL;
    }
  for (guint i = 0; i < seen->len; i++)
    {
      const VmSeen *one = seen->pdata[i];

      if (one->bus == bus && one->devfn == (slot << 3 | function))
        return g_strdup (one->path);
    }
  return NULL;
}

static void
look_at_display (const Look *look, gsize i, Firmware firmware)
{
  const char *line = displays[i].line, *ids = strstr (line, "id=b") == NULL ? "a" : "ab";
  g_autoptr (GString) faults = g_string_new (NULL);
  g_autofree char *flash
      = g_strdup_printf ("-drive if=pflash,unit=0,format=raw,readonly=on,file=%s/OVMF_CODE_4M.fd "
                         "-drive if=pflash,unit=1,format=raw,snapshot=on,file=%s/OVMF_VARS_4M.fd %s",
                         look->ovmf, look->ovmf, line);
  const char *whole = firmware == UEFI ? flash : line;
  g_autofree char *warnings = look_warnings (look, NULL, whole), *fixed = NULL;
  g_autofree char *plain = look_displays (look, BY_QEMU, NULL, whole, ids);
  g_autofree char *same = firmware == UEFI ? g_strdup (plain) : look_displays (look, BY_SAME, NULL, whole, ids);
  g_autofree char *ours = look_displays (look, BY_POLICY, NULL, whole, ids);
  g_autofree char *name = g_strconcat (displays[i].name, firmware == UEFI ? ", UEFI" : ", BIOS", NULL);
  gboolean warned = warnings != NULL && has_warning (warnings, "primary-display", firmware);

  if (g_strcmp0 (plain, same) != 0)
    live_note (faults, "plain QEMU: %s, qemu@1: %s", plain, same);
  if (warnings == NULL || plain == NULL || *plain == '\0' || (g_strcmp0 (plain, ours) != 0) != warned)
    live_note (faults, "plain QEMU: %s, %s: %s, the plan says: %s", plain, look->policy, ours, warnings);
  if (firmware == BIOS && eye != NULL)
    {
      g_autofree char *path = find_primary (look, line, faults);
      g_autofree char *paths = look_paths (look, BY_POLICY, NULL, line);
      g_autofree char *pair = g_strdup_printf ("%s=%c ", path, ours == NULL ? '?' : *ours);

      /* On q35 no bus has two VGA-class functions, but for those that the line puts there. */
      if (strcmp (look->machine, "q35") == 0 && strcmp (displays[i].name, "both-fixed") != 0 && (paths == NULL || strstr (paths, pair) == NULL))
        live_note (faults, "SeaBIOS starts %s of %s", path, paths);
    }
  if (warned && displays[i].fix != NULL)
    {
      fixed = look_displays (look, BY_POLICY, displays[i].fix, whole, ids);
      if (g_strcmp0 (fixed, plain) != 0)
        live_note (faults, "with %s: %s", displays[i].fix, fixed);
    }
  finish (look, "primary-display", name, faults);
}

static void
check_display (const Look *look, gsize i)
{
  look_at_display (look, i, BIOS);
  if (look->ovmf != NULL && displays[i].uefi)
    look_at_display (look, i, UEFI);
}

/* --- with the guest's eye ------------------------------------------------------------------- */

static GPtrArray *
see (const Look *look, By by, const char *line, GString *faults)
{
  g_auto (GStrv) argv = look_command (look, by, NULL, line);
  g_autoptr (GError) error = NULL;
  GPtrArray *seen = vm_guest_functions ((const char *const *) argv, eye, &error);

  if (seen == NULL)
    live_note (faults, "%s", error->message);
  return seen;
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  const VmSeen *x = *(VmSeen *const *) a, *y = *(VmSeen *const *) b;

  return (x->bus << 8 | x->devfn) - (y->bus << 8 | y->devfn);
}

/* The ids of the network adapters in the order of their numbers. */
static char *
list_networks (GPtrArray *seen)
{
  GString *out = g_string_new (NULL);

  g_ptr_array_sort (seen, compare_numbers);
  for (guint i = 0; i < seen->len; i++)
    if (((const VmSeen *) seen->pdata[i])->class_code >> 16 == 2)
      g_string_append_printf (out, "%04x ", ((const VmSeen *) seen->pdata[i])->device & ~0x40u);
  return g_string_free (out, FALSE);
}

static void
check_network (const Look *look, gsize i)
{
  g_autoptr (GString) faults = g_string_new (NULL);
  g_autoptr (GPtrArray) plain = see (look, BY_QEMU, networks[i].line, faults);
  g_autoptr (GPtrArray) same = see (look, BY_SAME, networks[i].line, faults);
  g_autoptr (GPtrArray) ours = see (look, BY_POLICY, networks[i].line, faults);
  g_autofree char *warnings = look_warnings (look, NULL, networks[i].line), *before = NULL, *now = NULL;

  if (plain != NULL && same != NULL && ours != NULL && warnings != NULL)
    {
      g_autofree char *again = list_networks (same);

      before = list_networks (plain);
      if (strcmp (before, again) != 0)
        live_note (faults, "plain QEMU: %s, qemu@1: %s", before, again);
      now = list_networks (ours);
      if ((strcmp (before, now) != 0) != (strstr (warnings, "nic-order") != NULL))
        live_note (faults, "plain QEMU: %s, %s: %s, the plan says: %s", before, look->policy, now, warnings);
    }
  else
    live_note (faults, "no plan");
  if (before != NULL && strstr (warnings, "nic-order") != NULL && networks[i].fixed != NULL)
    {
      g_autoptr (GPtrArray) fixed = see (look, BY_POLICY, networks[i].fixed, faults);
      g_autofree char *after = fixed == NULL ? NULL : list_networks (fixed);

      if (g_strcmp0 (before, after) != 0)
        live_note (faults, "with addresses: %s, not %s", after, before);
    }
  finish (look, "nic-order", networks[i].name, faults);
}

/* The one-letter keys of the virtio devices, small for the old ids and capital for the new. */
static char *
list_virtios (const Look *look, By by, const char *line, GString *faults)
{
  g_autoptr (GPtrArray) seen = see (look, by, line, faults);
  g_autofree char *paths = look_paths (look, by == BY_QEMU ? BY_SAME : by, NULL, line);
  g_auto (GStrv) pairs = g_strsplit (paths == NULL ? "" : paths, " ", -1);
  char letters[27] = "..........................";

  for (char **pair = pairs; seen != NULL && *pair != NULL; pair++)
    {
      char *is = strchr (*pair, '=');
      const VmSeen *one;

      if (is == NULL || strlen (is) != 2)
        continue;
      *is = '\0';
      one = vm_find_seen (seen, *pair);
      if (one != NULL && one->vendor == 0x1af4)
        letters[is[1] - 'a'] = one->device < 0x1040 ? is[1] : g_ascii_toupper (is[1]);
    }
  return g_strdup (letters);
}

static void
check_virtio (const Look *look, gsize i)
{
  g_autoptr (GString) faults = g_string_new (NULL), expected = NULL;
  g_autofree char *line = fill (virtios[i].line, "", NULL), *fix = fill (virtios[i].line, "", ",disable-legacy=off");
  g_autofree char *warnings = look_warnings (look, NULL, line), *fixed_warnings = look_warnings (look, NULL, fix);
  g_autofree char *before = list_virtios (look, BY_QEMU, line, faults), *now = list_virtios (look, BY_POLICY, line, faults);
  g_autofree char *fixed = list_virtios (look, BY_POLICY, fix, faults);
  const char *keys = warnings == NULL ? NULL : strstr (warnings, "interface: ");

  expected = g_string_new (before);
  for (keys = keys == NULL ? "" : keys + strlen ("interface: "); *keys != '\0' && *keys != ';'; keys++)
    if (g_ascii_islower (*keys))
      expected->str[*keys - 'a'] = g_ascii_toupper (*keys);
  if (warnings == NULL || strcmp (expected->str, now) != 0)
    live_note (faults, "plain QEMU: %s, %s: %s, the plan says: %s", before, look->policy, now, warnings);
  if (strcmp (before, fixed) != 0 || fixed_warnings == NULL || strstr (fixed_warnings, "virtio-modern") != NULL)
    live_note (faults, "with disable-legacy=off: %s, and the plan says: %s", fixed, fixed_warnings);
  finish (look, "virtio-modern", virtios[i].name, faults);
}

/* --- TAP -------------------------------------------------------------------------------------- */

typedef struct
{
  Look look;
  void (*check) (const Look *look, gsize i);
  gsize i;
} Job;

/* In a directory of its own. */
static void
run_job (gpointer data, gpointer unused G_GNUC_UNUSED)
{
  Job *job = data;
  char *directory = test_directory ();

  job->look.directory = directory;
  job->check (&job->look, job->i);
  test_directory_remove (directory);
  g_free (job);
}

/* Whether the line is one for pc, too: without ports, and without what has the board's own slot. */
static gboolean
is_for_pc (const char *line)
{
  return strstr (line, "pcie") == NULL && strstr (line, "addr=1f.1") == NULL
         && !g_regex_match_simple (",addr=1([ ,{]|$)", line, 0, 0);
}

/* The line of a check, and whether its firmware is there. */
static gboolean
is_due (const Look *look, void (*check) (const Look *look, gsize i), gsize i)
{
  const char *line = check == check_disks     ? disks[i].line
                     : check == check_display ? displays[i].line
                     : check == check_network ? networks[i].line
                                              : virtios[i].line;
  const char *share = g_getenv ("QRISER_TEST_SHARE");
  gboolean pc = strcmp (look->machine, "pc") == 0;

  if ((pc && !is_for_pc (line)) || (share != NULL && i % MAX (g_ascii_strtoull (share, NULL, 10), 1) != 0))
    return FALSE;
  if (check != check_disks)
    return TRUE;
  return (disks[i].before == 0 || look->qemu->number < disks[i].before)
         && (disks[i].firmware == BIOS || (look->ovmf != NULL && !pc));
}

static void
check_all (const Look *look)
{
  static const struct
  {
    void (*check) (const Look *look, gsize i);
    gsize n;
    gboolean needs_eye;
  } groups[] = { { check_display, G_N_ELEMENTS (displays), FALSE },
                 { check_disks, G_N_ELEMENTS (disks), FALSE },
                 { check_network, G_N_ELEMENTS (networks), TRUE },
                 { check_virtio, G_N_ELEMENTS (virtios), TRUE } };
  GThreadPool *pool = g_thread_pool_new (run_job, NULL, (int) MIN (g_get_num_processors (), 8), TRUE, NULL);

  look_set_modules (look);
  for (gsize group = 0; group < G_N_ELEMENTS (groups); group++)
    for (gsize i = 0; i < groups[group].n && (eye != NULL || !groups[group].needs_eye); i++)
      {
        Job *job;

        if (!is_due (look, groups[group].check, i))
          continue;
        job = g_new0 (Job, 1);
        *job = (Job){ *look, groups[group].check, i };
        g_thread_pool_push (pool, job, NULL);
      }
  g_thread_pool_free (pool, FALSE, TRUE);
}

static void
report_missing (const GPtrArray *qemus, const char *ovmf)
{
  gboolean old = FALSE, new = FALSE;

  for (guint i = 0; i < qemus->len; i++)
    {
      old |= ((const Qemu *) qemus->pdata[i])->number == 702;
      new |= ((const Qemu *) qemus->pdata[i])->number == 1000;
    }
  if (!old)
    tap_missing ("no QEMU 7.2", TRUE);
  if (!new)
    tap_missing ("no QEMU 10.0", FALSE);
  if (eye == NULL)
    tap_missing ("no guest-eye: nic-order and virtio-modern not tried", TRUE);
  if (ovmf == NULL)
    tap_missing ("no OVMF: nothing tried with UEFI firmware", FALSE);
}

int
main (void)
{
  g_autoptr (GPtrArray) qemus = live_qemus ("x86_64");
  const char *ovmf = g_getenv ("QRISER_TEST_OVMF") == NULL ? "/usr/share/OVMF" : g_getenv ("QRISER_TEST_OVMF");
  g_autofree char *code = g_build_filename (ovmf, "OVMF_CODE_4M.fd", NULL);

  g_assert_nonnull (g_getenv ("QRISER"));
  eye = g_getenv ("QRISER_TEST_EYE");
  if (eye == NULL || access (eye, R_OK) != 0)
    eye = NULL;
  if (access (code, R_OK) != 0)
    ovmf = NULL;
  for (guint i = 0; i < qemus->len; i++)
    {
      const Qemu *qemu = qemus->pdata[i];

      check_all (&(Look){ qemu, "q35", "ich9@1", NULL, ovmf });
      if (qemu->number == 702)
        check_all (&(Look){ qemu, "pc", "pc@1", NULL, NULL });
    }
  report_missing (qemus, ovmf);
  return tap_finish ();
}
