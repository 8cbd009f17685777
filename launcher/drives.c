/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "drives.h"

#include <string.h>

/* What a disk image stands for, and how presets are read. */
static const char image_preset[] = "index=0,media=disk";
static const char no_interface[] = "none";
static const QrOption preset_grammar = { .name = "preset", .grammar = QR_GRAMMAR_QEMUOPTS };

struct QrDrives
{
  QrRequest *request;
  const QrOption *drive, *device; /* what is written; the first has the interfaces' devices */
  GHashTable *taken;  /* "INTERFACE.BUS.UNIT" → a Place; all before it are taken; NULL: the next */
  GPtrArray *devices; /* QrOptList */
};

typedef struct
{
  const char *interface;
  guint64 bus, unit;
} Place;

QrDrives *
qr_drives_new (QrRequest *request, const QrProfiles *profiles)
{
  QrDrives *drives = g_new0 (QrDrives, 1);

  drives->request = request;
  drives->drive = qr_profiles_model_option (profiles, QR_VERB_DRIVE);
  drives->device = qr_profiles_verb_option (profiles, QR_VERB_DEVICE);
  drives->taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  drives->devices = g_ptr_array_new ();
  return drives;
}

void
qr_drives_free (QrDrives *drives)
{
  if (drives == NULL)
    return;
  g_hash_table_unref (drives->taken);
  g_ptr_array_unref (drives->devices);
  g_free (drives);
}

static char *
place_key (const Place *place)
{
  return g_strdup_printf ("%s.%" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT, place->interface,
                          place->bus, place->unit);
}

static gboolean
is_taken (const QrDrives *drives, const Place *place)
{
  g_autofree char *key = place_key (place);

  return g_hash_table_contains (drives->taken, key);
}

static guint64
number (const QrOptList *opts, const char *key)
{
  const char *text = qr_optlist_get (opts, key);

  return text == NULL ? 0 : g_ascii_strtoull (text, NULL, 0);
}

/* Moves @place to the first free one from there on; the taken ones on the way will lead
 * straight to it. */
static void
find_free (const QrDrives *drives, guint units, Place *place)
{
  g_autoptr (GPtrArray) passed = g_ptr_array_new ();
  char *key = place_key (place);
  gpointer next;

  for (; g_hash_table_lookup_extended (drives->taken, key, NULL, &next); key = place_key (place))
    {
      g_ptr_array_add (passed, key);
      if (next != NULL)
        *place = *(const Place *) next;
      else if (++place->unit >= units && units > 0)
        {
          place->unit -= units;
          place->bus++;
        }
    }
  g_free (key);
  for (guint i = 0; i < passed->len; i++)
    g_hash_table_insert (drives->taken, passed->pdata[i], g_memdup2 (place, sizeof *place));
}

/* The interface of a drive that names none. */
static const char *
own_interface (const QrRequest *request)
{
  return qr_qemu_version_has (request->machine->drive_qemu, request->version)
             ? request->machine->drive
             : no_interface;
}

/* The place that QEMU gives the drive: what it names, else the first free one. */
static void
find_place (const QrDrives *drives, const QrOptList *opts, Place *out)
{
  const char *interface = qr_optlist_get (opts, "if"), *own = own_interface (drives->request);
  guint units;

  out->interface = interface == NULL ? own : interface;
  units = strcmp (out->interface, own) == 0 ? drives->request->machine->drive_units : 0;
  out->bus = number (opts, "bus");
  out->unit = number (opts, "unit");
  if (qr_optlist_find (opts, "index") != NULL)
    {
      guint64 index = number (opts, "index");

      out->bus = units == 0 ? 0 : index / units;
      out->unit = units == 0 ? index : index % units;
    }
  else if (qr_optlist_find (opts, "unit") == NULL)
    find_free (drives, units, out);
}

/* The item's argument as the options of a drive; NULL with @error set. */
static const QrOptList *
drive_opts (const QrDrives *drives, const QrItem *item, GError **error)
{
  const char *preset = item->option == NULL ? image_preset : item->option->preset;

  if (preset == NULL)
    return qr_item_opts (item, drives->request->pool, error);
  return qr_optlist_make (&preset_grammar, preset, QR_WRITTEN_FOR_OPTION, NULL, NULL,
                          drives->request->pool);
}

static const QrModel *
model_of (const QrDrives *drives, const Place *place)
{
  return qr_option_find_model (drives->drive, place->interface);
}

static gboolean
refuse_taken (const QrOptList *opts, const Place *place, GError **error)
{
  QrPlace where;

  qr_optlist_whole (opts, &where);
  qr_error_set (error, QR_STATUS_REQUEST, "two-claims", &where, "leave index= and unit= out",
                "two drives claim unit %" G_GUINT64_FORMAT " of interface \"%s\"", place->unit,
                place->interface);
  return FALSE;
}

/* What QEMU would refuse of index, bus and unit; it does not see them. */
static gboolean
check_place (const QrOptList *opts, GError **error)
{
  static const char *const keys[] = { "index", "bus", "unit" };
  const QrOpt *opt;
  QrPlace where;

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      char *end;

      opt = qr_optlist_find (opts, keys[i]);
      if (opt == NULL
          || (g_ascii_isdigit (*opt->value)
              && (g_ascii_strtoull (opt->value, &end, 0), *end == '\0')))
        continue;
      qr_optlist_place (opts, opt, &where);
      qr_error_set (error, QR_STATUS_REQUEST, "option-syntax", &where, NULL,
                    "\"%s\" is no whole number", opt->value);
      return FALSE;
    }
  opt = qr_optlist_find (opts, "index");
  if (opt == NULL || (number (opts, "bus") == 0 && qr_optlist_find (opts, "unit") == NULL))
    return TRUE;
  qr_optlist_place (opts, opt, &where);
  qr_error_set (error, QR_STATUS_REQUEST, "option-syntax", &where, "leave bus= and unit= out",
                "an index stands for a bus and a unit; it cannot be used with them");
  return FALSE;
}

/* A drive of no interface in place of @item, and its device. */
static void
expand (QrDrives *drives, const QrItem *item, const QrOptList *opts, const Place *place,
        const char *driver)
{
  static const char *const own[] = { "if", "index", "bus", "unit", NULL };
  QrPool *pool = drives->request->pool;
  const char *id = qr_optlist_get (opts, "id");
  g_autoptr (GString) text = g_string_new (driver), more = g_string_new ("if=none");
  gboolean is_drive = item->option == drives->drive;
  QrPlace cause;

  if (id == NULL)
    {
      id = qr_pool_printf (pool, "%s%" G_GUINT64_FORMAT, place->interface, place->unit);
      g_string_append_printf (more, ",id=%s", id);
    }
  if (!is_drive)
    {
      g_string_append (more, ",file=");
      qr_opt_append_escaped (more, item->option == NULL ? item->word : item->value);
    }
  qr_request_add_line (drives->request, QR_ZONE_BODY, drives->drive, is_drive ? item->word : NULL,
                       qr_optlist_without (opts, own, more->str, pool));
  g_string_append (text, ",drive=");
  qr_opt_append_escaped (text, id);
  if (is_drive)
    qr_optlist_whole (opts, &cause);
  else if (item->option != NULL)
    qr_item_value_place (item, &cause);
  else
    qr_item_place (item, &cause);
  g_ptr_array_add (drives->devices,
                   (gpointer) qr_optlist_make (drives->device, qr_pool_strdup (pool, text->str),
                                               QR_WRITTEN_FOR_OPTION, &cause, item->option, pool));
}

/* What a drive without an interface is can depend on QEMU. */
static void
note_undecided (const QrDrives *drives, const QrItem *item, const QrOptList *opts)
{
  QrRequest *request = drives->request;

  if (request->version == NULL && request->machine->drive_qemu != 0 && request->undecided == NULL
      && qr_optlist_find (opts, "if") == NULL)
    request->undecided = item;
}

gboolean
qr_drives_take (QrDrives *drives, const QrItem *item, GError **error)
{
  const QrOptList *opts = drive_opts (drives, item, error);
  const QrModel *model;
  Place place;

  if (opts == NULL)
    return FALSE;
  find_place (drives, opts, &place);
  model = model_of (drives, &place);
  if (model != NULL
      && (!check_place (opts, error)
          || !qr_opt_check_text (opts, qr_optlist_find (opts, "id"), error)))
    return FALSE;
  if (model != NULL && is_taken (drives, &place))
    return refuse_taken (opts, &place, error);
  g_hash_table_insert (drives->taken, place_key (&place), NULL);
  note_undecided (drives, item, opts);
  if (strcmp (place.interface, drives->request->machine->drive) == 0)
    {
      const QrBoardDrive drive = { place.bus, place.unit };

      g_array_append_val (drives->request->board_drives, drive);
    }
  if (model != NULL)
    expand (drives, item, opts, &place, model->driver);
  else
    qr_request_add_line (drives->request, QR_ZONE_BODY, item->option, item->word, item->value);
  return TRUE;
}

gboolean
qr_drives_is_taken (const QrDrives *drives, const QrItem *item)
{
  const QrOptList *opts = drive_opts (drives, item, NULL);
  Place place;

  if (opts == NULL)
    return FALSE;
  find_place (drives, opts, &place);
  return is_taken (drives, &place);
}

void
qr_drives_finish (QrDrives *drives)
{
  for (guint i = 0; i < drives->devices->len; i++)
    qr_request_add_device (drives->request, QR_ZONE_TAIL, QR_TURN_LATE, drives->device, NULL,
                           drives->devices->pdata[i]);
}
