/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "parity-rules.h"

#include <stdlib.h>
#include <string.h>

const char *const parity_commands[N_PARITY_COMMANDS + 1]
    = { "info qtree", "info network", "info block", "info chardev", NULL };

static void
take (char **text, char *new_text)
{
  g_free (*text);
  *text = new_text;
}

static void
substitute (char **text, const char *pattern, const char *by)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_MULTILINE, 0, &error);

  g_assert_no_error (error);
  take (text, g_regex_replace (regex, *text, -1, 0, by, 0, &error));
  g_assert_no_error (error);
}

/* --- netdevs --------------------------------------------------------------------------
 *
 * -nic, -net and the default adapter make netdevs named #net123 (the digits are random) and hub
 * ports named hub0port1.  A line that says the same with -netdev must give names of its own.  So
 * a name that QEMU made up on the plain side may be any on the other, as long as all places that
 * have the one have the other; a name that the user gave must be there as it is.
 */

static gboolean
is_made_up (const char *name)
{
  return g_regex_match_simple ("^(#net\\d+|hub\\d+port\\d+)$", name, 0, 0);
}

/*
 * A line of "info network" is "NIC: index=...", " \ NETDEV: index=...", or " \ PORT: PEER:
 * index=..." below "hub N".  Calls VISIT for the names of netdevs and ports; names of NICs are none
 * of them.
 */
static void
visit_names (const char *row, void (*visit) (const char *name, gpointer data), gpointer data)
{
  g_auto (GStrv) parts = NULL;
  gboolean is_nic = strstr (row, ",type=nic,") != NULL;

  if (g_str_has_prefix (row, "hub "))
    return;
  parts = g_strsplit (g_str_has_prefix (row, " \\ ") ? row + strlen (" \\ ") : row, ": ", -1);
  for (char **part = parts; *part != NULL && **part != '\0'; part++)
    {
      gboolean is_last = part[1] == NULL || g_str_has_prefix (part[1], "index=");

      if (!is_last || !is_nic)
        visit (*part, data);
      if (is_last)
        return;
    }
}

typedef struct
{
  GHashTable *users; /* names that the user gave */
  GHashTable *names; /* from a name that was made up to "<net N>" */
} Names;

static void
note_user (const char *name, gpointer data)
{
  if (!is_made_up (name))
    g_hash_table_add (((Names *) data)->users, g_strdup (name));
}

static void
note_name (const char *name, gpointer data)
{
  Names *names = data;

  if ((is_made_up (name) || !g_hash_table_contains (names->users, name))
      && !g_hash_table_contains (names->names, name))
    g_hash_table_insert (names->names, g_strdup (name),
                         g_strdup_printf ("<net %u>", g_hash_table_size (names->names)));
}

static void
visit_text (const char *text, void (*visit) (const char *name, gpointer data), gpointer data)
{
  g_auto (GStrv) rows = g_strsplit (text, "\n", -1);

  for (char **row = rows; *row != NULL; row++)
    visit_names (*row, visit, data);
}

/* In "info network" a name ends with a colon, in "info qtree" it is the value of a property. */
static void
rename_netdevs (GStrv texts, GHashTable *users)
{
  Names names = { users, g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free) };
  GHashTableIter iter;
  gpointer name, by;

  visit_text (texts[PARITY_NETWORK], note_name, &names);
  g_hash_table_iter_init (&iter, names.names);
  while (g_hash_table_iter_next (&iter, &name, &by))
    {
      g_autofree char *literal = g_regex_escape_string (name, -1);
      g_autofree char *end = g_strconcat ("^( \\\\ )?", literal, "(?=:|$)", NULL);
      g_autofree char *second = g_strconcat ("^( \\\\ [^:]*: )", literal, "(?=: index=)", NULL);
      g_autofree char *first_by = g_strconcat ("\\1", by, NULL);
      g_autofree char *value = g_strconcat ("^( *netdev = )\"", literal, "\"", NULL);
      g_autofree char *value_by = g_strconcat ("\\1\"", by, "\"", NULL);

      substitute (&texts[PARITY_NETWORK], end, first_by);
      substitute (&texts[PARITY_NETWORK], second, first_by);
      substitute (&texts[PARITY_QTREE], value, value_by);
    }
  g_hash_table_unref (names.names);
}

/* --- single rules ------------------------------------------------------------------------ */

typedef struct
{
  int command;
  guint before; /* QEMU versions from this on do without; 0: none */
  const char *pattern, *by;
} Rule;

#define SD_STATE "    Removable device: not locked, tray closed\\n"

static const Rule rules[] = {
  /* Block nodes without a name get a random one. */
  { PARITY_BLOCK, 0, "#block\\d+", "#block" },
  /* A device of the board is /machine/unattached/device[N], one of -device without an id
     /machine/peripheral-anon/device[N]; both count the devices that were made before.  That the
     drive is in the same device shows in "info qtree". */
  { PARITY_BLOCK, 0, "/machine/(unattached|peripheral-anon)/device\\[\\d+\\]", "<no id>" },
  /* The overlay of -snapshot is a temporary file. */
  { PARITY_BLOCK, 0, "/vl\\.[A-Za-z0-9]{6}", "/vl.XXXXXX" },
  /* A drive for an SD card slot that no PC has, made without -nodefaults; 10.0 has none. */
  { PARITY_BLOCK, 800,
    "\\Asd0: \\[not inserted\\]\\n" SD_STATE "\\n?|\\nsd0: \\[not inserted\\]\\n" SD_STATE, "" },
  /* One for a floppy controller that the machine has not; that of pc is attached to its own. */
  { PARITY_BLOCK, 0,
    "\\Afloppy0: \\[not inserted\\]\\n" SD_STATE "\\n?|\\nfloppy0: \\[not inserted\\]\\n" SD_STATE,
    "" },
  /* The connection that the test itself uses, and the monitor of the gdb stub. */
  { PARITY_CHARDEV, 0, "^(#chr\\d+: filename=gdb|gdb: filename=unix:.*)\\n", "" },
  { PARITY_CHARDEV, 0, "^(compat_monitor\\d+: filename=unix:).*/qriser-vm-.*$", "\\1" },
  /* Other chardevs without a name. */
  { PARITY_CHARDEV, 0, "^#chr\\d+", "#chr" },
  /* A stream comes to listen some time after the start. */
  { PARITY_NETWORK, 0, "type=stream,(initializing|listening)", "type=stream,<state>" },
  /* A tap that nothing is run for at the end is opened before QEMU, by a number from 256 on. */
  { PARITY_NETWORK, 0, "type=tap,(fd=25[6-9]|ifname=[^,\\n]*,script=[^,\\n]*,downscript=(no)?)$",
    "type=tap,<opened>" },
  /* The number of a pseudo terminal is the system's. */
  { PARITY_CHARDEV, 0, "pty:/dev/pts/\\d+", "pty:/dev/pts/N" },
};

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Chardevs come in the order of a hash table, in which the random names count. */
static void
sort_rows (char **text)
{
  g_auto (GStrv) rows = g_strsplit (*text, "\n", -1);

  qsort (rows, g_strv_length (rows), sizeof *rows, compare_texts);
  take (text, g_strjoinv ("\n", rows));
}

/*
 * "info qtree" lists the newest first.  Boards make some functions of theirs after those that
 * -device stands for: q35 its SMBus controller after -usb's, pc of 7.2 IDE, USB and power
 * management after the display and network adapters.  The addresses are the same, and where
 * QEMU's search for a bus would go by that order, the line names the bus.  So these functions, and
 * what is below them, come first on both sides.
 */
static void
move_first (char **text, const char *driver)
{
  static const char deeper[] = "       ";
  g_autofree char *title = g_strdup_printf ("\n      dev: %s, id \"\"\n", driver);
  char *start = strstr (*text, title), *end;
  GString *moved;

  if (start == NULL)
    return;
  start++;
  end = strchr (start, '\n') + 1;
  while (g_str_has_prefix (end, deeper))
    end = strchr (end, '\n') + 1;
  moved = g_string_new_len (start, end - start);
  g_string_append_len (moved, *text, start - *text);
  g_string_append (moved, end);
  take (text, g_string_free (moved, FALSE));
}

static const char *const made_later[]
    = { "ICH9-SMB", "piix3-ide", "piix4-ide", "piix3-usb-uhci", "piix4-usb-uhci", "PIIX4_PM" };

static void
apply_rules (GStrv texts, guint version)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    if (rules[i].before == 0 || version < rules[i].before)
      substitute (&texts[rules[i].command], rules[i].pattern, rules[i].by);
  sort_rows (&texts[PARITY_CHARDEV]);
  for (gsize i = 0; i < G_N_ELEMENTS (made_later); i++)
    move_first (&texts[PARITY_QTREE], made_later[i]);
}

void
parity_normalise (GStrv plain, GStrv other, guint version)
{
  Names names = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL), NULL };

  for (int i = 0; i < N_PARITY_COMMANDS; i++)
    {
      substitute (&plain[i], "\r", "");
      substitute (&other[i], "\r", "");
    }
  visit_text (plain[PARITY_NETWORK], note_user, &names);
  rename_netdevs (plain, names.users);
  rename_netdevs (other, names.users);
  g_hash_table_unref (names.users);
  apply_rules (plain, version);
  apply_rules (other, version);
}

/* --- places ------------------------------------------------------------------------------- */

/* Properties of a PCI function that follow from its place, by the beginnings of their rows.
   disable-legacy is "on" below a port where the line leaves it open; a SAS address that the line
   does not give is made of the device's (hw/scsi/megasas.c, mptsas.c). */
static const char *const of_place[]
    = { "addr = ",    "multifunction = ", "class ",  "bar ",           "disable-legacy = ",
        "chassis = ", "slot = ",          "port = ", "sas_address = ", NULL };

/* The beginnings of the ids of ports and bridges of qriser's. */
static const char *const own_ids[] = { "rp-", "peg-", "pci-", "sw-", "dp-", NULL };

static gboolean
begins (const char *text, const char *const *beginnings)
{
  for (; *beginnings != NULL; beginnings++)
    if (g_str_has_prefix (text, *beginnings))
      return TRUE;
  return FALSE;
}

static gboolean
is_own (const char *device)
{
  const char *id = strstr (device, ", id \"");

  return id != NULL && begins (id + strlen (", id \""), own_ids);
}

/* The device of ROW as one text: its own rows, which are deeper by two. */
static char *
describe_device (char **row, const char *bus)
{
  gsize indent = strspn (*row, " ");
  gboolean is_pci = FALSE;
  g_autoptr (GString) out = g_string_new (*row + indent);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();

  for (row++; *row != NULL && strspn (*row, " ") > indent; row++)
    {
      const char *text = *row + indent + 2;

      if (strspn (*row, " ") != indent + 2 || g_str_has_prefix (text, "bus: "))
        continue;
      is_pci |= g_str_has_prefix (text, "class ");
      g_ptr_array_add (kept, (gpointer) text);
    }
  if (!is_pci)
    g_string_append_printf (out, " on %s", bus);
  for (guint i = 0; i < kept->len; i++)
    if (!is_pci || !begins (kept->pdata[i], of_place))
      g_string_append_printf (out, "\n  %s", (char *) kept->pdata[i]);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* The name of the bus that the device in ROW is on. */
static const char *
find_bus (char **row, char **first)
{
  gsize indent = strspn (*row, " ");

  while (row-- > first)
    if (strspn (*row, " ") < indent && g_str_has_prefix (*row + strspn (*row, " "), "bus: "))
      return *row + strspn (*row, " ") + strlen ("bus: ");
  return "nothing";
}

void
parity_forget_places (char **qtree)
{
  g_auto (GStrv) rows = g_strsplit (*qtree, "\n", -1);
  g_autoptr (GPtrArray) devices = g_ptr_array_new_with_free_func (g_free);

  for (char **row = rows; *row != NULL; row++)
    if (g_str_has_prefix (*row + strspn (*row, " "), "dev: ") && !is_own (*row))
      g_ptr_array_add (devices, describe_device (row, find_bus (row, rows)));
  g_ptr_array_sort (devices, compare_texts);
  g_ptr_array_add (devices, NULL);
  take (qtree, g_strjoinv ("\n", (char **) devices->pdata));
}
