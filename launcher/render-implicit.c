/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "render-implicit.h"

#include <string.h>

#include "json-make.h"

static const char *const from_names[] = { "data", "probe", "cache", NULL };

/* --- roots of both surveys ----------------------------------------------------------------- */

static gboolean
has_root (const QrSurvey *survey, const QrSurveyRoot *root)
{
  for (guint i = 0; i < survey->roots->len; i++)
    if (strcmp (g_array_index (survey->roots, QrSurveyRoot, i).name, root->name) == 0)
      return TRUE;
  return FALSE;
}

typedef struct
{
  const QrSurveyRoot *root;
  const QrSurvey *survey; /* that it is described by: the one without defaults, if it is there */
  QrImplicitOrigin origin;
} Root;

static GArray *
find_roots (const QrImplicit *implicit)
{
  const gboolean both = implicit->fails == NULL && implicit->fails_bare == NULL;
  const QrSurvey *bare = &implicit->bare, *full = &implicit->full;
  GArray *out = g_array_new (FALSE, FALSE, sizeof (Root));

  for (guint i = 0; i < bare->roots->len; i++)
    {
      Root root = { &g_array_index (bare->roots, QrSurveyRoot, i), bare, QR_IMPLICIT_MACHINE };

      if (both && !has_root (full, root.root))
        root.origin = QR_IMPLICIT_BARE;
      g_array_append_val (out, root);
    }
  for (guint i = 0; i < full->roots->len; i++)
    {
      Root root = { &g_array_index (full->roots, QrSurveyRoot, i), full, QR_IMPLICIT_DEFAULT };

      if (!has_root (bare, root.root))
        g_array_append_val (out, root);
    }
  return out;
}

/* --- a table ---------------------------------------------------------------------------------- */

static const char *const origin_texts[] = { "", "  default", "  with -nodefaults only" };

static void
append_functions (GString *out, const QrImplicit *implicit)
{
  gsize widest = 0;

  for (guint i = 0; i < implicit->functions->len; i++)
    widest = MAX (
        widest, strlen (g_array_index (implicit->functions, QrImplicitFunction, i).function.path));
  for (guint i = 0; i < implicit->functions->len; i++)
    {
      const QrImplicitFunction *function
          = &g_array_index (implicit->functions, QrImplicitFunction, i);

      g_string_append_printf (out, "  %-*s  %s%s\n", (int) widest, function->function.path,
                              function->function.driver, origin_texts[function->origin]);
    }
}

/* What @one has and @two has not: " -1f.2 ich9-ahci". */
static void
append_changes (GString *out, const QrSurvey *one, const QrSurvey *two, char sign)
{
  for (guint i = 0; i < one->functions->len; i++)
    {
      const QrSurveyFunction *function = &g_array_index (one->functions, QrSurveyFunction, i);

      if (!qr_survey_has (two, function))
        g_string_append_printf (out, " %c%s %s", sign, function->path, function->driver);
    }
}

static void
append_properties (GString *out, const QrImplicit *implicit)
{
  for (guint i = 0; i < implicit->properties->len; i++)
    {
      const QrImplicitProperty *property
          = &g_array_index (implicit->properties, QrImplicitProperty, i);

      g_string_append_printf (out, "  %s=%s:", property->name, property->value);
      append_changes (out, &implicit->bare, &property->with, '-');
      append_changes (out, &property->with, &implicit->bare, '+');
      g_string_append_c (out, '\n');
    }
}

static void
append_roots (GString *out, const QrImplicit *implicit)
{
  g_autoptr (GArray) roots = find_roots (implicit);

  if (roots->len == 0)
    g_string_append (out,
                     implicit->fails != NULL && implicit->fails_bare != NULL ? "" : ": no PCI");
  for (guint i = 0; i < roots->len; i++)
    {
      const Root *root = &g_array_index (roots, Root, i);
      g_autofree char *slots = qr_survey_free_slots (root->survey, root->root);

      g_string_append_printf (out, "%s %s (%s, %s), free %s%s", i == 0 ? ":" : ";",
                              root->root->name, root->root->type,
                              root->root->hotplug ? "hot-plug" : "no hot-plug",
                              *slots == '\0' ? "none" : slots, origin_texts[root->origin]);
    }
  g_string_append_c (out, '\n');
}

static void
append_failure (GString *out, const char *how, const char *why)
{
  if (why != NULL)
    g_string_append_printf (out, "  does not start%s: %s\n", how, why);
}

GString *
qr_render_implicit (const QrKnown *known, guint n)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      const QrImplicit *implicit = known[i].implicit;

      g_string_append (out, implicit->machine);
      append_roots (out, implicit);
      append_failure (out, "", implicit->fails);
      append_failure (out, " with -nodefaults", implicit->fails_bare);
      append_functions (out, implicit);
      append_properties (out, implicit);
      for (guint j = 0; known[i].differences != NULL && j < known[i].differences->len; j++)
        g_string_append_printf (out, "  differs: %s\n", (char *) known[i].differences->pdata[j]);
    }
  return out;
}

/* --- JSON ---------------------------------------------------------------------------------------
 */

static struct json_object *
function_object (const QrSurveyFunction *function)
{
  struct json_object *object = json_object_new_object ();

  qr_json_put (object, "driver", qr_json_new_text (function->driver));
  qr_json_put (object, "path", qr_json_new_text (function->path));
  return object;
}

static struct json_object *
functions_array (const QrImplicit *implicit)
{
  struct json_object *list = json_object_new_array ();

  for (guint i = 0; i < implicit->functions->len; i++)
    {
      const QrImplicitFunction *function
          = &g_array_index (implicit->functions, QrImplicitFunction, i);
      struct json_object *object = function_object (&function->function);

      qr_json_put (object, "origin", qr_json_new_text (qr_implicit_origins[function->origin]));
      json_object_array_add (list, object);
    }
  return list;
}

static struct json_object *
roots_array (const QrImplicit *implicit)
{
  g_autoptr (GArray) roots = find_roots (implicit);
  struct json_object *list = json_object_new_array ();

  for (guint i = 0; i < roots->len; i++)
    {
      const Root *root = &g_array_index (roots, Root, i);
      g_autofree char *slots = qr_survey_free_slots (root->survey, root->root);
      struct json_object *object = json_object_new_object ();

      qr_json_put (object, "bus", qr_json_new_text (root->root->name));
      qr_json_put (object, "type", qr_json_new_text (root->root->type));
      qr_json_put (object, "hotplug", json_object_new_boolean (root->root->hotplug));
      qr_json_put (object, "free", qr_json_new_text (slots));
      qr_json_put (object, "origin", qr_json_new_text (qr_implicit_origins[root->origin]));
      json_object_array_add (list, object);
    }
  return list;
}

static struct json_object *
changes_array (const QrSurvey *one, const QrSurvey *two)
{
  struct json_object *list = json_object_new_array ();

  for (guint i = 0; i < one->functions->len; i++)
    {
      const QrSurveyFunction *function = &g_array_index (one->functions, QrSurveyFunction, i);

      if (!qr_survey_has (two, function))
        json_object_array_add (list, function_object (function));
    }
  return list;
}

static struct json_object *
properties_array (const QrImplicit *implicit)
{
  struct json_object *list = json_object_new_array ();

  for (guint i = 0; i < implicit->properties->len; i++)
    {
      const QrImplicitProperty *property
          = &g_array_index (implicit->properties, QrImplicitProperty, i);
      struct json_object *object = json_object_new_object ();

      qr_json_put (object, "property", qr_json_new_text (property->name));
      qr_json_put (object, "value", qr_json_new_text (property->value));
      qr_json_put (object, "removes", changes_array (&implicit->bare, &property->with));
      qr_json_put (object, "adds", changes_array (&property->with, &implicit->bare));
      json_object_array_add (list, object);
    }
  return list;
}

static struct json_object *
known_object (const QrKnown *known)
{
  const QrImplicit *implicit = known->implicit;
  struct json_object *object = json_object_new_object (), *list;

  qr_json_put (object, "machine", qr_json_new_text (implicit->machine));
  qr_json_put (object, "from", qr_json_new_text (from_names[known->from]));
  qr_json_put (object, "planned", json_object_new_boolean (implicit->planned));
  qr_json_put (object, "fails", qr_json_new_text (implicit->fails));
  qr_json_put (object, "fails-nodefaults", qr_json_new_text (implicit->fails_bare));
  qr_json_put (object, "roots", roots_array (implicit));
  qr_json_put (object, "functions", functions_array (implicit));
  qr_json_put (object, "properties", properties_array (implicit));
  if (known->differences == NULL)
    return object;
  list = json_object_new_array ();
  for (guint i = 0; i < known->differences->len; i++)
    json_object_array_add (list, json_object_new_string (known->differences->pdata[i]));
  qr_json_put (object, "differs", list);
  return object;
}

GString *
qr_render_json_implicit (const QrKnown *known, guint n)
{
  struct json_object *list = json_object_new_array ();

  for (guint i = 0; i < n; i++)
    json_object_array_add (list, known_object (&known[i]));
  return qr_json_finish (list);
}

/* --- read back
 * ------------------------------------------------------------------------------------ */

static gboolean
read_text (const QrJson *object, const char *key, const char **out, GError **error)
{
  QrJson member;

  return qr_json_member (object, key, &member, error) && qr_json_string (&member, out, error);
}

/* The text or null. */
static gboolean
read_reason (const QrJson *object, const char *key, QrPool *pool, const char **out, GError **error)
{
  QrJson member;

  *out = NULL;
  if (!qr_json_member (object, key, &member, error))
    return FALSE;
  if (qr_json_is_null (&member))
    return TRUE;
  if (!qr_json_string (&member, out, error))
    return FALSE;
  *out = qr_pool_strdup (pool, *out);
  return TRUE;
}

static gboolean
read_origin (const QrJson *object, QrImplicitOrigin *out, GError **error)
{
  const char *name;
  QrJson member;
  int index;

  if (!qr_json_member (object, "origin", &member, error) || !qr_json_string (&member, &name, error))
    return FALSE;
  index = qr_schema_name_index (qr_implicit_origins, name);
  if (index < 0)
    {
      qr_json_fail (&member, error, NULL, "unknown origin \"%s\"", name);
      return FALSE;
    }
  *out = (QrImplicitOrigin) index;
  return TRUE;
}

static gboolean
read_function (const QrJson *json, QrSurvey *bare, QrSurvey *full, GError **error)
{
  const char *driver, *path;
  QrImplicitOrigin origin;

  if (!read_text (json, "driver", &driver, error) || !read_text (json, "path", &path, error)
      || !read_origin (json, &origin, error))
    return FALSE;
  if (origin != QR_IMPLICIT_DEFAULT)
    qr_survey_add_function (bare, driver, path);
  if (origin != QR_IMPLICIT_BARE)
    qr_survey_add_function (full, driver, path);
  return TRUE;
}

static gboolean
read_root (const QrJson *json, QrSurvey *bare, QrSurvey *full, GError **error)
{
  const char *name, *type;
  QrImplicitOrigin origin;
  gboolean hotplug;
  QrJson member;

  if (!read_text (json, "bus", &name, error) || !read_text (json, "type", &type, error)
      || !qr_json_member (json, "hotplug", &member, error)
      || !qr_json_boolean (&member, &hotplug, error) || !read_origin (json, &origin, error))
    return FALSE;
  if (origin != QR_IMPLICIT_DEFAULT)
    qr_survey_add_root (bare, name, type, hotplug);
  if (origin != QR_IMPLICIT_BARE)
    qr_survey_add_root (full, name, type, hotplug);
  return TRUE;
}

/* Both lists of @json. */
static gboolean
read_lists (const QrJson *json, QrSurvey *bare, QrSurvey *full, GError **error)
{
  static const struct
  {
    const char *key;
    gboolean (*read) (const QrJson *, QrSurvey *, QrSurvey *, GError **);
  } lists[] = { { "functions", read_function }, { "roots", read_root } };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      QrJson list, element;

      if (!qr_json_member (json, lists[i].key, &list, error) || !qr_json_is_array (&list, error))
        return FALSE;
      for (gsize j = 0; j < qr_json_length (&list); j++)
        {
          qr_json_element (&list, j, &element);
          if (!lists[i].read (&element, bare, full, error))
            return FALSE;
        }
    }
  return TRUE;
}

gboolean
qr_implicit_read (const QrJson *json, QrPool *pool, QrImplicit *out, GError **error)
{
  g_auto (QrSurvey) bare = { NULL }, full = { NULL };
  QrImplicit found = { NULL };
  const char *machine;

  qr_survey_init (&bare);
  qr_survey_init (&full);
  if (!read_text (json, "machine", &machine, error)
      || !read_reason (json, "fails", pool, &found.fails, error)
      || !read_reason (json, "fails-nodefaults", pool, &found.fails_bare, error)
      || !read_lists (json, &bare, &full, error))
    return FALSE;
  qr_implicit_take (qr_pool_strdup (pool, machine), &bare, &full, &found);
  *out = found;
  return TRUE;
}
