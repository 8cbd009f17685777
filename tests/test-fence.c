/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a line is held to, option by option, and when it is held at all. */
#include "config.h"

#include <string.h>

#include "plan.h"
#include "testlib.h"

#define T QR_FACE_TOOL
#define D QR_FACE_DROP_IN
#define QUIET "-nodefaults -display none "

static QrPlan *
plan_line (const char *line, QrFace face, const char *mode, const char *const *allowed, GError **error)
{
  char **words = g_strsplit (line, " ", -1);
  QrPlanOptions options = { .words = (const char *const *) words,
                            .first = 1,
                            .face = face,
                            .sysfs = "/nowhere",
                            .program = "/opt/q/bin/qemu-system-x86_64",
                            .arch = "x86_64",
                            .landlock = mode,
                            .paths = allowed,
                            .temporary = "/var/tmp" };

  g_test_queue_destroy ((GDestroyNotify) g_strfreev, words);
  return qr_plan_make (&options, &qr_profiles_builtin, error);
}

/* Whether @path is opened by all lines with some need. */
static gboolean
is_of_need (const char *path)
{
  g_autoptr (QrPool) pool = qr_pool_new ();
  const QrOpened *opened;
  gboolean found = FALSE;

  for (guint32 i = 0; !found && (opened = qr_profiles_find_opened (&qr_profiles_builtin, NULL, i, pool)) != NULL; i++)
    found = opened->needs != 0 && opened->paths != NULL && g_strv_contains (opened->paths, path);
  return found;
}

/* "needs 4" for what a need takes, "read+write PATH 4" for each path that is for an argument, then
 * ports, one a line. */
static char *
show (const QrLandlock *landlock)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < landlock->paths->len; i++)
    {
      const QrLandlockPath *path = &g_array_index (landlock->paths, QrLandlockPath, i);
      gsize begin = out->len;

      if (path->argument == 0)
        continue;
      if (is_of_need (path->path))
        {
          g_autofree char *line = g_strdup_printf ("needs %u\n", path->argument);

          if (!g_str_has_suffix (out->str, line))
            g_string_append (out, line);
          continue;
        }
      for (guint j = 0; qr_landlock_rights[j] != NULL; j++)
        if ((path->rights & 1u << j) != 0)
          g_string_append_printf (out, "%s%s", out->len > begin ? "+" : "", qr_landlock_rights[j]);
      g_string_append_printf (out, " %s %u\n", path->path, path->argument);
    }
  for (guint i = 0; i < landlock->ports->len; i++)
    {
      const QrLandlockPort *port = &g_array_index (landlock->ports, QrLandlockPort, i);

      g_string_append_printf (out, "port %u %u\n", port->port, port->argument);
    }
  if (landlock->any_port)
    g_string_append (out, "any port\n");
  if (landlock->any_service)
    g_string_append (out, "any service\n");
  return g_string_free (out, FALSE);
}

#define FILES "read+write+make+new "
#define DEVICES "read+write+device "
#define IMAGE "read+write+device+image "
#define ONLY_READ "read+device+image "

/* One option of each kind; the first argument behind QUIET is number 4. */
static const struct
{
  const char *name, *line, *rules;
} lines[] = {
  { "nothing", "-m 64", "" },
  { "kernel", "-kernel /k -initrd /i1,/i2 -dtb d", "read /k 4\nread /i1 6\nread /i2 6\nread d 8\n" },
  { "machine", "-machine kernel=/k,dumpdtb=/d", "read /k 4\n" FILES "/d 4\n" },
  { "kvm", "-enable-kvm", DEVICES "/dev/kvm 4\n" },
  { "accel", "-accel kvm", DEVICES "/dev/kvm 4\n" },
  { "accel-device", "-accel kvm,device=/dev/k", DEVICES "/dev/kvm 4\n" DEVICES "/dev/k 4\n" },
  { "machine-accel", "-machine q35,accel=kvm:tcg", DEVICES "/dev/kvm 4\n" },
  { "m-accel", "-M q35,accel=kvm,kernel=/k", DEVICES "/dev/kvm 4\nread /k 4\n" },
  { "tcg", "-accel tcg", "" },
  { "display-vnc", "-display vnc=:4", "port 5904 4\n" },
  { "splash", "-boot splash=/s", "read /s 4\n" },
  { "logs", "-D /l -pidfile p", FILES "/l 4\n" FILES "p 6\n" },
  { "fw-cfg", "-fw_cfg name=opt/x,file=/f", "read /f 4\n" },
  { "acpi", "-acpitable data=/a:/b", "read /a 4\nread /b 4\n" },
  { "smbios", "-smbios file=/s", "read /s 4\n" },
  { "drive", "-drive file=/i,format=raw,if=none", IMAGE "/i 4\n" },
  { "drive-read-only", "-drive file=/i,format=raw,if=none,readonly=on", ONLY_READ "/i 4\n" },
  { "drive-cdrom", "-drive file=/i,format=raw,if=none,media=cdrom", ONLY_READ "/i 4\n" },
  { "drive-parts", "-drive file.driver=file,file.filename=/i,driver=raw,if=none", IMAGE "/i 4\n" },
  { "drive-copied", "-drive file=/i,format=raw,if=none,snapshot=on",
    "read+write+make /var/tmp 4\n" ONLY_READ "/i 4\n" },
  { "all-copied", "-drive file=/i,format=raw,if=none -snapshot",
    "read+write+make /var/tmp 4\n" ONLY_READ "/i 4\nread+write+make /var/tmp 6\n" },
  { "drive-protocol", "-drive file=file:/i,format=raw,if=none", IMAGE "/i 4\n" },
  { "disk-remote", "nbd://h/x", "any service\n" },
  { "drive-named", "-drive file=/i,format=raw,if=none,node-name=n", IMAGE "/i 4\n" },
  { "blockdev-through-a-filter",
    "-blockdev driver=file,filename=/i,node-name=f -blockdev driver=throttle,file=f,node-name=t,throttle-group=g "
    "-blockdev driver=raw,file=t,node-name=r",
    IMAGE "/i 4\n" },
  { "descriptor", "-chardev file,id=c,path=/dev/fdset/1", "" },
  { "slirp-names", "-netdev {\"type\":\"user\",\"id\":\"n\",\"dnssearch\":[{\"str\":\"example.com\"}]}", "needs 4\n"
    "any service\n" },
  { "drive-remote", "-drive file=nbd://h/x,format=raw,if=none", "needs 4\n" "any service\n" },
  { "drive-handed-over", "-drive file=/dev/fdset/1,format=raw,if=none", "" },
  { "disks", "-hda /a -cdrom /c /b", IMAGE "/a 4\n" ONLY_READ "/c 6\n" IMAGE "/b 8\n" },
  { "blockdev", "-blockdev driver=file,filename=/i,node-name=f", IMAGE "/i 4\n" },
  { "blockdev-read-only", "-blockdev driver=file,filename=/i,node-name=f,read-only=on", ONLY_READ "/i 4\n" },
  { "blockdev-json", "-blockdev {\"driver\":\"raw\",\"node-name\":\"r\",\"file\":{\"driver\":\"file\",\"filename\":\"/i\"}}",
    IMAGE "/i 4\n" },
  { "chardev-file", "-chardev file,id=c,path=/o,input-path=/i", FILES "/o 4\nread /i 4\n" },
  { "chardev-pipe", "-chardev pipe,id=c,path=/p", "read+write /p 4\nread+write /p.in 4\nread+write /p.out 4\n" },
  { "chardev-device", "-chardev serial,id=c,path=/dev/ttyS0", DEVICES "/dev/ttyS0 4\n" },
  { "chardev-server", "-chardev socket,id=c,path=/r/s,server=on,wait=off", "socket /r/s 4\n" },
  { "chardev-abstract", "-chardev socket,id=c,path=s,server=on,abstract=on", "" },
  { "serial-abstract", "-serial unix:s,server=on,abstract=on", "" },
  { "chardev-bare-server", "-chardev socket,id=c,path=/r/s,server,nowait", "socket /r/s 4\n" },
  { "chardev-client", "-chardev socket,id=c,path=/r/s", "needs 4\n" "any service\n" },
  { "chardev-tcp", "-chardev socket,id=c,host=h,port=5555,server=on", "port 5555 4\n" },
  { "chardev-range", "-chardev socket,id=c,host=h,port=5555,to=5560,server=on", "port 5555 4\nany port\n" },
  { "chardev-log", "-chardev null,id=c,logfile=/l", FILES "/l 4\n" },
  { "chardev-pty", "-chardev pty,id=c", DEVICES "/dev/ptmx 4\n" DEVICES "/dev/pts 4\n" },
  { "serial-file", "-serial file:/a,b", FILES "/a,b 4\n" },
  { "serial-unix", "-serial unix:/r/s,server=on", "socket /r/s 4\n" },
  { "serial-tcp", "-serial tcp:h:444,server=on", "port 444 4\n" },
  { "serial-service", "-serial tcp:h:telnet,server=on", "any port\n" },
  { "serial-device", "-serial /dev/ttyS1", DEVICES "/dev/ttyS1 4\n" },
  { "serial-nothing", "-serial null -parallel none", "" },
  { "vnc", "-vnc 127.0.0.1:2", "port 5902 4\n" },
  { "vnc-websocket", "-vnc :1,websocket=5701", "port 5901 4\nport 5701 4\n" },
  { "vnc-unix", "-vnc unix:/r/v", "socket /r/v 4\n" },
  { "spice", "-spice port=5930,tls-port=5931,x509-dir=/x", "read /x 4\nport 5930 4\nport 5931 4\n" },
  { "memory", "-object memory-backend-file,id=m,size=1M,mem-path=/h", FILES "/h 4\n" },
  { "random", "-object rng-random,id=r,filename=/dev/hwrng", "read /dev/hwrng 4\n" },
  { "secret", "-object secret,id=s,file=/s", "read /s 4\n" },
  { "object-json", "-object {\"qom-type\":\"secret\",\"id\":\"s\",\"file\":\"/s\"}", "read /s 4\n" },
  { "evdev", "-object input-linux,id=i,evdev=/dev/input/e", DEVICES "/dev/input/e 4\n" },
  { "share", "-fsdev local,id=f,path=/d,security_model=none", "read+write+tree /d 4\n" },
  { "share-read-only", "-fsdev local,id=f,path=/d,security_model=none,readonly=on", "read /d 4\n" },
  { "virtfs", "-virtfs local,path=/d,mount_tag=t,security_model=none", "read+write+tree /d 4\n" },
  { "tap", "-netdev tap,id=n,script=no,downscript=/down,vhost=on -sandbox off",
    DEVICES "/dev/net/tun 4\n" DEVICES "/dev/vhost-net 4\n" },
  { "tap-opened", "-netdev tap,id=n,script=no,downscript=no", "" },
  { "tap-given", "-netdev tap,id=n,fd=9,vhost=on,vhostfd=8", "" },
  { "taps-given", "-netdev tap,id=n,fds=9:7,vhostforce=on,vhostfds=8:6", "" },
  { "tap-given-vhost", "-netdev tap,id=n,fd=9,vhost=on", DEVICES "/dev/vhost-net 4\n" },
  { "slirp", "-netdev user,id=n,hostfwd=tcp::2222-:22,hostfwd=udp::1-:1,tftp=/t", "needs 4\n"
    "read /t 4\nport 2222 4\nany service\n" },
  { "slirp-json", "-netdev {\"type\":\"user\",\"id\":\"n\",\"hostfwd\":[{\"str\":\"tcp:127.0.0.1:8080-:80\"}]}", "needs 4\n"
    "port 8080 4\nany service\n" },
  { "stream", "-netdev stream,id=n,server=on,addr.type=unix,addr.path=/r/n", "socket /r/n 4\n" },
  { "romfile", "-device virtio-net-pci,romfile=/r", "read /r 4\n" },
  { "romfile-of-all", "-global virtio-net-pci.romfile=/r", "read /r 4\n" },
  { "romfile-of-all-long", "-global driver=virtio-net-pci,property=romfile,value=/r", "read /r 4\n" },
  { "no-romfile", "-global virtio-net-pci.romfile=", "" },
  { "global-of-no-file", "-global driver=virtio-net-pci,property=x-txburst,value=/r", "" },
  { "global-loader", "-global loader.file=/f -global ide-hd.file=/g", "read /f 4\n" },
  { "global-device", "-global virtio-input-host-pci.evdev=/dev/input/e", DEVICES "/dev/input/e 4\n" },
  { "loader", "-device loader,file=/f,addr=0", "read /f 4\n" },
  { "vfio", "-device vfio-pci,host=00:02.0", DEVICES "/dev/vfio 4\nread /sys 4\n" },
  { "migration", "-incoming tcp:0:4444", "port 4444 4\n" },
  { "migration-unix", "-incoming unix:/r/m", "socket /r/m 4\n" },
  { "migration-file", "-incoming file:/m,offset=0x100", "read /m 4\n" },
};

static void
test_line (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *line = g_strconcat (QUIET, lines[i].line, NULL);
  GError *error = NULL;
  g_autoptr (QrPlan) plan = plan_line (line, T, "require", NULL, &error);
  g_autofree char *rules = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (plan->fence.mode, ==, QR_LANDLOCK_REQUIRE);
  rules = show (&plan->fence.landlock);
  g_assert_cmpstr (rules, ==, lines[i].rules);
}

/* Whether a line is held, and what is said about it. */
static const struct
{
  const char *name, *line;
  QrFace face;
  const char *asked;
  QrLandlockMode mode;
  const char *why;
} modes[] = {
  { "known", QUIET "-m 64", T, NULL, QR_LANDLOCK_BEST_EFFORT, "all that the line opens is known" },
  { "drop-in", QUIET "-m 64", D, NULL, QR_LANDLOCK_OFF, "nobody asked for it" },
  { "drop-in-asked", QUIET "-M q35", D, "best-effort", QR_LANDLOCK_BEST_EFFORT, "asked for" },
  { "off", QUIET "-m 64", T, "off", QR_LANDLOCK_OFF, "asked for" },
  { "informs", "-version", T, NULL, QR_LANDLOCK_OFF, "QEMU runs no machine for this line" },
  { "default-monitor", "-display none", T, NULL, QR_LANDLOCK_OFF,
    "QEMU has its default monitor, which may open other files" },
  { "no-monitor", "-display none -monitor none -serial none -net none", T, NULL, QR_LANDLOCK_BEST_EFFORT,
    "all that the line opens is known" },
  { "monitor", QUIET "-monitor stdio", T, NULL, QR_LANDLOCK_OFF,
    "option \"-monitor\" (argument 4) gives a monitor, which may open other files" },
  { "qmp", QUIET "-qmp stdio", T, NULL, QR_LANDLOCK_OFF,
    "option \"-qmp\" (argument 4) gives a monitor, which may open other files" },
  { "mon", QUIET "-chardev null,id=c -mon c", T, NULL, QR_LANDLOCK_OFF,
    "option \"-mon\" (argument 6) gives a monitor, which may open other files" },
  { "serial-monitor", QUIET "-serial mon:stdio", T, NULL, QR_LANDLOCK_OFF,
    "option \"-serial\" (argument 4) gives a monitor, which may open other files" },
  { "gdb", QUIET "-s", T, NULL, QR_LANDLOCK_OFF,
    "option \"-s\" (argument 4) gives a monitor, which may open other files" },
  { "window", "-nodefaults -display gtk", T, NULL, QR_LANDLOCK_OFF,
    "option \"-display\" (argument 2) opens a window, plays sound or uses a device of the host" },
  { "log-of-each", QUIET "-D log-%d", T, NULL, QR_LANDLOCK_OFF,
    "option \"-D\" (argument 4) writes a log of each process" },
  { "json-image", QUIET "-drive file=json:{},if=none,format=raw", T, NULL, QR_LANDLOCK_OFF,
    "option \"-drive\" (argument 4) has an image that JSON names" },
  { "vmdk", QUIET "-drive file=/i,format=vmdk,if=none", T, NULL, QR_LANDLOCK_OFF,
    "option \"-drive\" (argument 4) has an image of a format whose other files are not known" },
  { "bare-vvfat", QUIET "fat:rw:/d", T, NULL, QR_LANDLOCK_OFF,
    "option \"fat:rw:/d\" (argument 4) shows a directory as a disk" },
  { "plugin", QUIET "-plugin /p.so", T, NULL, QR_LANDLOCK_OFF,
    "option \"-plugin\" (argument 4) loads code that opens what it likes" },
  { "vvfat", QUIET "-drive file=fat:/d,format=raw,if=none", T, NULL, QR_LANDLOCK_OFF,
    "option \"-drive\" (argument 4) shows a directory as a disk" },
  { "unplanned", QUIET "-M isapc -hda /a", T, NULL, QR_LANDLOCK_BEST_EFFORT, "all that the line opens is known" },
};

static void
test_mode (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  GError *error = NULL;
  g_autoptr (QrPlan) plan = plan_line (modes[i].line, modes[i].face, modes[i].asked, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (plan->fence.why, ==, modes[i].why);
  g_assert_cmpint (plan->fence.mode, ==, modes[i].mode);
  g_assert_cmpint (plan->fence.landlock.paths == NULL, ==, modes[i].mode == QR_LANDLOCK_OFF);
}

/* What each line opens: the program, what is beside it, and what is everywhere. */
static void
test_common (void)
{
  static const char *const some[]
      = { "/opt/q/bin/qemu-system-x86_64", "/opt/q/bin/../share/qemu", "/usr", "/dev/null", "/proc/self" };
  static const char *const none[] = { "/", "/home", "/tmp", "/etc", "/dev", "/proc", "/etc/resolv.conf" };
  GError *error = NULL;
  g_autoptr (QrPlan) plan = plan_line (QUIET "-m 64", T, NULL, NULL, &error);
  const GArray *paths = plan->fence.landlock.paths;
  guint found = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < paths->len; i++)
    {
      const QrLandlockPath *path = &g_array_index (paths, QrLandlockPath, i);

      for (guint j = 0; j < G_N_ELEMENTS (some); j++)
        found += strcmp (path->path, some[j]) == 0;
      for (guint j = 0; j < G_N_ELEMENTS (none); j++)
        g_assert_cmpstr (path->path, !=, none[j]);
      g_assert_cmpuint (path->argument, ==, 0);
      if (!g_str_has_prefix (path->path, "/dev/"))
        g_assert_cmpuint (path->rights, ==, QR_LANDLOCK_READ);
    }
  g_assert_cmpuint (found, ==, G_N_ELEMENTS (some));
}

static void
test_allowed (void)
{
  static const char *const allowed[] = { "ro:/a", "rw:/b", NULL };
  GError *error = NULL;
  g_autoptr (QrPlan) plan = plan_line (QUIET "-m 64", T, NULL, allowed, &error);
  const GArray *paths = plan->fence.landlock.paths;
  const QrLandlockPath *one = &g_array_index (paths, QrLandlockPath, paths->len - 2), *two = one + 1;

  g_assert_no_error (error);
  g_assert_cmpint (plan->fence.mode, ==, QR_LANDLOCK_BEST_EFFORT);
  g_assert_cmpstr (plan->fence.why, ==, "asked for");
  g_assert_cmpstr (one->path, ==, "/a");
  g_assert_cmpuint (one->rights, ==, QR_LANDLOCK_READ);
  g_assert_true (one->named && two->named);
  g_assert_false (g_array_index (paths, QrLandlockPath, 0).named);
  g_assert_cmpstr (two->path, ==, "/b");
  g_assert_cmpuint (two->rights & (QR_LANDLOCK_WRITE | QR_LANDLOCK_TREE), ==, QR_LANDLOCK_WRITE | QR_LANDLOCK_TREE);
  g_assert_true (qr_fence_is_allowance ("ro:x"));
  g_assert_true (qr_fence_is_allowance ("rw:/"));
  g_assert_false (qr_fence_is_allowance ("ro:"));
  g_assert_false (qr_fence_is_allowance ("/x"));
  g_assert_false (qr_fence_is_allowance ("rx:/x"));
}

/* Who asks for it gets it, and is told what may be missing. */
static void
test_unknown (void)
{
  GError *error = NULL;
  g_autoptr (QrPlan) plan
      = plan_line (QUIET "-drive file=fat:/d,format=raw,if=none", T, "best-effort", NULL, &error);
  const QrWarning *warning;

  g_assert_no_error (error);
  g_assert_cmpint (plan->fence.mode, ==, QR_LANDLOCK_BEST_EFFORT);
  g_assert_cmpuint (plan->warnings->len, ==, 1);
  warning = plan->warnings->pdata[0];
  g_assert_cmpstr (warning->code, ==, "landlock-unknown");
  g_assert_cmpstr (warning->message, ==,
                   "option \"-drive\" (argument 4) shows a directory as a disk; what that opens is not known, and "
                   "--allow-path may have to name it");
  g_assert_cmpuint (warning->argument, ==, 4);
}

/* A program that gains rights by its file does not, behind no_new_privs. */
static void
test_refused (void)
{
  GError *error = NULL;
  QrPlan *plan = plan_line (QUIET "-M q35 -netdev bridge,id=n", D, "require", NULL, &error);

  g_assert_null (plan);
  test_error_code (&error, QR_STATUS_UNAVAILABLE, "landlock-refuses",
                   "option \"-netdev\" (argument 6) starts a program that gains rights by its file, which Landlock "
                   "does not let it");
}

/* A header of qcow2 that stands on @backing, of @format or none said. */
static void
image_make (const char *directory, const char *name, const char *backing, const char *format)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  guint8 head[512] = { 'Q', 'F', 'I', 0xfb, 0, 0, 0, 3 };
  gsize at = 104;

  head[103] = 104;
  if (format != NULL)
    {
      memcpy (head + at, "\xe2\x79\x2a\xca\0\0\0", 7);
      head[at + 7] = (guint8) strlen (format);
      memcpy (head + at + 8, format, strlen (format));
    }
  if (backing != NULL)
    {
      head[14] = 1; /* at 256 */
      head[19] = (guint8) strlen (backing);
      memcpy (head + 256, backing, strlen (backing));
    }
  g_assert_true (g_file_set_contents (path, (const char *) head, sizeof head, NULL));
}

/* The files that an image leads to are read only; what a guest can have written leads nowhere. */
static void
test_images (void)
{
  char *directory = test_directory ();
  g_autofree char *flat = NULL;
  const struct
  {
    const char *line, *rules, *unknown;
  } cases[] = {
    { "-drive file=%s/top,format=qcow2,if=none", IMAGE "%s/top 4\n" ONLY_READ "%s/middle 4\n" ONLY_READ "%s/base 4\n",
      NULL },
    { "-drive file=%s/base,format=raw,if=none", IMAGE "%s/base 4\n", NULL },
    { "-drive file=%s/base,if=none", IMAGE "%s/base 4\n",
      "leads to another file, and format=qcow2 is not said; what it leads to stays closed" },
    { "-hda %s/top", IMAGE "%s/top 4\n", "leads to another file, and format=qcow2 is not said; what it leads to stays closed" },
    { "-drive file=%s/on-flat,format=qcow2,if=none", IMAGE "%s/on-flat 4\n" ONLY_READ "%s/flat 4\n",
      "has an image of a format whose other files are not known; what that opens is not known" },
    { "-hda %s/flat", IMAGE "%s/flat 4\n", "leads to another file, and format=vmdk is not said; what it leads to stays closed" },
    { "-drive file=%s/doubtful,format=qcow2,if=none", IMAGE "%s/doubtful 4\n" ONLY_READ "%s/base 4\n",
      "does not say in which format the image is that it stands on" },
    { "-drive file=%s/odd,format=qcow2,if=none", IMAGE "%s/odd 4\n", "stands on what is no path" },
    { "-blockdev driver=file,filename=%s/top,node-name=f -blockdev driver=qcow2,file=f,node-name=q",
      IMAGE "%s/top 4\n" ONLY_READ "%s/middle 4\n" ONLY_READ "%s/base 4\n", NULL },
    { "-blockdev driver=file,filename=%s/base,node-name=f -blockdev driver=raw,file=f,node-name=q", IMAGE "%s/base 4\n",
      NULL },
    { "-blockdev {\"driver\":\"qcow2\",\"node-name\":\"q\",\"file\":{\"driver\":\"file\",\"filename\":\"%s/top\"}}",
      IMAGE "%s/top 4\n" ONLY_READ "%s/middle 4\n" ONLY_READ "%s/base 4\n", NULL },
    { "-blockdev {\"driver\":\"qcow2\",\"node-name\":\"q\",\"backing\":null,\"file\":{\"driver\":\"file\","
      "\"filename\":\"%s/top\"}}",
      IMAGE "%s/top 4\n", NULL },
    { "-blockdev driver=qcow2,node-name=q,file.driver=file,file.filename=%s/middle,backing.driver=raw,"
      "backing.file.driver=file,backing.file.filename=%s/base",
      IMAGE "%s/middle 4\n" ONLY_READ "%s/base 4\n", NULL },
    /* Keys that only say how what the header names is opened. */
    { "-drive file=%s/top,format=qcow2,if=none,backing.l2-cache-size=1M,backing.file.locking=off",
      IMAGE "%s/top 4\n" ONLY_READ "%s/middle 4\n" ONLY_READ "%s/base 4\n", NULL },
    { "-drive file=%s/top,format=qcow2,if=none,backing.driver=raw", IMAGE "%s/top 4\n" ONLY_READ "%s/middle 4\n", NULL },
    { "-drive file=%s/top,format=qcow2,if=none,backing.backing.file.filename=/x",
      IMAGE "%s/top 4\n" ONLY_READ "%s/middle 4\n" ONLY_READ "/x 4\n", NULL },
    { "-drive file=%s/doubtful,format=qcow2,if=none,backing.driver=qcow2",
      IMAGE "%s/doubtful 4\n" ONLY_READ "%s/base 4\n" ONLY_READ "/etc/shadow 4\n", NULL },
    /* Keys that name another. */
    { "-drive file=%s/top,format=qcow2,if=none,backing.driver=qcow2,backing.file.filename=%s/top",
      IMAGE "%s/top 4\n" ONLY_READ "%s/top 4\n" ONLY_READ "%s/middle 4\n" ONLY_READ "%s/base 4\n", NULL },
    { "-drive file=%s/top,format=qcow2,if=none,backing.driver=qcow2,backing.file.driver=null-co", IMAGE "%s/top 4\n", NULL },
    { "-drive file=%s/top,format=qcow2,if=none,backing.file.filename=%s/base",
      IMAGE "%s/top 4\n" ONLY_READ "%s/base 4\n",
      "leads to another file, and format=qcow2 is not said; what it leads to stays closed" },
    { "-blockdev driver=qcow2,node-name=q,file.driver=file,file.filename=%s/top,backing.driver=qcow2,"
      "backing.file.driver=file,backing.file.filename=%s/middle",
      IMAGE "%s/top 4\n" ONLY_READ "%s/middle 4\n" ONLY_READ "%s/base 4\n", NULL },
    /* Formats below others and filters. */
    { "-blockdev driver=raw,node-name=r,file.driver=qcow2,file.file.driver=file,file.file.filename=%s/middle",
      IMAGE "%s/middle 4\n" ONLY_READ "%s/base 4\n", NULL },
    { "-blockdev driver=throttle,node-name=t,throttle-group=g,file.driver=qcow2,file.file.driver=file,"
      "file.file.filename=%s/middle",
      IMAGE "%s/middle 4\n" ONLY_READ "%s/base 4\n", NULL },
    { "-blockdev driver=qcow2,node-name=q,file.driver=copy-on-read,file.file.driver=file,file.file.filename=%s/middle",
      IMAGE "%s/middle 4\n" ONLY_READ "%s/base 4\n", NULL },
    { "-blockdev driver=copy-on-read,node-name=c,file.driver=file,file.filename=%s/base", IMAGE "%s/base 4\n", NULL },
    { "-blockdev driver=qcow2,node-name=q,file.driver=raw,file.file.driver=file,file.file.filename=%s/middle",
      IMAGE "%s/middle 4\n", NULL },
    { "-blockdev driver=file,filename=%s/middle,node-name=f -blockdev driver=raw,node-name=r,file.driver=qcow2,file.file=f",
      IMAGE "%s/middle 4\n" ONLY_READ "%s/base 4\n", NULL },
    { "-drive file=%s/middle,format=raw,if=none,file.driver=qcow2", IMAGE "%s/middle 4\n" ONLY_READ "%s/base 4\n", NULL },
    { "-blockdev driver=raw,node-name=r,file.driver=qcow2,file.backing=,file.file.driver=file,file.file.filename=%s/middle",
      IMAGE "%s/middle 4\n", NULL },
    { "-blockdev {\"driver\":\"raw\",\"node-name\":\"r\",\"file\":{\"driver\":\"qcow2\",\"backing\":null,\"file\":"
      "{\"driver\":\"file\",\"filename\":\"%s/middle\"}}}",
      IMAGE "%s/middle 4\n", NULL },
    /* Each of several has its own. */
    { "-blockdev {\"driver\":\"quorum\",\"node-name\":\"q\",\"vote-threshold\":1,\"children\":["
      "{\"driver\":\"raw\",\"file\":{\"driver\":\"file\",\"filename\":\"%s/base\"}},"
      "{\"driver\":\"qcow2\",\"file\":{\"driver\":\"file\",\"filename\":\"%s/middle\"}}]}",
      IMAGE "%s/base 4\n" IMAGE "%s/middle 4\n" ONLY_READ "%s/base 4\n", NULL },
  };

  flat = g_build_filename (directory, "flat", NULL);
  g_assert_true (g_file_set_contents (flat, "# Disk DescriptorFile\nversion=1\n", -1, NULL));
  image_make (directory, "top", "middle", "qcow2");
  image_make (directory, "middle", "base", "raw");
  image_make (directory, "base", "/etc/shadow", "raw");
  image_make (directory, "on-flat", "flat", "vmdk");
  image_make (directory, "doubtful", "base", NULL);
  image_make (directory, "odd", "nbd://h/x", "raw");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) line = g_strsplit (cases[i].line, "%s", -1), rules = g_strsplit (cases[i].rules, "%s", -1);
      g_autofree char *there = g_strjoinv (directory, line), *expected = g_strjoinv (directory, rules);
      g_autofree char *whole = g_strconcat (QUIET, there, NULL), *shown = NULL;
      GError *error = NULL;
      g_autoptr (QrPlan) plan = plan_line (whole, T, "require", NULL, &error);

      g_assert_no_error (error);
      shown = show (&plan->fence.landlock);
      g_assert_cmpstr (shown, ==, expected);
      g_assert_cmpstr (plan->fence.why, ==, "asked for");
      g_assert_cmpuint (plan->warnings->len, ==, cases[i].unknown == NULL ? 0 : 1);
      if (cases[i].unknown != NULL)
        g_assert_nonnull (strstr (((QrWarning *) plan->warnings->pdata[0])->message, cases[i].unknown));
    }
  test_directory_remove (directory);
}

/* What a guest can have written is no reason to hold it less, and is not said to be known. */
static void
test_doubt (void)
{
  char *directory = test_directory ();
  g_autofree char *path = g_build_filename (directory, "disk", NULL);
  g_autofree char *line = g_strdup_printf (QUIET "-hda %s", path);

  for (guint vmware = 0; vmware < 2; vmware++)
    {
      GError *error = NULL;
      g_autoptr (QrPlan) plan = NULL;

      image_make (directory, "disk", "/etc/shadow", "raw");
      if (vmware)
        g_assert_true (g_file_set_contents (path, "# Disk DescriptorFile\n", -1, NULL));
      plan = plan_line (line, T, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (plan->fence.mode, ==, QR_LANDLOCK_BEST_EFFORT);
      g_assert_cmpstr (plan->fence.why, ==,
                       "all that the line names is known; what an image leads to stays closed");
      g_assert_cmpstr (((QrWarning *) plan->warnings->pdata[0])->code, ==, "landlock-closed");
    }
  test_directory_remove (directory);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *name = g_strdup_printf ("/fence/line/%s", lines[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_line);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autofree char *name = g_strdup_printf ("/fence/mode/%s", modes[i].name);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_mode);
    }
  g_test_add_func ("/fence/common", test_common);
  g_test_add_func ("/fence/allowed", test_allowed);
  g_test_add_func ("/fence/unknown", test_unknown);
  g_test_add_func ("/fence/refused", test_refused);
  g_test_add_func ("/fence/images", test_images);
  g_test_add_func ("/fence/doubt", test_doubt);
  return g_test_run ();
}
