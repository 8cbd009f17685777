/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "seccomp-samples.h"

#include <errno.h>
#include <linux/seccomp.h>

#define FAIL(code) (SECCOMP_RET_ERRNO | (code))
#define EVER PROFILE_STRICT, 0
#define NEVER N_PROFILES, FAIL (EPERM)
#define FROM(profile) PROFILE_##profile, FAIL (EPERM)
#define HIGH G_GUINT64_CONSTANT (0x100000000)
#define THREAD 0x3d0f00 /* the flags of glibc's pthread_create() */
#define FORK 0x1200011  /* and of its fork() */

const Shipped shipped[N_PROFILES] = {
  [PROFILE_STRICT] = { "strict", 95 },
  [PROFILE_DEFAULT] = { "default", 155 },
  [PROFILE_DESKTOP] = { "desktop", 200 },
  [PROFILE_LEGACY_SPAWN] = { "legacy-spawn", 255 },
};

const char *const hot_calls[] = {
  "ioctl",   "ppoll",  "read",      "write",   "pread64", "pwrite64",   "preadv",
  "pwritev", "futex",  "io_submit", "recvmsg", "sendmsg", "epoll_wait", "epoll_pwait",
  NULL,
};

const RefusedCall refused_calls[] = {
  /* Never right for a virtual machine. */
  { "acct", N_PROFILES },
  { "add_key", N_PROFILES },
  { "adjtimex", N_PROFILES },
  { "bpf", N_PROFILES },
  { "clock_adjtime", N_PROFILES },
  { "clock_settime", N_PROFILES },
  { "delete_module", N_PROFILES },
  { "execveat", N_PROFILES },
  { "finit_module", N_PROFILES },
  { "fsconfig", N_PROFILES },
  { "fsmount", N_PROFILES },
  { "fsopen", N_PROFILES },
  { "fspick", N_PROFILES },
  { "init_module", N_PROFILES },
  { "ioperm", N_PROFILES },
  { "iopl", N_PROFILES },
  { "kexec_file_load", N_PROFILES },
  { "kexec_load", N_PROFILES },
  { "keyctl", N_PROFILES },
  { "lookup_dcookie", N_PROFILES },
  { "mount", N_PROFILES },
  { "mount_setattr", N_PROFILES },
  { "move_mount", N_PROFILES },
  { "move_pages", N_PROFILES },
  { "name_to_handle_at", N_PROFILES },
  { "nfsservctl", N_PROFILES },
  { "open_by_handle_at", N_PROFILES },
  { "open_tree", N_PROFILES },
  { "perf_event_open", N_PROFILES },
  { "personality", N_PROFILES },
  { "pidfd_getfd", N_PROFILES },
  { "pidfd_open", N_PROFILES },
  { "pidfd_send_signal", N_PROFILES },
  { "pivot_root", N_PROFILES },
  { "process_madvise", N_PROFILES },
  { "process_vm_readv", N_PROFILES },
  { "process_vm_writev", N_PROFILES },
  { "ptrace", N_PROFILES },
  { "quotactl", N_PROFILES },
  { "reboot", N_PROFILES },
  { "request_key", N_PROFILES },
  { "setdomainname", N_PROFILES },
  { "sethostname", N_PROFILES },
  { "setns", N_PROFILES },
  { "setrlimit", N_PROFILES },
  { "settimeofday", N_PROFILES },
  { "swapoff", N_PROFILES },
  { "swapon", N_PROFILES },
  { "syslog", N_PROFILES },
  { "umount2", N_PROFILES },
  { "unshare", N_PROFILES },
  { "userfaultfd", N_PROFILES },
  { "vhangup", N_PROFILES },
  /* What strict leaves to its parts, and what hot-plug can need. */
  { "connect", PROFILE_DEFAULT },
  { "copy_file_range", PROFILE_DEFAULT },
  { "get_mempolicy", PROFILE_DEFAULT },
  { "inotify_init1", PROFILE_DEFAULT },
  { "mbind", PROFILE_DEFAULT },
  { "set_mempolicy", PROFILE_DEFAULT },
  /* Windows and sound. */
  { "flock", PROFILE_DESKTOP },
  { "fchownat", PROFILE_DESKTOP },
  { "linkat", PROFILE_DESKTOP },
  { "mknodat", PROFILE_DESKTOP },
  { "renameat2", PROFILE_DESKTOP },
  { "kcmp", PROFILE_DESKTOP },
  { "mkdir", PROFILE_DESKTOP },
  { "sched_setaffinity", PROFILE_DESKTOP },
  { "sched_setscheduler", PROFILE_DESKTOP },
  { "semget", PROFILE_DESKTOP },
  { "setpriority", PROFILE_DESKTOP },
  { "shmat", PROFILE_DESKTOP },
  { "shmget", PROFILE_DESKTOP },
  /* Other processes and identities. */
  { "capset", PROFILE_LEGACY_SPAWN },
  { "chdir", PROFILE_LEGACY_SPAWN },
  { "chroot", PROFILE_LEGACY_SPAWN },
  { "fork", PROFILE_LEGACY_SPAWN },
  { "io_uring_enter", PROFILE_LEGACY_SPAWN },
  { "io_uring_register", PROFILE_LEGACY_SPAWN },
  { "io_uring_setup", PROFILE_LEGACY_SPAWN },
  { "kill", PROFILE_LEGACY_SPAWN },
  { "setfsgid", PROFILE_LEGACY_SPAWN },
  { "setfsuid", PROFILE_LEGACY_SPAWN },
  { "setgid", PROFILE_LEGACY_SPAWN },
  { "setgroups", PROFILE_LEGACY_SPAWN },
  { "setpgid", PROFILE_LEGACY_SPAWN },
  { "setregid", PROFILE_LEGACY_SPAWN },
  { "setresgid", PROFILE_LEGACY_SPAWN },
  { "setresuid", PROFILE_LEGACY_SPAWN },
  { "setreuid", PROFILE_LEGACY_SPAWN },
  { "setsid", PROFILE_LEGACY_SPAWN },
  { "setuid", PROFILE_LEGACY_SPAWN },
  { "tkill", PROFILE_LEGACY_SPAWN },
  { "vfork", PROFILE_LEGACY_SPAWN },
  { "wait4", PROFILE_LEGACY_SPAWN },
  { "waitid", PROFILE_LEGACY_SPAWN },
};

const gsize n_refused_calls = G_N_ELEMENTS (refused_calls);

const SampleCall sample_calls[] = {
  { "clone-thread", "clone", { THREAD }, EVER },
  { "clone-thread-of-musl", "clone", { THREAD | 0x400000 }, EVER },
  { "clone-fork", "clone", { FORK }, FROM (LEGACY_SPAWN) },
  { "clone-bare", "clone", { 17 }, FROM (LEGACY_SPAWN) },
  { "clone-vfork", "clone", { 0x4111 }, FROM (LEGACY_SPAWN) },
  { "clone-shared-memory", "clone", { 0x100 }, FROM (LEGACY_SPAWN) },
  { "clone-thread-vfork", "clone", { THREAD | 0x4000 }, FROM (LEGACY_SPAWN) },
  { "clone-thread-ptrace", "clone", { THREAD | 0x2000 }, NEVER },
  { "clone-thread-untraced", "clone", { THREAD | 0x800000 }, NEVER },
  { "clone-fork-ptrace", "clone", { FORK | 0x2000 }, NEVER },
  { "clone-fork-untraced", "clone", { FORK | 0x800000 }, NEVER },
  { "clone3", "clone3", { 0 }, N_PROFILES, FAIL (ENOSYS) },
  { "socket-unix", "socket", { 1, 1, 0 }, EVER },
  { "socket-inet", "socket", { 2, 2, 0 }, EVER },
  { "socket-inet6", "socket", { 10, 1, 0 }, EVER },
  { "socket-vsock", "socket", { 40, 1, 0 }, FROM (DEFAULT) },
  { "socket-unspecified", "socket", { 0, 1, 0 }, NEVER },
  { "socket-netlink-uevent", "socket", { 16, 3, 15 }, FROM (DESKTOP) },
  { "socket-netlink-route", "socket", { 16, 3, 0 }, FROM (LEGACY_SPAWN) },
  { "socket-netlink-netfilter", "socket", { 16, 3, 12 }, NEVER },
  { "socket-netlink-generic", "socket", { 16, 3, 16 }, NEVER },
  { "socket-packet", "socket", { 17, 3, 0 }, NEVER },
  { "socket-alg", "socket", { 38, 5, 0 }, NEVER },
  { "socket-high-bits", "socket", { HIGH | 1, 1, 0 }, NEVER },
  { "prlimit64-get", "prlimit64", { 0, 7, 0, 4096 }, EVER },
  { "prlimit64-get-of-other", "prlimit64", { 1, 7, 0, 4096 }, EVER },
  { "prlimit64-set", "prlimit64", { 0, 7, 4096, 0 }, FROM (LEGACY_SPAWN) },
  { "prlimit64-set-high", "prlimit64", { 0, 7, HIGH, 0 }, FROM (LEGACY_SPAWN) },
  { "prlimit64-set-rttime", "prlimit64", { 0, 15, 4096, 0 }, FROM (DESKTOP) },
  { "prlimit64-set-of-other", "prlimit64", { 1, 15, 4096, 0 }, NEVER },
  { "prctl-set-pdeathsig", "prctl", { 1 }, FROM (LEGACY_SPAWN) },
  { "prctl-set-dumpable", "prctl", { 4 }, FROM (LEGACY_SPAWN) },
  { "prctl-set-name", "prctl", { 15 }, EVER },
  { "prctl-get-name", "prctl", { 16 }, FROM (DESKTOP) },
  { "prctl-set-seccomp", "prctl", { 22 }, NEVER },
  { "prctl-capbset-read", "prctl", { 23 }, EVER },
  { "prctl-capbset-drop", "prctl", { 24 }, FROM (LEGACY_SPAWN) },
  { "prctl-set-securebits", "prctl", { 28 }, NEVER },
  { "prctl-set-timerslack", "prctl", { 29 }, EVER },
  { "prctl-mce-kill", "prctl", { 33 }, EVER },
  { "prctl-set-mm", "prctl", { 35 }, NEVER },
  { "prctl-set-no-new-privs", "prctl", { 38 }, EVER },
  { "prctl-set-ptracer", "prctl", { 0x59616d61 }, NEVER },
  { "setpriority-process", "setpriority", { 0, 1, 19 }, FROM (DESKTOP) },
  { "setpriority-user", "setpriority", { 2, 0, 19 }, NEVER },
  { "kcmp-file", "kcmp", { 1, 1, 0, 3, 4 }, FROM (DESKTOP) },
  { "kcmp-memory", "kcmp", { 1, 2, 1 }, NEVER },
  { "execve", "execve", { 1, 2, 3 }, EVER },
  { "seccomp", "seccomp", { 1, 0, 1 }, EVER },
};

const gsize n_sample_calls = G_N_ELEMENTS (sample_calls);

const guint64 namespace_flags[] = {
  0x20000,    /* CLONE_NEWNS */
  0x2000000,  /* CLONE_NEWCGROUP */
  0x4000000,  /* CLONE_NEWUTS */
  0x8000000,  /* CLONE_NEWIPC */
  0x10000000, /* CLONE_NEWUSER */
  0x20000000, /* CLONE_NEWPID */
  0x40000000, /* CLONE_NEWNET */
  0,
};
