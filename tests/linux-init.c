/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * The first process of a Linux guest, and its only one: says which PCI functions the kernel found,
 * a line each that begins with "guest: ", and switches the machine off.
 *
 * Needs libc only.
 */

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEVICES "/sys/bus/pci/devices"

static void
print_function (const char *address)
{
  char path[512], class[32] = "";
  int fd;

  snprintf (path, sizeof path, DEVICES "/%s/class", address);
  fd = open (path, O_RDONLY);
  if (fd < 0 || read (fd, class, sizeof class - 1) < 0)
    strcpy (class, "?");
  if (fd >= 0)
    close (fd);
  class[strcspn (class, "\n")] = '\0';
  printf ("guest: %s %s\n", address, class);
}

int
main (void)
{
  struct dirent **entries;
  int n;

  (void) mkdir ("/sys", 0755);
  if (mount ("sysfs", "/sys", "sysfs", 0, NULL) != 0)
    puts ("guest: no sysfs");
  n = scandir (DEVICES, &entries, NULL, alphasort);
  for (int i = 0; i < n; i++)
    if (entries[i]->d_name[0] != '.')
      print_function (entries[i]->d_name);
  puts ("guest: done");
  fflush (stdout);
  sync ();
  reboot (RB_POWER_OFF);
  return 1;
}
