/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "ask.h"

#include <string.h>

#include "each.h"

/* One machine type, from wherever. */
typedef struct
{
  QrImplicit implicit;
  QrKnownFrom from;
  GPtrArray *differences;
  GError *fault, *fault_bare; /* why there is no survey */
} Answer;

static void
answer_clear (gpointer data)
{
  Answer *answer = data;

  qr_implicit_clear (&answer->implicit);
  g_clear_pointer (&answer->differences, g_ptr_array_unref);
  g_clear_error (&answer->fault);
  g_clear_error (&answer->fault_bare);
}

static GArray *
answers_new (guint n)
{
  GArray *answers = g_array_new (FALSE, TRUE, sizeof (Answer));

  g_array_set_clear_func (answers, answer_clear);
  g_array_set_size (answers, n);
  return answers;
}

static GString *
render (const GArray *answers, gboolean json)
{
  g_autofree QrKnown *known = g_new0 (QrKnown, answers->len);

  for (guint i = 0; i < answers->len; i++)
    {
      const Answer *answer = &g_array_index (answers, Answer, i);

      known[i] = (QrKnown){ &answer->implicit, answer->from, answer->differences };
    }
  return json ? qr_render_json_implicit (known, answers->len)
              : qr_render_implicit (known, answers->len);
}

/* --- what was kept ------------------------------------------------------------------------ */

/* The document of the QEMU's entry; NULL: there is none. */
static QrJsonDoc *
read_cache (const QrAsk *ask)
{
  GString *text = ask->program == NULL
                      ? NULL
                      : qr_cache_read (ask->cache, ask->program, QR_CACHE_REST, ask->modules);
  QrJsonDoc *doc = NULL;

  if (text == NULL)
    return NULL;
  doc = qr_json_doc_parse (text->str, text->len, "cache", 0, QR_STATUS_CONFIG, NULL);
  g_string_free (text, TRUE);
  return doc;
}

/* The list of machine types in it. */
static gboolean
find_list (const QrJsonDoc *doc, QrJson *root, QrJson *list)
{
  if (doc == NULL)
    return FALSE;
  qr_json_root (doc, root);
  return qr_json_is_object (root, NULL) && qr_json_find (root, "implicit", list)
         && qr_json_is_array (list, NULL);
}

static gboolean
find_kept (const QrJsonDoc *doc, const char *machine, QrPool *pool, Answer *out)
{
  QrJson root, list, element;

  if (!find_list (doc, &root, &list))
    return FALSE;
  for (gsize i = 0; i < qr_json_length (&list); i++)
    {
      g_auto (QrImplicit) found = { NULL };

      qr_json_element (&list, i, &element);
      if (!qr_implicit_read (&element, pool, &found, NULL) || strcmp (found.machine, machine) != 0)
        continue;
      out->implicit = found;
      out->from = QR_KNOWN_CACHE;
      found = (QrImplicit){ NULL };
      return TRUE;
    }
  return FALSE;
}

/* Those of the entry that were not asked for now. */
static void
append_kept (const QrJsonDoc *doc, QrPool *pool, GArray *answers)
{
  const guint fresh = answers->len;
  QrJson root, list, element;

  if (!find_list (doc, &root, &list))
    return;
  for (gsize i = 0; i < qr_json_length (&list); i++)
    {
      Answer answer = { .from = QR_KNOWN_PROBE };
      gboolean again = FALSE;

      qr_json_element (&list, i, &element);
      if (!qr_implicit_read (&element, pool, &answer.implicit, NULL))
        continue;
      for (guint j = 0; j < fresh && !again; j++)
        again
            = strcmp (g_array_index (answers, Answer, j).implicit.machine, answer.implicit.machine)
              == 0;
      if (again)
        answer_clear (&answer);
      else
        g_array_append_val (answers, answer);
    }
}

static void
append_texts (GString *out, const char *key, const GPtrArray *texts)
{
  g_string_append_printf (out, "  \"%s\": [", key);
  for (guint i = 0; i < texts->len; i++)
    {
      g_string_append (out, i == 0 ? "" : ", ");
      qr_json_append_string (out, texts->pdata[i]);
    }
  g_string_append (out, "],\n");
}

static void
keep (const QrAsk *ask, const QrProbedBinary *binary, GArray *answers, GError **unkept)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (QrJsonDoc) doc = read_cache (ask);
  g_autoptr (GString) out = g_string_new ("{\n"), list = NULL;
  const guint fresh = answers->len;

  append_kept (doc, pool, answers);
  append_texts (out, "machines", binary->machines);
  append_texts (out, "aliases", binary->aliases);
  append_texts (out, "drivers", binary->drivers);
  list = render (answers, TRUE);
  g_string_append_printf (out, "  \"implicit\": %s}\n", list->str);
  g_array_set_size (answers, fresh);
  (void) !qr_cache_write (ask->cache, ask->program, ask->modules, binary->version, out, unkept);
}

/* --- asked now ------------------------------------------------------------------------------ */

typedef struct
{
  const QrAsk *ask;
  const QrProbedBinary *binary;
  const char *const *machines;
  GArray *answers;
} Round;

static void
ask_one (guint index, gpointer data)
{
  const Round *round = data;
  const QrAsk *ask = round->ask;
  Answer *answer = &g_array_index (round->answers, Answer, index);
  QrSurvey bare = { NULL }, full = { NULL };

  if (!qr_probe_machine (ask->profiles, ask->program, round->binary, round->machines[index], TRUE,
                         &bare, &answer->fault_bare))
    {
      qr_survey_init (&bare);
      answer->implicit.fails_bare = answer->fault_bare->message;
    }
  if (!qr_probe_machine (ask->profiles, ask->program, round->binary, round->machines[index], FALSE,
                         &full, &answer->fault))
    {
      qr_survey_init (&full);
      answer->implicit.fails = answer->fault->message;
    }
  qr_implicit_take (round->machines[index], &bare, &full, &answer->implicit);
  answer->from = QR_KNOWN_PROBE;
}

/* What the data has otherwise. */
static void
compare (const QrAsk *ask, const char *version, Answer *answer, gboolean *differs)
{
  g_auto (QrImplicit) known = { NULL };
  g_autoptr (GError) fault = NULL;

  if (qr_implicit_find (ask->profiles, ask->arch, version, answer->implicit.machine, &known,
                        &fault))
    {
      answer->implicit.planned = known.planned;
      answer->differences = qr_implicit_compare (&known, &answer->implicit);
    }
  else
    {
      answer->differences = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (answer->differences, g_strdup (fault->message));
    }
  *differs |= answer->differences->len > 0;
}

static GString *
probe (const QrAsk *ask, GError **unkept, gboolean *differs, GError **error)
{
  g_auto (QrProbedBinary) binary = { NULL };
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  const char *const *machines = ask->machines;
  g_autoptr (GArray) answers = NULL;

  if (ask->program == NULL)
    {
      (void) qr_probe_nobody (ask->name, error);
      return NULL;
    }
  if (!qr_probe_binary (ask->profiles, ask->program, &binary, error))
    return NULL;
  for (guint i = 0; i < binary.machines->len; i++)
    g_ptr_array_add (all, binary.machines->pdata[i]);
  g_ptr_array_add (all, NULL);
  if (*machines == NULL)
    machines = (const char *const *) all->pdata;
  answers = answers_new (g_strv_length ((char **) machines));
  qr_each (answers->len, ask->progress ? "machine types" : NULL, ask_one,
           &(Round){ ask, &binary, machines, answers });
  for (guint i = 0; i < answers->len; i++)
    compare (ask, binary.version, &g_array_index (answers, Answer, i), differs);
  keep (ask, &binary, answers, unkept);
  return render (answers, ask->json);
}

gboolean
qr_ask_binary (const QrAsk *ask, QrProbedBinary *out, GError **unkept, GError **error)
{
  g_autoptr (GArray) none = answers_new (0);

  if (!qr_probe_binary (ask->profiles, ask->program, out, error))
    return FALSE;
  keep (ask, out, none, unkept);
  return TRUE;
}

/* --- from what is there ------------------------------------------------------------------------
 */

GString *
qr_ask_implicit (const QrAsk *ask, GError **unkept, gboolean *differs, GError **error)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GPtrArray) all = NULL;
  const char *const *machines = ask->machines;
  g_autoptr (GArray) answers = NULL;
  g_autoptr (QrJsonDoc) doc = NULL;

  *differs = FALSE;
  if (ask->probe)
    return probe (ask, unkept, differs, error);
  all = qr_implicit_machines (ask->profiles, ask->arch, ask->version);
  g_ptr_array_add (all, NULL);
  if (*machines == NULL)
    machines = (const char *const *) all->pdata;
  answers = answers_new (g_strv_length ((char **) machines));
  for (guint i = 0; i < answers->len; i++)
    {
      Answer *answer = &g_array_index (answers, Answer, i);
      g_autoptr (GError) fault = NULL;

      if (qr_implicit_find (ask->profiles, ask->arch, ask->version, machines[i], &answer->implicit,
                            &fault))
        continue;
      if (doc == NULL)
        doc = read_cache (ask);
      if (find_kept (doc, machines[i], pool, answer))
        continue;
      g_propagate_error (error, g_steal_pointer (&fault));
      return NULL;
    }
  return render (answers, ask->json);
}
