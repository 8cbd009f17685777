/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "exec-lock.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "autofd.h"

enum
{
  MAX_SEGMENTS = 128, /* of a program that is looked at */
};

/* The dynamic linker that @fd, a program, names; FALSE: it has none, or is no 64-bit ELF file. */
static gboolean
read_interpreter (int fd, char out[PATH_MAX])
{
  Elf64_Ehdr head;
  Elf64_Phdr segment;

  if (pread (fd, &head, sizeof head, 0) != sizeof head
      || memcmp (head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_ident[EI_CLASS] != ELFCLASS64
      || head.e_phentsize != sizeof segment)
    return FALSE;
  for (guint i = 0; i < MIN (head.e_phnum, MAX_SEGMENTS); i++)
    {
      off_t at = (off_t) (head.e_phoff + i * sizeof segment);

      if (pread (fd, &segment, sizeof segment, at) != sizeof segment)
        return FALSE;
      if (segment.p_type != PT_INTERP)
        continue;
      if (segment.p_filesz == 0 || segment.p_filesz > PATH_MAX
          || pread (fd, out, segment.p_filesz, (off_t) segment.p_offset)
                 != (gssize) segment.p_filesz)
        return FALSE;
      out[segment.p_filesz - 1] = '\0';
      return TRUE;
    }
  return FALSE;
}

/* Returns: 0 or an errno */
static int
allow (int ruleset, const char *path)
{
  qr_autofd fd = open (path, O_PATH | O_CLOEXEC);
  struct landlock_path_beneath_attr rule
      = { .allowed_access = LANDLOCK_ACCESS_FS_EXECUTE, .parent_fd = fd };

  if (fd < 0)
    return errno;
  return syscall (SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0
             ? 0
             : errno;
}

/* The program, and what loads it. Returns: 0 or an errno */
static int
allow_program (int ruleset, const char *program)
{
  qr_autofd fd = open (program, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  char interpreter[PATH_MAX];
  int code = allow (ruleset, program);

  if (code == 0 && fd >= 0 && read_interpreter (fd, interpreter))
    code = allow (ruleset, interpreter);
  return code;
}

int
qr_exec_lock_enter (const char *program)
{
  const struct landlock_ruleset_attr attributes
      = { .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE };
  qr_autofd ruleset = (int) syscall (SYS_landlock_create_ruleset, &attributes,
                                     sizeof attributes.handled_access_fs, 0);
  int code;

  if (ruleset < 0)
    return errno;
  code = allow_program (ruleset, program);
  if (code == 0 && syscall (SYS_landlock_restrict_self, ruleset, 0) != 0)
    code = errno;
  return code;
}
