/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "lock.h"

#include <string.h>

#include "bounds.h"
#include "pci-addr.h"

#define SCHEMA 1
#define KIND "lock"
#define CODE "lock-file"

/* The members of a place, in the order in which they are written. */
enum
{
  KEY,
  DRIVER,
  PATH,
  N_MEMBERS,
};

static const char *const member_names[N_MEMBERS + 1] = { "key", "driver", "path", NULL };

static const char path_hint[] = "write BUS:SLOT.FUNCTION and, for what lies below, /SLOT.FUNCTION, "
                                "in lower-case hexadecimal with all digits";

static gboolean wrong (GError **error, const char *hint, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static gboolean
wrong (GError **error, const char *hint, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  qr_error_setv (error, QR_STATUS_CONFIG, CODE, NULL, hint, format, arguments);
  va_end (arguments);
  return FALSE;
}

static QrLock *
lock_new (void)
{
  QrLock *lock = g_new0 (QrLock, 1);

  lock->pool = qr_pool_new ();
  lock->places = g_ptr_array_new ();
  lock->by_key = g_hash_table_new (g_str_hash, g_str_equal);
  lock->by_path = g_hash_table_new (g_str_hash, g_str_equal);
  return lock;
}

QrLock *
qr_lock_new (const char *policy, const char *machine)
{
  QrLock *lock = lock_new ();

  lock->policy = qr_pool_strdup (lock->pool, policy);
  lock->machine = qr_pool_strdup (lock->pool, machine);
  return lock;
}

void
qr_lock_free (QrLock *lock)
{
  if (lock == NULL)
    return;
  g_hash_table_unref (lock->by_path);
  g_hash_table_unref (lock->by_key);
  g_ptr_array_unref (lock->places);
  qr_pool_free (lock->pool);
  g_free (lock);
}

const QrLockPlace *
qr_lock_find (const QrLock *lock, const char *key)
{
  return g_hash_table_lookup (lock->by_key, key);
}

const QrLockPlace *
qr_lock_at (const QrLock *lock, const char *path)
{
  return g_hash_table_lookup (lock->by_path, path);
}

/* Whether @values can be a place of @lock; if not, the member *@member says why. */
static gboolean
check_place (const QrLock *lock, const char *const values[N_MEMBERS], guint *member, GError **error)
{
  const QrLockPlace *holder;

  for (*member = KEY; *member < N_MEMBERS; (*member)++)
    {
      if (*values[*member] == '\0')
        return wrong (error, NULL, "\"%s\" is empty", member_names[*member]);
      if (!g_utf8_validate (values[*member], -1, NULL))
        return wrong (error, NULL, "\"%s\" is not valid UTF-8", member_names[*member]);
    }
  *member = PATH;
  if (!qr_pci_path_is_good (values[PATH]))
    return wrong (error, path_hint, "\"%s\" is not the path of a place", values[PATH]);
  holder = qr_lock_at (lock, values[PATH]);
  if (holder != NULL && strcmp (holder->key, values[KEY]) != 0)
    return wrong (error, NULL, "place %s belongs to \"%s\"", values[PATH], holder->key);
  *member = KEY;
  if (lock->places->len == QR_LIMIT_LOCK_PLACES && qr_lock_find (lock, values[KEY]) == NULL)
    return wrong (error, NULL, "a lock file holds at most %d places", QR_LIMIT_LOCK_PLACES);
  return TRUE;
}

/* Gives the key its place, which check_place() found good. */
static void
put_place (QrLock *lock, const char *const values[N_MEMBERS])
{
  QrLockPlace *place = g_hash_table_lookup (lock->by_key, values[KEY]);

  if (place == NULL)
    {
      place = qr_pool_new_struct (lock->pool, QrLockPlace);
      place->key = qr_pool_strdup (lock->pool, values[KEY]);
      g_hash_table_insert (lock->by_key, (gpointer) place->key, place);
      g_ptr_array_add (lock->places, place);
    }
  else
    g_hash_table_remove (lock->by_path, place->path);
  place->driver = qr_pool_strdup (lock->pool, values[DRIVER]);
  place->path = qr_pool_strdup (lock->pool, values[PATH]);
  g_hash_table_insert (lock->by_path, (gpointer) place->path, place);
}

gboolean
qr_lock_set (QrLock *lock, const char *key, const char *driver, const char *path, GError **error)
{
  const char *const values[N_MEMBERS] = { key, driver, path };
  guint member;

  if (!check_place (lock, values, &member, error))
    return FALSE;
  put_place (lock, values);
  return TRUE;
}

gboolean
qr_lock_forget (QrLock *lock, const char *key)
{
  QrLockPlace *place = g_hash_table_lookup (lock->by_key, key);

  if (place == NULL)
    return FALSE;
  g_hash_table_remove (lock->by_path, place->path);
  g_hash_table_remove (lock->by_key, place->key);
  return g_ptr_array_remove (lock->places, place);
}

/* --- reading: @error is never NULL here ---------------------------------------------- */

/* Points @error at the member of an earlier place as well. */
static void
point_at_other (const QrLock *lock, const QrLockPlace *other, const QrJson *list, guint which,
                GError **error)
{
  QrJson element, member;
  QrPlace place;
  guint index;

  if (!g_ptr_array_find (lock->places, other, &index))
    return;
  qr_json_element (list, index, &element);
  if (!qr_json_find (&element, member_names[which], &member))
    return;
  qr_json_place (&member, &place);
  qr_error_also (*error, "the other is here:", &place);
}

static gboolean
read_place (QrLock *lock, const QrJson *list, const QrJson *json, GError **error)
{
  const char *values[N_MEMBERS];
  const QrLockPlace *other;
  QrJson members[N_MEMBERS];
  QrPlace place;
  guint member;

  if (!qr_json_only (json, member_names, error))
    return FALSE;
  for (guint i = 0; i < N_MEMBERS; i++)
    if (!qr_json_member (json, member_names[i], &members[i], error)
        || !qr_json_string (&members[i], &values[i], error))
      return FALSE;
  other = qr_lock_find (lock, values[KEY]);
  if (other != NULL)
    {
      qr_json_fail (&members[KEY], error, NULL, "key \"%s\" stands twice", values[KEY]);
      point_at_other (lock, other, list, KEY, error);
      return FALSE;
    }
  if (check_place (lock, values, &member, error))
    {
      put_place (lock, values);
      return TRUE;
    }
  qr_json_place (&members[member], &place);
  qr_error_locate (*error, &place);
  other = qr_lock_at (lock, values[PATH]);
  if (member == PATH && other != NULL)
    point_at_other (lock, other, list, PATH, error);
  return FALSE;
}

static gboolean
read_places (QrLock *lock, const QrJson *root, GError **error)
{
  QrJson list, element;

  if (!qr_json_member (root, "places", &list, error) || !qr_json_is_array (&list, error))
    return FALSE;
  for (gsize i = 0; i < qr_json_length (&list); i++)
    {
      qr_json_element (&list, i, &element);
      if (!read_place (lock, &list, &element, error))
        return FALSE;
    }
  return TRUE;
}

/* Before all else: what is another thing, or of another age, has other members. */
static gboolean
check_kind (const QrJson *root, GError **error)
{
  QrJson kind, schema;
  const char *word;
  guint64 number;

  if (!qr_json_member (root, "kind", &kind, error) || !qr_json_string (&kind, &word, error))
    return FALSE;
  if (strcmp (word, KIND) != 0)
    {
      qr_json_fail (&kind, error, NULL, "\"kind\" must be \"" KIND "\", which \"%s\" is not", word);
      return FALSE;
    }
  if (!qr_json_member (root, "schema", &schema, error)
      || !qr_json_uint (&schema, 0, G_MAXUINT32, &number, error))
    return FALSE;
  if (number != SCHEMA)
    qr_json_fail (&schema, error, "use the qriser that wrote it",
                  "a lock file of schema %" G_GUINT64_FORMAT "; this program knows schema %d",
                  number, SCHEMA);
  return number == SCHEMA;
}

/* NAME@VERSION, the version a number without leading zeros. */
static gboolean
is_versioned (const char *policy)
{
  const char *at = strchr (policy, '@');

  return at != NULL && at > policy && strchr (policy, '/') == NULL /* it names no file */
         && at[1] >= '1' && at[1] <= '9' && at[1 + strspn (at + 1, "0123456789")] == '\0';
}

static gboolean
read_head (QrLock *lock, const QrJson *root, GError **error)
{
  QrJson policy, machine;
  const char *name;

  if (!qr_json_member (root, "policy", &policy, error) || !qr_json_string (&policy, &name, error))
    return FALSE;
  if (!is_versioned (name))
    {
      qr_json_fail (&policy, error, NULL, "\"%s\" is not a policy with its version, NAME@VERSION",
                    name);
      return FALSE;
    }
  lock->policy = qr_pool_strdup (lock->pool, name);
  if (!qr_json_member (root, "machine", &machine, error)
      || !qr_json_string (&machine, &name, error))
    return FALSE;
  if (*name == '\0')
    qr_json_fail (&machine, error, NULL, "\"machine\" is empty");
  lock->machine = qr_pool_strdup (lock->pool, name);
  return *name != '\0';
}

/* A cut before the last newline leaves a whole JSON document. */
static gboolean
check_end (const QrJsonDoc *doc, gsize length, const char *file, GError **error)
{
  const char *text = qr_json_doc_text (doc);
  const QrPlace place = { .file = file, .text = text, .start = length };

  if (text[length - 1] == '\n')
    return TRUE;
  (void) wrong (error, "end it with a newline, if nothing else is missing",
                "the last line is cut short");
  qr_error_locate (*error, &place);
  return FALSE;
}

QrLock *
qr_lock_parse (const char *text, gsize length, const char *file, GError **error)
{
  static const char *const keys[] = { "schema", "kind", "policy", "machine", "places", NULL };
  g_autoptr (QrLock) lock = lock_new ();
  g_autoptr (GError) fault = NULL;
  g_autoptr (QrJsonDoc) doc = qr_json_doc_parse (text, length, file, 0, QR_STATUS_CONFIG, &fault);
  QrJson root;

  if (doc != NULL)
    {
      qr_json_root (doc, &root);
      if (check_kind (&root, &fault) && qr_json_only (&root, keys, &fault)
          && read_head (lock, &root, &fault) && read_places (lock, &root, &fault)
          && check_end (doc, length, file, &fault))
        return g_steal_pointer (&lock);
    }
  if (qr_error_status (fault) == QR_STATUS_CONFIG)
    qr_error_set_code (fault, CODE);
  g_propagate_error (error, g_steal_pointer (&fault));
  return NULL;
}

/* --- writing ------------------------------------------------------------------------ */

static void
append_member (GString *out, const char *name, const char *value)
{
  g_string_append_printf (out, "\"%s\": ", name);
  qr_json_append_string (out, value);
}

GString *
qr_lock_format (const QrLock *lock)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "{\n  \"schema\": %d,\n  \"kind\": \"" KIND "\",\n  ", SCHEMA);
  append_member (out, "policy", lock->policy);
  g_string_append (out, ",\n  ");
  append_member (out, "machine", lock->machine);
  g_string_append (out, ",\n  \"places\": [");
  for (guint i = 0; i < lock->places->len; i++)
    {
      const QrLockPlace *place = lock->places->pdata[i];

      g_string_append (out, i == 0 ? "\n    { " : ",\n    { ");
      append_member (out, member_names[KEY], place->key);
      g_string_append (out, ", ");
      append_member (out, member_names[DRIVER], place->driver);
      g_string_append (out, ", ");
      append_member (out, member_names[PATH], place->path);
      g_string_append (out, " }");
    }
  g_string_append (out, lock->places->len == 0 ? "]\n}\n" : "\n  ]\n}\n");
  return out;
}
