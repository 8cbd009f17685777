/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a supervisor decides, and what it says of it. */
#include "config.h"

#include "watch.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/syscall.h>

enum
{
  QEMU = 100, /* made-up process numbers */
  FIRST = 101,
  SECOND = 102,
  OTHER = 103,
};

typedef struct
{
  QrWatch watch;
  QrFilters filters;
  char *text; /* what was said */
  gsize length;
  guint64 third; /* argument of the calls */
} Watched;

static void
set_up (Watched *watched, const char *profile)
{
  g_assert_true (qr_filters_find (profile, NULL, &watched->filters, NULL));
  qr_watch_init (&watched->watch, profile, &watched->filters);
  watched->watch.out = open_memstream (&watched->text, &watched->length);
}

/* Checks what was said, and forgets everything. */
static void
tear_down (Watched *watched, const char *said)
{
  (void) fclose (watched->watch.out);
  g_assert_cmpstr (watched->text, ==, said);
  free (watched->text);
  qr_watch_clear (&watched->watch);
  qr_filters_clear (&watched->filters);
}

static void
expect (Watched *watched, QrJudge judge, int number, guint64 first, pid_t caller, QrRuling ruling,
        int code)
{
  const struct seccomp_data call
      = { .nr = number, .arch = seccomp_arch_native (), .args = { first, 2, watched->third } };
  int got = 0;

  g_assert_cmpint (judge (&call, caller, QEMU, &got, &watched->watch), ==, ruling);
  g_assert_cmpint (got, ==, code);
}

#define START(...) expect (&watched, qr_watch_start, __VA_ARGS__)
#define REFUSED(...) expect (&watched, qr_watch_refused, __VA_ARGS__)
#define FORK 0x1200011

static void
test_leaves (void)
{
  Watched watched = { 0 };

  set_up (&watched, "default+daemonize");
  START (SYS_clone, FORK, QEMU, QR_RULING_REFUSE, ENOSYS); /* not before it is QEMU */
  START (SYS_execve, 0, OTHER, QR_RULING_REFUSE, ENOSYS);
  START (SYS_execveat, 0, QEMU, QR_RULING_REFUSE, ENOSYS);
  START (SYS_execve, 0, QEMU, QR_RULING_GO_ON, 0);
  START (SYS_execve, 0, QEMU, QR_RULING_REFUSE, ENOSYS);
  START (SYS_setsid, 0, QEMU, QR_RULING_REFUSE, ENOSYS);
  START (SYS_clone, FORK, OTHER, QR_RULING_REFUSE, ENOSYS);
  START (SYS_clone, FORK, QEMU, QR_RULING_GO_ON, 0);
  START (SYS_clone, FORK, QEMU, QR_RULING_REFUSE, ENOSYS);
  START (SYS_clone, FORK, FIRST, QR_RULING_REFUSE, ENOSYS); /* setsid(2) comes before */
  START (SYS_setsid, 0, FIRST, QR_RULING_GO_ON, 0);
  START (SYS_setsid, 0, FIRST, QR_RULING_REFUSE, ENOSYS);
  START (SYS_clone, FORK, QEMU, QR_RULING_REFUSE, ENOSYS);
  START (SYS_clone, FORK, FIRST, QR_RULING_GO_ON, 0);
  START (SYS_clone, FORK, FIRST, QR_RULING_REFUSE, ENOSYS);
  START (SYS_clone, FORK, SECOND, QR_RULING_REFUSE, ENOSYS);
  START (SYS_setsid, 0, SECOND, QR_RULING_REFUSE, ENOSYS);
  START (SYS_execve, 0, SECOND, QR_RULING_REFUSE, ENOSYS);
  tear_down (&watched, "");
}

/* What nobody knows of goes on, as the filters have it. */
static void
test_changes (void)
{
  const QrUser user = { "user", 12, 13 };
  Watched watched = { 0 };
  QrChange change;

  set_up (&watched, "default+daemonize+identity");
  START (SYS_execve, 0, QEMU, QR_RULING_GO_ON, 0);
  START (SYS_chroot, 0, QEMU, QR_RULING_GO_ON, 0);
  START (SYS_setuid, 0, OTHER, QR_RULING_GO_ON, 0);
  qr_change_init (&change, NULL, &user, FALSE);
  watched.watch.change = &change;
  START (SYS_chroot, 0, QEMU, QR_RULING_REFUSE, ENOSYS);
  START (SYS_clone, FORK, QEMU, QR_RULING_GO_ON, 0);
  START (SYS_setgid, 13, SECOND, QR_RULING_GO_ON, ENOSYS);
  START (SYS_setgid, 0, SECOND, QR_RULING_REFUSE, ENOSYS);
  tear_down (&watched, "");
}

/* Who watches what is refused goes on to, so it is kept by itself when that is over. */
static void
test_changes_watched (void)
{
  const QrUser user = { "user", 12, 13 };
  Watched watched = { 0 };
  QrChange change;

  set_up (&watched, "default+identity");
  watched.watch.change = &change;
  qr_change_init (&change, "/root", &user, FALSE);
  REFUSED (SYS_execve, 0, QEMU, QR_RULING_GO_ON, 0);
  REFUSED (SYS_setuid, 12, QEMU, QR_RULING_REFUSE, ENOSYS); /* the root comes first */
  REFUSED (SYS_chroot, 0, QEMU, QR_RULING_GO_ON, ENOSYS);
  REFUSED (SYS_setgid, 13, QEMU, QR_RULING_GO_ON, ENOSYS);
  REFUSED (SYS_setgroups, 0, QEMU, QR_RULING_GO_ON, ENOSYS);
  REFUSED (SYS_setuid, 12, QEMU, QR_RULING_GO_ON, ENOSYS);
  REFUSED (SYS_setuid, 12, OTHER, QR_RULING_GO_ON, ENOSYS); /* a thread */
  REFUSED (SYS_setuid, 0, QEMU, QR_RULING_REFUSE, ENOSYS);
  REFUSED (SYS_setuid, 12, QEMU, QR_RULING_REFUSE, ENOSYS);
  watched.watch.changed = FALSE;
  qr_change_init (&change, "/root", NULL, FALSE);
  REFUSED (SYS_chroot, 0, QEMU, QR_RULING_GO_ON, ENOSYS);
  REFUSED (SYS_chroot, 0, QEMU, QR_RULING_REFUSE, ENOSYS);
  tear_down (&watched, "");
}

/* An answer that came too late changes nothing. */
static void
test_undo (void)
{
  Watched watched = { 0 };

  set_up (&watched, "default+daemonize");
  for (guint i = 0; i < 3; i++)
    {
      START (SYS_execve, 0, QEMU, QR_RULING_GO_ON, 0);
      qr_watch_undo (&watched.watch);
    }
  START (SYS_execve, 0, QEMU, QR_RULING_GO_ON, 0);
  START (SYS_clone, FORK, QEMU, QR_RULING_GO_ON, 0);
  qr_watch_undo (&watched.watch);
  START (SYS_clone, FORK, QEMU, QR_RULING_GO_ON, 0);
  START (SYS_setsid, 0, FIRST, QR_RULING_GO_ON, 0);
  qr_watch_undo (&watched.watch);
  START (SYS_setsid, 0, FIRST, QR_RULING_GO_ON, 0);
  START (SYS_clone, FORK, QEMU, QR_RULING_REFUSE, ENOSYS);
  tear_down (&watched, "");
}

/* What another profile allows is told, however it is refused, and nothing else. */
static void
test_measure (gconstpointer data)
{
  Watched watched = { 0 };
  g_auto (QrFilters) measure = { .n = 0 };

  g_assert_true (qr_filters_find (data, NULL, &measure, NULL));
  set_up (&watched, "strict");
  watched.watch.measure = &measure;
  REFUSED (SYS_execve, 0, QEMU, QR_RULING_GO_ON, 0);
  REFUSED (SYS_accept, 0, QEMU, QR_RULING_REFUSE, EPERM);
  g_assert_cmpuint (g_hash_table_size (watched.watch.told), ==, 1);
  if (strcmp (data, "default") == 0)
    {
      REFUSED (SYS_mq_open, 0, QEMU, QR_RULING_REFUSE, EPERM);
      REFUSED (SYS_clone3, 0, QEMU, QR_RULING_REFUSE, ENOSYS);
      g_assert_cmpuint (g_hash_table_size (watched.watch.told), ==, 1);
    }
  else
    {
      REFUSED (SYS_mq_open, 0, QEMU, QR_RULING_REFUSE, EPERM);
      g_assert_cmpuint (g_hash_table_size (watched.watch.told), ==, 2);
    }
  (void) fclose (watched.watch.out); /* what it says is another test's */
  free (watched.text);
  watched.watch.out = open_memstream (&watched.text, &watched.length);
  tear_down (&watched, "");
}

static void
test_refused (void)
{
  Watched watched = { 0 };

  set_up (&watched, "default");
  REFUSED (SYS_execve, 0, QEMU, QR_RULING_GO_ON, 0);
  REFUSED (SYS_execve, 0, QEMU, QR_RULING_REFUSE, ENOSYS);
  REFUSED (SYS_execveat, 0, QEMU, QR_RULING_REFUSE, EPERM);
  REFUSED (SYS_read, 0, QEMU, QR_RULING_GO_ON, 0);
  REFUSED (SYS_io_uring_setup, 128, QEMU, QR_RULING_REFUSE, EPERM);
  REFUSED (SYS_io_uring_setup, 64, QEMU, QR_RULING_REFUSE, EPERM); /* said once */
  REFUSED (SYS_clone3, 0, QEMU, QR_RULING_REFUSE, ENOSYS);
  REFUSED (SYS_clone, FORK, QEMU, QR_RULING_REFUSE, EPERM);
  REFUSED (SYS_socket, 16, QEMU, QR_RULING_REFUSE, EPERM);
  tear_down (
      &watched,
      "qriser: seccomp profile \"default\" refuses system call execve (0, 0x2, 0, 0, 0, 0): "
      "Function not implemented\n"
      "qriser: seccomp profile \"default\" refuses system call execveat (0, 0x2, 0, 0, 0, 0): "
      "Operation not permitted\n"
      "qriser: seccomp profile \"default\" refuses system call io_uring_setup (0x80, 0x2, 0, "
      "0, 0, 0): Operation not permitted; \"default+io-uring\" allows it\n"
      "qriser: seccomp profile \"default\" refuses system call clone (0x1200011, 0x2, 0, 0, "
      "0, 0): Operation not permitted; \"legacy-spawn\" allows it\n"
      "qriser: seccomp profile \"default\" refuses system call socket (0x10, 0x2, 0, 0, 0, "
      "0): Operation not permitted; \"legacy-spawn\" allows it\n");
}

/* An overlay's refusal is told, and the profile without it is what allows the call. */
static void
test_overlay (void)
{
  Watched watched = { 0 };

  set_up (&watched, "default+kvm-wx+io-uring");
  REFUSED (SYS_execve, 0, QEMU, QR_RULING_GO_ON, 0);
  REFUSED (SYS_mprotect, 0, QEMU, QR_RULING_GO_ON, 0);
  REFUSED (SYS_mmap, 0, QEMU, QR_RULING_GO_ON, 0);
  watched.third = 7;
  REFUSED (SYS_mmap, 0, QEMU, QR_RULING_REFUSE, EACCES);
  tear_down (&watched, "qriser: seccomp profile \"default+kvm-wx+io-uring\" refuses system call mmap "
                       "(0, 0x2, 0x7, 0, 0, 0): Permission denied; \"default+io-uring\" allows it\n");
}

static void
test_verbose (void)
{
  Watched watched = { 0 };

  set_up (&watched, "strict");
  watched.watch.verbose = TRUE;
  REFUSED (SYS_clone3, 0, QEMU, QR_RULING_REFUSE, ENOSYS);
  tear_down (&watched, "qriser: seccomp profile \"strict\" refuses system call clone3 (0, 0x2, 0, "
                       "0, 0, 0): Function not implemented\n");
}

/* A program of one's own is started by the filter's leave. */
static void
test_programs (void)
{
  Watched watched = { 0 };

  set_up (&watched, "legacy-spawn");
  watched.watch.starts_programs = TRUE;
  REFUSED (SYS_execve, 0, QEMU, QR_RULING_GO_ON, 0);
  REFUSED (SYS_execve, 0, OTHER, QR_RULING_GO_ON, 0);
  REFUSED (SYS_clone, FORK, QEMU, QR_RULING_GO_ON, 0);
  tear_down (&watched, "");
}

static void
test_audit (void)
{
  Watched watched = { 0 };

  set_up (&watched, "audit");
  REFUSED (SYS_mount, 0, QEMU, QR_RULING_GO_ON, 0);
  tear_down (&watched, "qriser: seccomp profile \"audit\" would refuse system call mount (0, 0x2, "
                       "0, 0, 0, 0)\n");
}

/* Calls of another architecture kill; a number without a name is a number. */
static void
test_killed (void)
{
  const struct seccomp_data call = { .nr = 9999, .arch = AUDIT_ARCH_I386 };
  Watched watched = { 0 };
  int code = 0;

  set_up (&watched, "default");
  g_assert_cmpint (qr_watch_refused (&call, QEMU, QEMU, &code, &watched.watch), ==, QR_RULING_KILL);
  tear_down (&watched, "qriser: seccomp profile \"default\" ends QEMU for system call number 9999 "
                       "(0, 0, 0, 0, 0, 0)\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/watch/leaves", test_leaves);
  g_test_add_func ("/watch/changes", test_changes);
  g_test_add_func ("/watch/changes-watched", test_changes_watched);
  g_test_add_func ("/watch/undo", test_undo);
  g_test_add_data_func ("/watch/measure/default", "default", test_measure);
  g_test_add_data_func ("/watch/measure/audit", "audit", test_measure);
  g_test_add_func ("/watch/refused", test_refused);
  g_test_add_func ("/watch/overlay", test_overlay);
  g_test_add_func ("/watch/verbose", test_verbose);
  g_test_add_func ("/watch/programs", test_programs);
  g_test_add_func ("/watch/audit", test_audit);
  g_test_add_func ("/watch/killed", test_killed);
  return g_test_run ();
}
