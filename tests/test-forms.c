/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every kind of condition, and every shipped form of an option that says what QEMU needs. */
#include "config.h"

#include "testlib.h"

#include <string.h>

#include "cmdline.h"
#include "forms.h"

static const QrOption option = { .name = "o", .grammar = QR_GRAMMAR_QEMUOPTS, .json = TRUE,
                                 .implied = "type" };

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* One condition, an argument that fulfils it, and one that nearly does. */
static const struct
{
  const char *name;
  QrCondition condition;
  const char *hit, *miss;
} kinds[] = {
  { "key", { .key = "a" }, "t,a=1", "t,b=1" },
  { "key-bare", { .key = "a" }, "t,a", "t,ab" },
  { "key-off", { .key = "a" }, "t,noa", "t,no" },
  { "key-empty-value", { .key = "a" }, "a=", "aa=" },
  { "key-in-json", { .key = "a" }, "{\"a\":null}", "{\"b\":\"a\"}" },
  { "key-not-deep", { .key = "a" }, "a=1", "b.a=1" },
  { "key-case", { .key = "a" }, "a=1", "A=1" },
  { "implied", { .key = "type", .is = WORDS ("t") }, "t,a=1", "tt,a=1" },
  { "implied-written", { .key = "type", .is = WORDS ("t") }, "a=1,type=t", "a=t,type=1" },
  { "is", { .key = "a", .is = WORDS ("x", "y") }, "a=y", "a=xy" },
  { "is-case", { .key = "a", .is = WORDS ("x") }, "a=x", "a=X" },
  { "is-empty", { .key = "a", .is = WORDS ("") }, "a=", "a=x" },
  { "is-any-of-several", { .key = "a", .is = WORDS ("x") }, "a=1,a=x", "a=1,b=x" },
  { "is-in-json", { .key = "a", .is = WORDS ("x") }, "{\"a\":\"x\"}", "{\"a\":\"y\"}" },
  { "is-json-boolean", { .key = "a", .is = WORDS ("on") }, "{\"a\":true}", "{\"a\":false}" },
  { "is-json-number", { .key = "a", .is = WORDS ("1") }, "{\"a\":1}", "{\"a\":10}" },
  { "is-not-other", { .key = "a", .is_not = WORDS ("no") }, "a=yes", "a=no" },
  { "is-not-absent", { .key = "a", .is_not = WORDS ("no") }, "b=no", "a=no" },
  { "is-not-last-wins", { .key = "a", .is_not = WORDS ("no") }, "a=no,a=yes", "a=yes,a=no" },
  { "is-not-bare-off", { .key = "a", .is_not = WORDS ("off") }, "t,a", "t,noa" },
  { "is-not-first-value", { .is_not = WORDS ("no") }, "yes", "no" },
  { "is-not-nothing", { .is_not = WORDS ("no") }, "", "no,a=1" },
  { "begins", { .key = "a", .begins = WORDS ("x:", "y:") }, "a=y:z", "a=zy:" },
  { "begins-whole", { .key = "a", .begins = WORDS ("x:") }, "a=x:", "a=x" },
  { "begins-first-value", { .begins = WORDS ("x:") }, "x:1", "t,a=x:1" },
  { "holds", { .key = "a", .holds = WORDS ("-cmd:", "-x:") }, "a=tcp:1-cmd:ls", "a=tcp:1-cm:ls" },
  { "holds-second", { .key = "a", .holds = WORDS ("-cmd:", "-x:") }, "a=-x:", "a=x:" },
  { "holds-other-key", { .key = "a", .holds = WORDS ("-cmd:") }, "a=-cmd:", "b=-cmd:" },
  { "lacks", { .key = "a", .lacks = WORDS ("-x:", "-y:") }, "a=x:", "a=1-y:" },
  { "begins-and-lacks", { .key = "a", .begins = WORDS ("x"), .lacks = WORDS ("y") }, "a=xz", "a=xy" },
  { "begins-and-holds", { .key = "a", .begins = WORDS ("x"), .holds = WORDS ("y") }, "a=xy", "a=zy" },
  { "absent", { .key = "a", .absent = TRUE }, "t,b=1", "t,a=1" },
  { "absent-empty", { .key = "a", .absent = TRUE }, "", "t,a" },
  { "absent-bare-off", { .key = "a", .absent = TRUE }, "t,nob", "t,noa" },
  { "absent-in-json", { .key = "a", .absent = TRUE }, "{\"b\":{\"a\":1}}", "{\"a\":1}" },
  { "first-value", { .is = WORDS ("x") }, "x,a=1", "y,a=x" },
  { "first-value-written", { .is = WORDS ("x") }, "a=x,y=1", "y=1,a=x" },
  { "deep", { .key = "a", .deep = TRUE, .is = WORDS ("x") }, "b.c.a=x", "b.c.a=y" },
  { "deep-top", { .key = "a", .deep = TRUE, .is = WORDS ("x") }, "a=x", "aa=x" },
  { "deep-last-part", { .key = "a", .deep = TRUE, .is = WORDS ("x") }, "b.0.a=x", "b.a.0=x" },
  { "deep-whole-part", { .key = "a", .deep = TRUE, .is = WORDS ("x") }, "b.a=x", "b.ca=x" },
  { "deep-json", { .key = "a", .deep = TRUE, .is = WORDS ("x") }, "{\"b\":{\"a\":\"x\"}}",
    "{\"b\":{\"a\":\"y\"}}" },
  { "deep-json-top", { .key = "a", .deep = TRUE, .is = WORDS ("x") }, "{\"a\":\"x\"}", "{\"x\":\"a\"}" },
  { "deep-json-deeper", { .key = "a", .deep = TRUE, .is = WORDS ("x") },
    "{\"b\":{\"e\":1,\"c\":{\"a\":\"x\"}},\"d\":1}", "{\"b\":{\"c\":{\"x\":\"a\"}},\"d\":\"x\"}" },
  { "deep-json-second", { .key = "a", .deep = TRUE, .is = WORDS ("x") },
    "{\"b\":{\"a\":\"y\"},\"c\":{\"a\":\"x\"}}", "{\"b\":{\"a\":\"y\"},\"c\":{\"b\":\"x\"}}" },
  { "deep-json-array", { .key = "a", .deep = TRUE, .is = WORDS ("x") },
    "{\"b\":[{\"c\":1},{\"a\":\"x\"}]}", "{\"b\":[\"a\",\"x\",{\"a\":[\"x\"]}]}" },
  { "deep-json-arrays", { .key = "a", .deep = TRUE, .is = WORDS ("x") },
    "{\"b\":{\"c\":[[{\"a\":\"x\"}]]}}", "{\"b\":{\"c\":[[]]}}" },
  { "deep-json-escaped", { .key = "a", .deep = TRUE, .is = WORDS ("x") },
    "{\"b\":{\"\\u0061\":\"\\u0078\"}}", "{\"b\":\"{\\\"a\\\":\\\"x\\\"}\"}" },
  { "deep-not-in-text", { .key = "a", .deep = TRUE, .is = WORDS ("x") }, "b.a=x", "b={\"a\":\"x\"}" },
  { "not-deep-json", { .key = "a", .is = WORDS ("x") }, "{\"a\":\"x\"}", "{\"b\":{\"a\":\"x\"}}" },
};

static gboolean
applies (const QrForm *form, const char *text)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  GError *error = NULL;
  const QrOptList *list = qr_optlist_parse (&option, text, 1, pool, &error);

  g_assert_no_error (error);
  return qr_form_applies (form, list);
}

static void
test_kind (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  const QrForm form = { .when = &kinds[i].condition, .n_when = 1 };

  g_assert_true (applies (&form, kinds[i].hit));
  g_assert_false (applies (&form, kinds[i].miss));
}

/* All conditions must hold; without any, the form always applies. */
static void
test_all (void)
{
  static const QrCondition both[] = { { .key = "a" }, { .key = "b", .absent = TRUE } };
  const QrForm form = { .when = both, .n_when = 2 }, always = { 0 };

  g_assert_true (applies (&form, "a=1"));
  g_assert_false (applies (&form, "a=1,b=1"));
  g_assert_false (applies (&form, "c=1"));
  g_assert_true (applies (&always, ""));
  g_assert_true (applies (&always, "a=1"));
}

static void
note (const char *written, const char *value, gpointer data)
{
  g_string_append_printf (data, "%s=%s ", written, value);
}

/* A key is written as QEMU's dotted ones are, wherever it stands. */
static void
test_written (void)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  GError *error = NULL;
  const QrOptList *list = qr_optlist_parse (
      &option, "{\"a\":\"1\",\"b\":{\"a\":\"2\",\"n\":null},\"c\":[{\"a\":\"3\"},{\"d\":{\"a\":\"4\"}}]}", 1, pool, &error);

  g_assert_no_error (error);
  qr_opts_visit (list, "a", TRUE, note, out);
  g_assert_cmpstr (out->str, ==, "a=1 b.a=2 c.0.a=3 c.1.d.a=4 ");
}

/* The whole key stands there, whatever its value. */
static void
test_have (void)
{
  static const char json[] = "{\"a\":\"1\",\"b\":{\"n\":null,\"o\":{\"x\":1}},\"c\":[{\"d\":[]}]}";
  static const struct
  {
    const char *text, *written;
    gboolean have;
  } cases[] = {
    { "a=1,b.c=2", "a", TRUE },    { "a=1,b.c=2", "b.c", TRUE },  { "a=1,b.c=2", "b", FALSE },
    { "a=1,b.c=2", "c", FALSE },   { "a=1,b.c=2", "a.b", FALSE }, { "a=1,b.c=2", "b.c.d", FALSE },
    { json, "a", TRUE },           { json, "b", TRUE },           { json, "b.n", TRUE },
    { json, "b.o.x", TRUE },       { json, "b.o.x.y", FALSE },    { json, "b.x", FALSE },
    { json, "bb.n", FALSE },       { json, "c.0.d", TRUE },       { json, "c.1", FALSE },
    { json, "c.d", FALSE },        { json, "c.-1", FALSE },       { json, "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (QrPool) pool = qr_pool_new ();
      GError *error = NULL;
      const QrOptList *list = qr_optlist_parse (&option, cases[i].text, 1, pool, &error);

      g_assert_no_error (error);
      g_assert_cmpint (qr_opts_have (list, cases[i].written), ==, cases[i].have);
    }
}

/* Arguments of a back end that fulfil form @number of its option, and miss it. */
#define BACK_END(option) \
  { option, 0, "bridge,id=n", "user,id=bridge" }, \
  { option, 1, "tap,id=n,helper=/h", "tap,id=helper" }, \
  { option, 2, "tap,id=n,script=no,br=b", "tap,id=n,downscript=no" }, \
  { option, 3, "tap,id=n,downscript=no,br=b", "tap,id=n,script=no" }, \
  { option, 4, "user,id=n,smb=/s", "user,id=n,smbserver=1.2.3.4" }, \
  { option, 5, "user,id=n,guestfwd=tcp:1.2.3.4:5-cmd:ls", "user,id=n,guestfwd=tcp:1.2.3.4:5-tcp:6.7.8.9:10" }, \
  { option, 6, "af-xdp,id=n", "user,id=af-xdp" }

/* The form @number of a back end that connects. */
#define CONNECTS(option, number) \
  { option, number, "user,id=n", "tap,id=user" }

#define STREAMS(option, number) \
  { option, number, "stream,id=n,addr.type=unix,addr.path=/s", "stream,id=n,server=on,addr.type=unix,addr.path=/s" }

/* A chardev in its short form: a client, with and without saying so, and without a server. */
#define CHARDEV(option) \
  { option, 0, "unix:/s", "unix:/s,server=on,wait=off" }, \
  { option, 1, "unix:/s,server=off", "unix:/s,server=on" }, \
  { option, 2, "udp:1.2.3.4:5", "tcp:1.2.3.4:5" }

#define IMAGE(option) { option, 0, "nbd:unix:/s", "/nbd:" }

/* @hit NULL: a flag; @miss NULL: the form has no condition. */
static const struct
{
  const char *option;
  guint number;
  const char *hit, *miss;
} shipped[] = {
  { "async-teardown", 0, NULL, NULL },
  { "audio", 1, "alsa", "none,id=alsa" },
  { "audiodev", 0, "{\"driver\":\"pa\",\"id\":\"a\"}", "none,id=pa" },
  { "blockdev", 0, "driver=raw,file.driver=file,file.aio=io_uring", "driver=raw,file.driver=file,file.aio=native" },
  { "chroot", 0, "/", NULL },
  { "daemonize", 0, NULL, NULL },
  { "device", 0, "usb-host,hostbus=1", "usb-hub,id=usb-host" },
  { "display", 0, "gtk", "none" },
  { "display", 1, "spice-app", "egl-headless" },
  { "drive", 0, "if=none,file=f,aio=io_uring", "if=none,file=io_uring,aio=native" },
  { "incoming", 0, "exec:cat f", "tcp:exec:1" },
  { "incoming", 1, "{\"channel-type\":\"main\",\"addr\":{\"transport\":\"exec\",\"args\":[\"cat\"]}}",
    "{\"channel-type\":\"main\",\"addr\":{\"transport\":\"socket\",\"type\":\"exec\"}}" },
  BACK_END ("net"),
  BACK_END ("netdev"),
  BACK_END ("nic"),
  CONNECTS ("net", 8),
  CONNECTS ("netdev", 7),
  CONNECTS ("nic", 8),
  STREAMS ("net", 9),
  STREAMS ("netdev", 8),
  STREAMS ("nic", 9),
  CHARDEV ("debugcon"),
  CHARDEV ("gdb"),
  CHARDEV ("monitor"),
  CHARDEV ("parallel"),
  CHARDEV ("qmp"),
  CHARDEV ("qmp-pretty"),
  CHARDEV ("serial"),
  IMAGE ("cdrom"),
  IMAGE ("hda"),
  IMAGE ("hdb"),
  IMAGE ("hdc"),
  IMAGE ("hdd"),
  { "spice", 0, "port=5930", NULL },
  { "accel", 1, "kvm,dirty-ring-size=4096", "tcg" },
  { "accel", 2, "tcg,thread=multi", "kvm" },
  { "audio", 2, "pipewire", "oss" },
  { "audiodev", 1, "pa,id=a", "none,id=pa" },
  { "blockdev", 1, "driver=raw,file.driver=nbd,file.path=/s", "driver=raw,file.driver=file,node-name=nbd" },
  { "blockdev", 2, "{\"driver\":\"raw\",\"file\":{\"filename\":\"ssh://h/f\"}}", "driver=file,filename=/ssh:" },
  { "blockdev", 3, "driver=nbd,server.type=vsock,server.cid=2", "driver=nbd,server.type=unix,export=vsock" },
  { "chardev", 0, "socket,id=c,path=/s", "socket,id=c,path=/s,server=on" },
  { "chardev", 1, "udp,id=c,port=1", "null,id=udp" },
  { "device", 1, "usb-mtp,rootdir=/d", "usb-hub,id=usb-mtp" },
  { "display", 2, "gtk,gl=on", "egl-headless" },
  { "drive", 2, "file.driver=nbd,file.path=/s", "file=f,id=nbd" },
  { "drive", 3, "file=http://h/f", "file=./http:" },
  { "enable-kvm", 0, NULL, NULL },
  { "fsdev", 0, "local,id=f,path=/,security_model=none", NULL },
  { "fsdev", 1, "proxy,id=f,socket=/s", "local,id=proxy" },
  { "incoming", 2, "defer", NULL },
  { "incoming", 3, "vsock:2:1", "tcp:vsock:1" },
  { "incoming", 4, "{\"addr\":{\"transport\":\"socket\",\"type\":\"vsock\"}}",
    "{\"addr\":{\"transport\":\"socket\",\"type\":\"unix\"}}" },
  { "machine", 3, "q35,accel=kvm", "q35,accel=kvm:tcg" },
  { "machine", 4, "accel=tcg", "q35" },
  { "M", 3, "q35,accel=kvm", "q35,accel=kvm:tcg" },
  { "M", 4, "accel=tcg", "q35" },
  { "object", 1, "memory-backend-ram,id=m,size=1M,host-nodes=0,policy=bind", "memory-backend-ram,id=host-nodes" },
  { "object", 2, "memory-backend-ram,id=m,size=1M,policy=preferred", "memory-backend-ram,id=policy" },
  { "object", 3, "thread-context,id=t", "iothread,id=thread-context" },
  { "object", 4, "pr-manager-helper,id=p,path=/s", "secret,id=pr-manager-helper" },
  { "tpmdev", 0, "emulator,id=t,chardev=c", "passthrough,id=emulator" },
  { "virtfs", 0, "local,path=/,mount_tag=t,security_model=none", NULL },
  { "virtfs", 1, "proxy,socket=/s,mount_tag=t", "local,path=/,mount_tag=proxy" },
  { "vnc", 0, "h:1,reverse=on", ":1" },
  { "object", 0, "cryptodev-backend-lkcf,id=c", "cryptodev-backend-builtin,id=c" },
  { "run-with", 0, "user=nobody", "async-teardown=off" },
  { "run-with", 1, "chroot=/", "async-teardown=off" },
  { "run-with", 2, "async-teardown=on", "async-teardown=off" },
  { "runas", 0, "nobody", NULL },
};

static const QrForm *
shipped_form (gsize i, const QrOption **out)
{
  *out = qr_profiles_find_option (&qr_profiles_builtin, shipped[i].option);
  g_assert_nonnull (*out);
  g_assert_cmpuint (shipped[i].number, <, (*out)->n_forms);
  g_assert_cmpuint ((*out)->forms[shipped[i].number].needs, !=, 0);
  return &(*out)->forms[shipped[i].number];
}

static gboolean
line_has_form (const QrForm *form, const QrOption *of, const char *value)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  const QrItem item = { of, of->name, value, 1 };
  GError *error = NULL;
  const QrOptList *list = qr_item_opts (&item, pool, &error);

  g_assert_no_error (error);
  return qr_form_applies (form, list);
}

static void
test_shipped (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  const QrOption *of;
  const QrForm *form = shipped_form (i, &of);

  g_assert_cmpint (shipped[i].hit == NULL, ==, !qr_option_has_argument (of));
  g_assert_cmpint (shipped[i].miss == NULL, ==, form->n_when == 0);
  g_assert_true (line_has_form (form, of, shipped[i].hit));
  if (shipped[i].miss != NULL)
    g_assert_false (line_has_form (form, of, shipped[i].miss));
}

static void
test_accepted (void)
{
  static const struct { const char *value; gboolean accepted; } sandbox[] = {
    { "on", TRUE }, { "off", TRUE }, { "enable=yes", TRUE }, { "on,spawn=deny,obsolete=allow", TRUE },
    { "on,elevateprivileges=children", TRUE }, { "foo", FALSE }, { "on,spawn=children", FALSE },
    { "on,spwan=deny", FALSE }, { "on,spawn", FALSE }, { "on,spawn=allow,bogus=on", FALSE }, { "", TRUE },
  };
  const QrOption *of = qr_profiles_find_option (&qr_profiles_builtin, "sandbox");
  const QrOption *any = qr_profiles_find_option (&qr_profiles_builtin, "device");
  g_autoptr (QrPool) pool = qr_pool_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (sandbox); i++)
    {
      const QrItem item = { of, of->name, sandbox[i].value, 1 }, other = { any, any->name, sandbox[i].value, 1 };

      g_assert_cmpint (qr_form_accepted (of, qr_item_opts (&item, pool, NULL)), ==, sandbox[i].accepted);
      g_assert_true (qr_form_accepted (any, qr_item_opts (&other, pool, NULL)));
    }
}

/* The table has each form with needs once. */
static void
test_complete (void)
{
  const QrProfiles *profiles = &qr_profiles_builtin;
  gsize n = 0;

  for (guint32 i = 0; i < profiles->n_options; i++)
    for (guint32 j = 0; j < profiles->options[i].n_forms; j++)
      {
        gsize rows = 0;

        if (profiles->options[i].forms[j].effect != QR_EFFECT_NEEDS
            && profiles->options[i].forms[j].effect != QR_EFFECT_SPARES)
          continue;
        g_assert_cmpuint (profiles->options[i].forms[j].needs, !=, 0);
        for (gsize k = 0; k < G_N_ELEMENTS (shipped); k++)
          rows += shipped[k].number == j && strcmp (shipped[k].option, profiles->options[i].name) == 0;
        if (rows != 1)
          g_error ("form %u of -%s stands %" G_GSIZE_FORMAT " times in the table", j, profiles->options[i].name, rows);
        n++;
      }
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (shipped));
}

/* A tap needs nothing when both scripts are off, or it is open already. */
static const char *const quiet[]
    = { "tap,id=n,script=no,downscript=no", "tap,id=n,fd=3", "tap,id=n,fds=3:4", "tap,id=n,fd=3,script=s",
        "hubport,id=n,hubid=0", "{\"type\":\"tap\",\"id\":\"n\",\"fd\":\"3\"}",
        "{\"type\":\"tap\",\"id\":\"n\",\"script\":\"no\",\"downscript\":\"no\"}" };

static void
test_quiet (gconstpointer data)
{
  const QrOption *netdev = qr_profiles_find_option (&qr_profiles_builtin, "netdev");

  for (guint32 i = 0; i < netdev->n_forms; i++)
    g_assert_false (line_has_form (&netdev->forms[i], netdev, data));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *name = g_strdup_printf ("/forms/kind/%s", kinds[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_kind);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (shipped); i++)
    {
      g_autofree char *name = g_strdup_printf ("/forms/shipped/%s-%u", shipped[i].option, shipped[i].number);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_shipped);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (quiet); i++)
    {
      g_autofree char *name = g_strdup_printf ("/forms/quiet/%" G_GSIZE_FORMAT, i);

      g_test_add_data_func (name, quiet[i], test_quiet);
    }
  g_test_add_func ("/forms/all", test_all);
  g_test_add_func ("/forms/written", test_written);
  g_test_add_func ("/forms/have", test_have);
  g_test_add_func ("/forms/complete", test_complete);
  g_test_add_func ("/forms/accepted", test_accepted);
  return g_test_run ();
}
