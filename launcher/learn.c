/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "learn.h"

#include <string.h>

#include "child.h"
#include "each.h"
#include "learn-type.h"
#include "profiles-load.h"

typedef struct
{
  const QrProfiles *profiles;
  const char *qemu, *arch;
  gboolean progress;
  QrLearned *out;
} Learn;

static const char *
progress_of (const Learn *learn, const char *what)
{
  return learn->progress ? what : NULL;
}

static void
add_unlearned (const Learn *learn, const char *what, const char *name, const char *reason)
{
  const QrUnlearned record = { what, qr_pool_strdup (learn->out->pool, name),
                               qr_pool_strdup (learn->out->pool, reason) };

  g_array_append_val (learn->out->unlearned, record);
}

/* --- device types ------------------------------------------------------------------------------
 */

/* The first machine of the binary that has a PCI bus by itself; one with a root complex before
 * others. */
static gboolean
find_machine (const Learn *learn, QrTrialMachine *out)
{
  const QrProfiles *profiles = learn->profiles;
  gboolean found = FALSE;

  for (guint32 i = 0; i < profiles->n_machines; i++)
    {
      const QrMachine *machine = &profiles->machines[i];
      const gboolean express = qr_profiles_bus_is_a (profiles, machine->root_type, "PCIE");

      if (!qr_machine_is_for (machine, learn->arch) || machine->n_when > 0
          || (found && (out->express || !express)))
        continue;
      *out = (QrTrialMachine){ machine->types[0].name, machine->root_bus, express };
      found = TRUE;
    }
  return found;
}

typedef struct
{
  const Learn *learn;
  const QrListedTypes *types;
  GPtrArray *lacking;    /* QrListedType */
  GPtrArray *properties; /* of each: a set */
  QrTrialMachine machine;
  gboolean has_machine;
  QrTriedType *tried; /* of each */
} TypeRound;

static void
try_type (guint index, gpointer data)
{
  TypeRound *round = data;
  const QrListedType *listed = round->lacking->pdata[index];

  if (round->has_machine && qr_learn_is_function (round->types, listed))
    qr_probe_type (round->learn->profiles, round->learn->qemu, &round->machine, listed->name,
                   round->properties->pdata[index], &round->tried[index]);
}

static void
take_type (const TypeRound *round, guint index)
{
  const Learn *learn = round->learn;
  const QrListedType *listed = round->lacking->pdata[index];
  g_autoptr (GError) fault = NULL;
  QrDeviceType record;

  if (!round->has_machine && qr_learn_is_function (round->types, listed))
    add_unlearned (learn, "device", listed->name, "no machine type is known to try it on");
  else if (!qr_learn_type (learn->profiles, round->types, listed, round->properties->pdata[index],
                           &round->tried[index], learn->out->pool, &record, &fault))
    add_unlearned (learn, "device", listed->name, fault->message);
  else
    g_array_append_val (learn->out->devices, record);
}

static gboolean
knows_bus (const Learn *learn, const char *type)
{
  for (guint i = 0; i < learn->out->buses->len; i++)
    if (strcmp (g_array_index (learn->out->buses, QrBusType, i).type, type) == 0)
      return TRUE;
  return qr_profiles_find_bus_type (learn->profiles, type) != NULL;
}

/* The bus type and those that it descends from, as far as the data lacks them. */
static void
add_bus (const Learn *learn, const QrListedTypes *types, const char *type)
{
  while (type != NULL && g_hash_table_contains (types->buses, type) && !knows_bus (learn, type))
    {
      const char *parent = g_hash_table_lookup (types->parents, type);
      QrBusType record = { .type = qr_pool_strdup (learn->out->pool, type) };

      if (parent != NULL && g_hash_table_contains (types->buses, parent))
        record.parent = qr_pool_strdup (learn->out->pool, parent);
      g_array_append_val (learn->out->buses, record);
      type = parent;
    }
}

static void
add_buses (const Learn *learn, const QrListedTypes *types)
{
  for (guint i = 0; i < learn->out->devices->len; i++)
    {
      const QrDeviceType *device = &g_array_index (learn->out->devices, QrDeviceType, i);

      add_bus (learn, types, device->bus);
      for (guint32 j = 0; j < device->n_buses; j++)
        add_bus (learn, types, device->buses[j].type);
    }
}

static gboolean
learn_types (const Learn *learn, GError **error)
{
  g_auto (QrListedTypes) types = { NULL };
  g_autoptr (GPtrArray) lacking = g_ptr_array_new (), names = g_ptr_array_new (), properties = NULL;
  g_autofree QrTriedType *tried = NULL;
  TypeRound round = { .learn = learn, .types = &types, .lacking = lacking };

  if (!qr_probe_types (learn->profiles, learn->qemu, &types, error))
    return FALSE;
  for (guint i = 0; i < types.types->len; i++)
    {
      QrListedType *listed = &g_array_index (types.types, QrListedType, i);

      if (!listed->creatable
          || qr_profiles_find_device (learn->profiles, listed->name, learn->out->pool) != NULL)
        continue;
      g_ptr_array_add (lacking, listed);
      g_ptr_array_add (names, (gpointer) listed->name);
    }
  round.properties = properties = qr_probe_properties (learn->profiles, learn->qemu, names, error);
  if (properties == NULL)
    return FALSE;
  round.has_machine = find_machine (learn, &round.machine);
  round.tried = tried = g_new0 (QrTriedType, lacking->len);
  qr_each (lacking->len, progress_of (learn, "device types"), try_type, &round);
  for (guint i = 0; i < lacking->len; i++)
    {
      take_type (&round, i);
      qr_tried_type_clear (&tried[i]);
    }
  add_buses (learn, &types);
  return TRUE;
}

/* --- options -----------------------------------------------------------------------------------
 */

/* A name as QEMU's options have; its length, or 0. */
static gsize
option_length (const char *text)
{
  gsize n = 0;

  while (g_ascii_isalnum (text[n]) || (n > 0 && (text[n] == '-' || text[n] == '_')))
    n++;
  return text[n] == '\0' || g_ascii_isspace (text[n]) ? n : 0;
}

/* The options at the beginning of @line, "-h or -help     display this", that the data lacks. */
static void
add_options (const Learn *learn, const char *line, GPtrArray *out)
{
  gsize length;

  while (*line == '-' && (length = option_length (line + 1)) > 0)
    {
      const char *name = qr_pool_strndup (learn->out->pool, line + 1, length);

      if (qr_profiles_find_option (learn->profiles, name) == NULL
          && !g_ptr_array_find_with_equal_func (out, name, g_str_equal, NULL))
        g_ptr_array_add (out, (gpointer) name);
      line += 1 + length;
      if (!g_str_has_prefix (line, " or "))
        return;
      line += strlen (" or ");
    }
}

typedef struct
{
  const Learn *learn;
  const GPtrArray *names;
  QrOption *options; /* of each */
} OptionRound;

/* What QEMU prints with @word alone, where it ends well then; else NULL. (transfer full) */
static GString *
run (const Learn *learn, const char *word, GError **error)
{
  const char *const argv[] = { learn->qemu, word, NULL };
  g_autoptr (QrChild) child = qr_child_start (argv, learn->profiles->probe->seconds * 1000, error);

  return child == NULL ? NULL : qr_child_output (child, error);
}

/* QEMU says of an option that lacks its argument that it does; else it starts with it, or prints
 * something and ends. */
static void
try_option (guint index, gpointer data)
{
  OptionRound *round = data;
  const QrProfiles *profiles = round->learn->profiles;
  const char *name = round->names->pdata[index];
  g_autofree char *word = g_strconcat ("-", name, NULL);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GString) printed = NULL;
  g_autoptr (GError) fault = NULL;
  g_autoptr (QrQmp) qmp = NULL;
  QrOption *option = &round->options[index];

  *option = (QrOption){ .name = name, .grammar = QR_GRAMMAR_FLAG };
  g_ptr_array_add (words, word);
  qmp = qr_probe_start (profiles, round->learn->qemu, profiles->probe->empty, TRUE, words, &fault);
  if (qmp != NULL)
    return;
  if (strstr (fault->message, profiles->learn->no_argument) != NULL)
    {
      option->grammar = QR_GRAMMAR_RAW;
      return;
    }
  printed = run (round->learn, word, NULL);
  option->informs = printed != NULL;
}

static gboolean
learn_options (const Learn *learn, GError **error)
{
  g_autoptr (GString) text = run (learn, learn->profiles->learn->help, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree QrOption *options = NULL;
  g_auto (GStrv) lines = NULL;
  OptionRound round = { .learn = learn, .names = names };

  if (text == NULL)
    return FALSE;
  lines = g_strsplit (text->str, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    add_options (learn, *line, names);
  round.options = options = g_new0 (QrOption, names->len);
  qr_each (names->len, progress_of (learn, "options"), try_option, &round);
  g_array_append_vals (learn->out->options, options, names->len);
  return TRUE;
}

/* --- machine types ------------------------------------------------------------------------------
 */

typedef struct
{
  const Learn *learn;
  const GPtrArray *names;
  QrImplicit *implicit; /* of each */
} MachineRound;

static const char no_start[] = "it does not start by itself";

static void
try_machine (guint index, gpointer data)
{
  MachineRound *round = data;
  const Learn *learn = round->learn;
  QrImplicit *implicit = &round->implicit[index];
  const char *name = round->names->pdata[index];
  QrSurvey bare, full;

  if (!qr_probe_machine (learn->profiles, learn->qemu, &learn->out->binary, name, TRUE, &bare,
                         NULL))
    {
      qr_survey_init (&bare);
      implicit->fails_bare = no_start;
    }
  if (!qr_probe_machine (learn->profiles, learn->qemu, &learn->out->binary, name, FALSE, &full,
                         NULL))
    {
      qr_survey_init (&full);
      implicit->fails = no_start;
    }
  qr_implicit_take (name, &bare, &full, implicit);
}

/* Whether the known type @like brings along what @asked does. */
static gboolean
is_like (const Learn *learn, const QrImplicit *asked, const char *like)
{
  g_auto (QrImplicit) known = { NULL };
  g_autoptr (GPtrArray) differences = NULL;

  if (!qr_implicit_find (learn->profiles, learn->arch, learn->out->binary.version, like, &known,
                         NULL))
    return FALSE;
  differences = qr_implicit_compare (&known, asked);
  return differences->len == 0 && known.fails == NULL && known.fails_bare == NULL;
}

/* The newest type of the data that has all that @asked has; NULL: none. */
static const char *
find_like (const Learn *learn, const QrImplicit *asked)
{
  const QrProfiles *profiles = learn->profiles;

  for (guint32 i = 0; asked->bare.roots->len > 0 && i < profiles->n_machines; i++)
    {
      const QrMachine *machine = &profiles->machines[i];

      for (guint32 j = qr_machine_is_for (machine, learn->arch) ? machine->n_types : 0; j > 0; j--)
        if (is_like (learn, asked, machine->types[j - 1].name))
          return machine->types[j - 1].name;
    }
  return NULL;
}

static void
take_machine (const Learn *learn, const char *name, const QrImplicit *asked)
{
  QrAlike record = { qr_pool_strdup (learn->out->pool, name), find_like (learn, asked) };

  if (record.like != NULL)
    g_array_append_val (learn->out->machines, record);
  else
    add_unlearned (learn, "machine", name,
                   asked->fails_bare != NULL    ? asked->fails_bare
                   : asked->bare.roots->len > 0 ? "no known type has the same functions"
                                                : "it has no PCI bus");
}

/* The data with what was learned so far: a known type may have devices that the data lacks. */
static const QrProfiles *
with_learned (const Learn *learn)
{
  g_autoptr (GString) text = qr_learned_overlay (learn->out, learn->qemu);
  g_autoptr (QrJsonDoc) doc
      = qr_json_doc_parse (text->str, text->len, "overlay", 0, QR_STATUS_CONFIG, NULL);
  QrProfiles overlay = { .overlay = NULL };

  if (doc == NULL || !qr_profiles_load_overlay (doc, learn->out->pool, &overlay, NULL))
    return learn->profiles;
  return qr_profiles_with (learn->profiles, &overlay, learn->arch, learn->out->pool);
}

static gboolean
knows_machine (const Learn *learn, const GPtrArray *known, const char *name)
{
  return qr_profiles_find_machine (learn->profiles, name, learn->arch) != NULL
         || g_ptr_array_find_with_equal_func ((GPtrArray *) known, name, g_str_equal, NULL);
}

static void
learn_machines (const Learn *before)
{
  const Learn whole
      = { with_learned (before), before->qemu, before->arch, before->progress, before->out };
  const Learn *learn = &whole;
  const GPtrArray *all = learn->out->binary.machines;
  g_autoptr (GPtrArray) known = qr_implicit_machines (learn->profiles, learn->arch, NULL),
                        names = g_ptr_array_new ();
  g_autofree QrImplicit *implicit = NULL;
  MachineRound round = { .learn = learn, .names = names };

  for (guint i = 0; i < all->len; i++)
    if (!knows_machine (learn, known, all->pdata[i]))
      g_ptr_array_add (names, all->pdata[i]);
  round.implicit = implicit = g_new0 (QrImplicit, names->len);
  qr_each (names->len, progress_of (learn, "machine types"), try_machine, &round);
  for (guint i = 0; i < names->len; i++)
    {
      take_machine (learn, names->pdata[i], &implicit[i]);
      qr_implicit_clear (&implicit[i]);
    }
}

gboolean
qr_learn (const QrProfiles *profiles, const char *qemu, const char *arch, gboolean progress,
          QrLearned *out, GError **error)
{
  g_auto (QrLearned) learned = { .pool = qr_pool_new (),
                                 .devices = g_array_new (FALSE, FALSE, sizeof (QrDeviceType)),
                                 .buses = g_array_new (FALSE, FALSE, sizeof (QrBusType)),
                                 .options = g_array_new (FALSE, FALSE, sizeof (QrOption)),
                                 .machines = g_array_new (FALSE, FALSE, sizeof (QrAlike)),
                                 .unlearned = g_array_new (FALSE, FALSE, sizeof (QrUnlearned)) };
  const Learn learn = { profiles, qemu, arch, progress, &learned };

  if (!qr_probe_binary (profiles, qemu, &learned.binary, error) || !learn_types (&learn, error)
      || !learn_options (&learn, error))
    return FALSE;
  learn_machines (&learn);
  *out = learned;
  learned = (QrLearned){ NULL };
  return TRUE;
}
