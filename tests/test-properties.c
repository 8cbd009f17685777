/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What holds for every device list: each function has a place of its own that a guest sees,
 * what the line fixes stays, the same line is planned the same, and neither empty ports nor
 * a further device with a lock move anything.
 *
 * QRISER_TEST_SEED  another seed; printed, with the number of the list, where one fails
 * QRISER_TEST_LIST  only the list of this number
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "keep.h"
#include "random-line.h"
#include "testlib.h"

enum
{
  LISTS = 2000,
  SEED = 1,
};

static const char *const policies[] = { "ich9@1", "ich9-wide@1", "libvirt@1", "qemu@1", "pc@1", "qemu@1" };
static const char *const machines[] = { "q35", "q35", "q35", "q35", "pc", "pc" };
G_STATIC_ASSERT (G_N_ELEMENTS (machines) == G_N_ELEMENTS (policies));

/* One list. */
typedef struct
{
  guint number;
  const char *policy, *machine;
  gboolean pack;
  GPtrArray *line;
  const char *fault; /* the first */
} List;

static QrPlan *
plan_list (const List *list, const GPtrArray *line, int spare, const QrLock *lock, GError **error)
{
  static const char *const allowed[] = { "port-on-conventional", NULL }; /* that pc has a port of the line's */
  g_autofree const char **words = g_new0 (const char *, line->len + 3);
  QrPlanOptions options = { .words = words, .first = 1, .policy = test_policy (list->policy), .sysfs = "/nonexistent",
                            .program = "qemu", .seccomp = "off", .place = { list->pack, spare, lock },
                            .allowed = strcmp (list->machine, "pc") == 0 ? allowed : NULL };

  words[0] = "-M";
  words[1] = list->machine;
  for (guint i = 0; i < line->len; i++)
    words[i + 2] = line->pdata[i];
  return qr_plan_make (&options, &qr_profiles_builtin, error);
}

static void
hold (List *list, gboolean good, const char *what)
{
  if (!good && list->fault == NULL)
    list->fault = what;
}

/* Whether the policy's own places are all that a guest looks at. */
static gboolean
is_seen (const QrDevice *device)
{
  const QrDevice *first = qr_bus_occupant (device->bus, (QrPciAddr){ device->addr.slot, 0 });

  return device->addr.slot <= qr_bus_traits (device->bus->kind)->last_slot && first != NULL
         && (device->addr.function == 0 || first->multifunction);
}

/* libvirt gives an EHCI without its companions function 7, whoever is at function 0. */
static gboolean
is_lone_ehci (const List *list, const QrDevice *device)
{
  return strcmp (list->policy, "libvirt@1") == 0 && strcmp (device->type->driver, "ich9-usb-ehci1") == 0;
}

static gboolean
is_legal (const QrDevice *device)
{
  switch (device->bus->kind)
    {
    case QR_BUS_ROOT_PORT:
    case QR_BUS_SWITCH_DOWNSTREAM:
      return device->want != QR_WANT_CONVENTIONAL && device->want != QR_WANT_ROOT_PORT
             && device->want != QR_WANT_SWITCH_DOWNSTREAM && device->want != QR_WANT_INTEGRATED;
    case QR_BUS_SWITCH_UPSTREAM:
      return device->want == QR_WANT_SWITCH_DOWNSTREAM || device->type->kind == QR_DEVICE_SWITCH_DOWNSTREAM;
    case QR_BUS_CONVENTIONAL:
      return device->want != QR_WANT_ROOT_PORT && device->want != QR_WANT_INTEGRATED
             && device->want != QR_WANT_EXPRESS_BRIDGE;
    case QR_BUS_ROOT_COMPLEX:
    case QR_BUS_CONVENTIONAL_ROOT:
    case QR_BUS_EXPANDER:
    case QR_BUS_NOT_PCI:
    case QR_N_BUS_KINDS:
      break;
    }
  return device->type->kind != QR_DEVICE_SWITCH_DOWNSTREAM;
}

static void
check_places (List *list, const QrPlan *plan, const GPtrArray *devices)
{
  gboolean exact = strcmp (list->policy, "qemu@1") != 0;

  for (guint i = 0; i < devices->len; i++)
    {
      QrDevice *device = devices->pdata[i];
      const char *addr = device->opts == NULL ? NULL : qr_optlist_get (device->opts, "addr");

      if (device->bus == NULL)
        {
          hold (list, !qr_device_type_is_pci (device->type), "a function has no place");
          continue;
        }
      hold (list, qr_bus_occupant (device->bus, device->addr) == device, "two functions share a place");
      hold (list, device->origin == QR_ORIGIN_MACHINE || !exact || device->names_addr || is_seen (device)
                      || is_lone_ehci (list, device),
            "a guest would not see a function");
      hold (list, device->origin == QR_ORIGIN_MACHINE || !exact || device->names_addr || is_legal (device),
            "a function is on a bus that is not for it");
      hold (list, addr == NULL || (guint) g_ascii_strtoull (addr, NULL, 16) == device->addr.slot,
            "what the line fixes has moved");
    }
}

/* Whether all that @before has of the line is where it was in @after. */
static gboolean
is_unmoved (const QrPlan *before, const QrPlan *after)
{
  for (guint i = 0; i < before->topology->devices->len; i++)
    {
      const QrDevice *device = before->topology->devices->pdata[i];
      const QrDevice *other = g_hash_table_lookup (after->topology->by_key, device->key);

      if (device->bus != NULL && device->origin == QR_ORIGIN_USER && !device->names_addr
          && (other == NULL || other->bus == NULL
              || strcmp (qr_topology_path (before->topology, device), qr_topology_path (after->topology, other)) != 0))
        return FALSE;
    }
  return TRUE;
}

static void
check_same (List *list, const QrPlan *plan)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) again = plan_list (list, list->line, QR_SPARE_POLICY, NULL, &error);

  hold (list, again != NULL && g_strv_equal ((const char *const *) plan->argv, (const char *const *) again->argv),
        "the same line is planned another way");
}

static void
check_spare (List *list, const QrPlan *plan)
{
  static const int spares[] = { 0, 4, QR_SPARE_FILL };

  for (gsize i = 0; i < G_N_ELEMENTS (spares); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (QrPlan) other = plan_list (list, list->line, spares[i], NULL, &error);

      if (other != NULL)
        hold (list, is_unmoved (plan, other), "empty ports move a function");
    }
}

/* Each place in @lock is taken by the same device in @plan. A port that goes by its number may
 * find its id taken: QEMU calls the buses of anonymous bridges pci.N as well. */
static void
check_kept (List *list, const QrLock *lock, const QrPlan *plan)
{
  g_autoptr (QrLock) now = qr_lock_new (list->policy, list->machine);

  hold (list, qr_keep_note (plan->topology, now, NULL), "places cannot be noted");
  for (guint i = 0; i < lock->places->len; i++)
    {
      const QrLockPlace *place = lock->places->pdata[i];
      const QrLockPlace *found = qr_lock_find (now, place->key);

      hold (list, g_str_has_prefix (place->key, "pci.") || (found != NULL && strcmp (found->path, place->path) == 0),
            "a further device moves a function that the lock has");
    }
}

static void
check_lock (List *list, const QrPlan *plan, GRand *random)
{
  g_autoptr (QrLock) lock = qr_lock_new (list->policy, list->machine);
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) grown = NULL;

  hold (list, qr_keep_note (plan->topology, lock, &error), "places cannot be noted");
  random_line_grow (random, list->line);
  grown = plan_list (list, list->line, QR_SPARE_POLICY, lock, &error);
  if (grown == NULL)
    hold (list, !g_str_has_prefix (qr_error_code (error), "lock-"), "a further device contradicts the lock");
  else
    {
      check_kept (list, lock, grown);
      check_places (list, grown, grown->topology->devices);
      check_places (list, grown, grown->topology->added);
    }
}

/* TRUE: the list was planned. */
static gboolean
check_list (List *list, GRand *random)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QrPlan) plan = plan_list (list, list->line, QR_SPARE_POLICY, NULL, &error);

  if (plan == NULL)
    return FALSE;
  check_places (list, plan, plan->topology->devices);
  check_places (list, plan, plan->topology->added);
  check_same (list, plan);
  check_spare (list, plan);
  check_lock (list, plan, random);
  return TRUE;
}

static guint64
number_of (const char *variable, guint64 otherwise)
{
  const char *text = g_getenv (variable);

  return text == NULL || *text == '\0' ? otherwise : g_ascii_strtoull (text, NULL, 10);
}

static void
test_lists (void)
{
  guint32 seed = (guint32) number_of ("QRISER_TEST_SEED", SEED);
  guint64 only = number_of ("QRISER_TEST_LIST", LISTS);
  guint planned = 0;

  g_test_message ("seed %u", seed);
  for (guint i = only < LISTS ? (guint) only : 0; i < (only < LISTS ? only + 1 : LISTS); i++)
    {
      g_autoptr (GRand) random = g_rand_new_with_seed_array ((const guint32[]){ seed, i }, 2);
      g_autofree char *text = NULL;
      gint32 which = g_rand_int_range (random, 0, G_N_ELEMENTS (policies));
      List list = { .number = i, .policy = policies[which], .machine = machines[which],
                    .pack = g_rand_int_range (random, 0, 4) == 0 };

      list.pack &= g_str_has_prefix (list.policy, "ich9"); /* the others refuse to */
      list.line = random_line (random);
      planned += check_list (&list, random);
      g_ptr_array_add (list.line, NULL);
      text = g_strjoinv (" ", (char **) list.line->pdata);
      g_ptr_array_unref (list.line);
      if (list.fault != NULL)
        g_error ("%s\n# list %u under %s%s, the last state of it: %s\n"
                 "# again: QRISER_TEST_SEED=%u QRISER_TEST_LIST=%u tests/test-properties",
                 list.fault, i, list.policy, list.pack ? ", packed" : "", text, seed, i);
    }
  g_test_message ("%u lists planned", planned);
  g_assert_cmpuint (planned, >, only < LISTS ? 0 : LISTS * 3 / 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/properties/lists", test_lists);
  return g_test_run ();
}
