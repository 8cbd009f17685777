/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "nets.h"

#include <string.h>

#include "mac.h"
#include "pci-addr.h"

typedef struct
{
  QrRequest *request;
  const QrProfiles *profiles;
  const QrOption *netdev, *device, *net; /* what is written */
  QrMacPool macs;
  GHashTable *ids;    /* of back ends */
  GHashTable *counts; /* from a prefix: the number of the next id with it */
  GHashTable *turns;  /* from a model's name: how many there are */
  guint n_ports;      /* of hub 0 */
} Nets;

enum
{
  NO_SLOT = G_MAXUINT
};

/* What an adapter of the board is made of. */
typedef struct
{
  const QrItem *item;
  const QrOptList *opts;
  const char *netdev;  /* id of its back end or port */
  const char *mac_key; /* the key that gives its address */
  const char *turn;    /* properties that it has by its number; or NULL */
  guint slot;          /* with an address; else NO_SLOT */
} Adapter;

static void
add_netdev (Nets *nets, const char *text)
{
  qr_request_add_line (nets->request, QR_ZONE_TAIL, nets->netdev, NULL, text);
}

/* An id that no back end has: PREFIX0, PREFIX1, ... */
static const char *
free_id (Nets *nets, const char *prefix)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (nets->counts, prefix));
  const char *id;

  do
    id = qr_pool_printf (nets->request->pool, "%s%u", prefix, n++);
  while (g_hash_table_contains (nets->ids, id));
  g_hash_table_insert (nets->counts, (gpointer) prefix, GUINT_TO_POINTER (n));
  g_hash_table_add (nets->ids, (gpointer) id);
  return id;
}

/* A port of hub 0 with QEMU's name for it; @peer NULL: a device will take it. */
static const char *
add_port (Nets *nets, const char *peer)
{
  const char *id = qr_pool_printf (nets->request->pool, "hub0port%u", nets->n_ports++);
  g_autoptr (GString) text = NULL;

  if (g_hash_table_contains (nets->ids, id))
    id = free_id (nets, "hub0port-");
  g_hash_table_add (nets->ids, (gpointer) id);
  text = g_string_new (NULL);
  g_string_printf (text, "hubport,id=%s,hubid=0", id);
  if (peer != NULL)
    {
      g_string_append (text, ",netdev=");
      qr_opt_append_escaped (text, peer);
    }
  add_netdev (nets, qr_pool_strdup (nets->request->pool, text->str));
  return id;
}

/* Which of its model's the adapter is, where there are only so many. */
static gboolean
take_turn (Nets *nets, Adapter *adapter, const QrModel *model, const QrPlace *place, GError **error)
{
  guint turn;

  if (model->turns == NULL)
    return TRUE;
  turn = GPOINTER_TO_UINT (g_hash_table_lookup (nets->turns, model->name));
  adapter->turn = model->turns[turn];
  if (adapter->turn == NULL)
    qr_error_set (error, QR_STATUS_REQUEST, "too-many", place, NULL,
                  "QEMU makes no more than %u network adapters \"%s\"", turn, model->name);
  else
    g_hash_table_insert (nets->turns, (gpointer) model->name, GUINT_TO_POINTER (turn + 1));
  return adapter->turn != NULL;
}

/* Whether the board makes adapters of @type, whose name or alias is @name. */
static gboolean
is_for_board (const QrDeviceType *type, const char *name)
{
  return strcmp (type->driver, name) == 0 && qr_device_type_is_pci (type) && type->creatable
         && type->class_code >> 16 == QR_CLASS_BASE_NETWORK;
}

/* What the adapter is called, by the line or else by the machine. */
static const char *
model_name (const Nets *nets, const Adapter *adapter)
{
  const char *name = qr_optlist_get (adapter->opts, "model");

  return name != NULL ? name : qr_machine_nic (nets->request->machine, nets->request->machine_type);
}

static const QrDeviceType *
find_model (Nets *nets, Adapter *adapter, GError **error)
{
  const QrOpt *opt = qr_optlist_find (adapter->opts, "model");
  const char *name = model_name (nets, adapter);
  const QrModel *model = qr_option_find_model (adapter->item->option, name);
  const QrDeviceType *type;
  QrPlace place;

  qr_item_value_place (adapter->item, &place);
  if (opt != NULL)
    qr_optlist_place (adapter->opts, opt, &place);
  if (model != NULL && !take_turn (nets, adapter, model, &place, error))
    return NULL;
  if (model != NULL)
    name = model->driver;
  type = name == NULL ? NULL : qr_profiles_find_device (nets->profiles, name, nets->request->pool);
  if (type != NULL && (model != NULL || is_for_board (type, name)))
    return type;
  qr_error_set (error, QR_STATUS_REQUEST, "unknown-device", &place,
                "-nic model=help lists them; aliases of device types are none",
                "no network adapter of the board is called \"%s\"", name == NULL ? "" : name);
  return NULL;
}

static gboolean
take_mac (Nets *nets, const Adapter *adapter, char text[QR_MAC_TEXT], GError **error)
{
  const QrOpt *opt = qr_optlist_find (adapter->opts, adapter->mac_key);
  guint8 mac[QR_MAC_BYTES] = { 0 };
  QrPlace place;

  if (opt != NULL && (!qr_mac_parse (opt->value, mac) || qr_mac_is_multicast (mac)))
    {
      qr_optlist_place (adapter->opts, opt, &place);
      qr_error_set (error, QR_STATUS_REQUEST, "mac-syntax", &place,
                    "write six bytes, such as 52:54:00:00:00:01",
                    qr_mac_parse (opt->value, mac) ? "\"%s\" is a multicast address"
                                                   : "\"%s\" is no Ethernet address",
                    opt->value);
      return FALSE;
    }
  qr_mac_take (&nets->macs, mac);
  qr_mac_format (mac, text);
  return TRUE;
}

/* Properties that the option gives its device, and those that the user gave. */
static void
append_properties (const Adapter *adapter, const QrDeviceType *type, GString *out)
{
  const QrOption *option = adapter->item->option;
  const char *vectors = qr_optlist_get (adapter->opts, "vectors");

  for (const char *const *gift = option->gives; gift != NULL && *gift != NULL; gift++)
    {
      g_autofree char *key = g_strndup (*gift, strcspn (*gift, "="));

      if (qr_device_type_has_property (type, key))
        g_string_append_printf (out, ",%s", *gift);
    }
  if (option->gives == NULL && vectors != NULL && qr_device_type_has_property (type, "vectors"))
    {
      g_string_append (out, ",vectors=");
      qr_opt_append_escaped (out, vectors);
    }
}

/* What the user gave and a device gets must be text. */
static gboolean
check_text (const Adapter *adapter, GError **error)
{
  static const char *const carried[] = { "id", "netdev", "vectors" };

  for (gsize i = 0; i < G_N_ELEMENTS (carried); i++)
    if (!qr_opt_check_text (adapter->opts, qr_optlist_find (adapter->opts, carried[i]), error))
      return FALSE;
  return TRUE;
}

/* An adapter that is no PCI function and that only the board makes. */
static gboolean
add_board_adapter (Nets *nets, const Adapter *adapter, GError **error)
{
  g_autoptr (GString) text = g_string_new ("nic,netdev=");
  char mac[QR_MAC_TEXT];

  if (!check_text (adapter, error) || !take_mac (nets, adapter, mac, error))
    return FALSE;
  qr_opt_append_escaped (text, adapter->netdev);
  g_string_append_printf (text, ",model=%s,macaddr=%s", model_name (nets, adapter), mac);
  qr_request_add_line (nets->request, QR_ZONE_TAIL, nets->net, NULL,
                       qr_pool_strdup (nets->request->pool, text->str));
  return TRUE;
}

static gboolean
is_made_by_board (const Nets *nets, const Adapter *adapter)
{
  const char *const *models = nets->request->machine->board_nics;

  return models != NULL && g_strv_contains (models, model_name (nets, adapter));
}

static gboolean
add_adapter (Nets *nets, Adapter *adapter, GError **error)
{
  const QrDeviceType *type;
  g_autoptr (GString) text = NULL;
  char mac[QR_MAC_TEXT];

  if (is_made_by_board (nets, adapter))
    return add_board_adapter (nets, adapter, error);
  type = find_model (nets, adapter, error);
  if (type == NULL || !check_text (adapter, error) || !take_mac (nets, adapter, mac, error))
    return FALSE;
  text = g_string_new (type->driver);
  g_string_append (text, ",netdev=");
  qr_opt_append_escaped (text, adapter->netdev);
  if (adapter->turn != NULL)
    g_string_append_printf (text, ",%s", adapter->turn);
  g_string_append_printf (text, ",mac=%s", mac);
  if (adapter->slot != NO_SLOT && qr_device_type_is_pci (type))
    g_string_append_printf (text, ",addr=%x", adapter->slot);
  append_properties (adapter, type, text);
  qr_request_add_made_device (nets->request, QR_ZONE_BOARD, QR_TURN_BOARD, nets->device,
                              adapter->item, qr_pool_strdup (nets->request->pool, text->str));
  return TRUE;
}

/* The back end of @opts as -netdev, without @keys; its id. */
static const char *
add_back_end (Nets *nets, const QrOptList *opts, const char *const *keys, const char *prefix)
{
  QrPool *pool = nets->request->pool;
  const char *id = qr_optlist_get (opts, "id"), *more = NULL, *text;

  if (id == NULL)
    {
      id = free_id (nets, prefix);
      more = qr_pool_printf (pool, "id=%s", id);
    }
  g_hash_table_add (nets->ids, (gpointer) id);
  text = qr_optlist_without (opts, keys, more, pool);
  if (qr_optlist_find (opts, "type") == NULL)
    text = qr_pool_printf (pool, "user,%s", text);
  add_netdev (nets, text);
  return id;
}

static gboolean
expand_nic (Nets *nets, const QrItem *item, GError **error)
{
  static const char *const own[] = { "model", "mac", NULL };
  Adapter adapter
      = { item, qr_item_opts (item, nets->request->pool, error), NULL, "mac", NULL, NO_SLOT };

  if (adapter.opts == NULL)
    return FALSE;
  if (g_strcmp0 (qr_optlist_get (adapter.opts, "type"), "none") == 0)
    return TRUE;
  adapter.netdev = add_back_end (nets, adapter.opts, own, "nic");
  return add_adapter (nets, &adapter, error);
}

/* Keys that QEMU takes for an adapter on a hub. */
static gboolean
check_net_nic (const QrItem *item, const QrOptList *opts, GError **error)
{
  static const char *const known[]
      = { "type", "id", "netdev", "macaddr", "model", "addr", "vectors", NULL };
  QrPlace place;

  for (gsize i = 0; i < opts->n; i++)
    if (!g_strv_contains (known, opts->opts[i].key))
      {
        qr_optlist_key_place (opts, &opts->opts[i], &place);
        qr_error_set (error, QR_STATUS_REQUEST, "option-syntax", &place, NULL,
                      "option \"%s nic\" has no key \"%s\"", item->word, opts->opts[i].key);
        return FALSE;
      }
  return TRUE;
}

/* The slot in [[DOMAIN:]BUS:]SLOT, each a number as strtoul() reads hexadecimal ones (QEMU
 * hw/pci/pci.c, pci_parse_devaddr()); the domain and the bus are 0. FALSE: none. */
static gboolean
parse_slot (const char *text, guint *out)
{
  for (guint part = 0; part < 3; part++)
    {
      char *end;
      guint64 number = g_ascii_strtoull (text, &end, 16);

      if (end != text && *end == '\0')
        {
          *out = (guint) MIN (number, QR_PCI_SLOTS);
          return number < QR_PCI_SLOTS;
        }
      if (end == text || *end != ':' || number != 0)
        return FALSE;
      text = end + 1;
    }
  return FALSE;
}

/* A slot for the adapter, which QEMU 7.2 takes and 10.0 does not look at. */
static gboolean
take_addr (Nets *nets, Adapter *adapter, GError **error)
{
  const QrOpt *addr = qr_optlist_find (adapter->opts, "addr");
  QrPlace place;

  if (addr == NULL)
    return TRUE;
  if (nets->request->slotted == NULL)
    nets->request->slotted = adapter->item;
  if (parse_slot (addr->value, &adapter->slot))
    return TRUE;
  qr_optlist_place (adapter->opts, addr, &place);
  qr_error_set (error, QR_STATUS_REQUEST, "addr-syntax", &place,
                "it is a slot of the root bus, 0 to 1f, without a function",
                "\"%s\" is no address for option \"%s nic\"", addr->value, adapter->item->word);
  return FALSE;
}

static gboolean
expand_net (Nets *nets, const QrItem *item, GError **error)
{
  static const char *const own[] = { NULL };
  Adapter adapter
      = { item, qr_item_opts (item, nets->request->pool, error), NULL, "macaddr", NULL, NO_SLOT };
  const char *type;
  QrPlace place;

  if (adapter.opts == NULL)
    return FALSE;
  type = qr_optlist_get (adapter.opts, "type");
  if (type == NULL || strcmp (type, "hubport") == 0)
    {
      qr_optlist_whole (adapter.opts, &place);
      qr_error_set (error, QR_STATUS_REQUEST, "option-syntax", &place, NULL,
                    "option \"%s\" needs the type of a back end, or nic", item->word);
      return FALSE;
    }
  if (strcmp (type, "none") == 0)
    return TRUE;
  if (strcmp (type, "nic") != 0)
    {
      (void) add_port (nets, add_back_end (nets, adapter.opts, own, "net"));
      return TRUE;
    }
  adapter.netdev = qr_optlist_get (adapter.opts, "netdev");
  if (!check_net_nic (item, adapter.opts, error) || !take_addr (nets, &adapter, error))
    return FALSE;
  if (adapter.netdev == NULL)
    adapter.netdev = add_port (nets, NULL);
  return add_adapter (nets, &adapter, error);
}

/* A back end of the user's: its id is taken, and it may be a port of hub 0. */
static gboolean
note_back_end (Nets *nets, const QrItem *item, GError **error)
{
  const QrOptList *opts = qr_item_opts (item, nets->request->pool, error);
  const char *id, *type, *hub;

  if (opts == NULL)
    return FALSE;
  id = qr_optlist_get (opts, "id");
  type = qr_optlist_get (opts, "type");
  hub = qr_optlist_get (opts, "hubid");
  if (id != NULL)
    g_hash_table_add (nets->ids, (gpointer) id);
  if (g_strcmp0 (type, "hubport") == 0 && hub != NULL && g_ascii_strtoull (hub, NULL, 0) == 0)
    nets->n_ports++;
  return TRUE;
}

static gboolean
for_each (Nets *nets, const QrCmdline *line, QrVerb verb,
          gboolean (*visit) (Nets *, const QrItem *, GError **), GError **error)
{
  for (gsize i = 0; i < line->n; i++)
    {
      const QrItem *item = &line->items[i];

      if (item->option != NULL && item->option->verb == verb && !visit (nets, item, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
qr_nets_expand (QrRequest *request, const QrCmdline *line, const QrProfiles *profiles,
                GError **error)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) turns = g_hash_table_new (g_str_hash, g_str_equal);
  Nets nets
      = { .request = request, .profiles = profiles, .ids = ids, .counts = counts, .turns = turns };

  nets.netdev = qr_profiles_verb_option (profiles, QR_VERB_NETDEV);
  nets.device = qr_profiles_verb_option (profiles, QR_VERB_DEVICE);
  nets.net = qr_profiles_verb_option (profiles, QR_VERB_NET);
  return for_each (&nets, line, QR_VERB_NETDEV, note_back_end, error)
         && for_each (&nets, line, QR_VERB_NIC, note_back_end, error)
         && for_each (&nets, line, QR_VERB_NET, note_back_end, error)
         && for_each (&nets, line, QR_VERB_NIC, expand_nic, error)
         && for_each (&nets, line, QR_VERB_NET, expand_net, error);
}
