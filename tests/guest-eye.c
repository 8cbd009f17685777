/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * The guest's eye: a multiboot kernel for i386 that lists the PCI functions an operating system
 * would find, and leaves.  It trusts nothing but configuration space as the firmware left it:
 *
 *   - functions 1-7 count only where function 0 exists and has the multifunction bit;
 *   - behind a bridge only its secondary bus is looked at;
 *   - behind a root port or a switch downstream port only device 0 is looked at;
 *   - bus numbers that no bridge covers may belong to further root buses (expanders).
 *
 * Each line goes to the serial port 0x3f8 and to the debug console at 0xec, so that the list can
 * be had whatever the machine does with its serial ports:
 *
 *   qriser-eye 1
 *   fn PATH BB:DD.F VVVV:DDDD CCCCCC hHH mM eE sSS-TT vV wW aA
 *   end N
 *
 * PATH is the chain of slots from the root bus ("00:1c.0/00.0"; expander roots have their bus
 * number in place of "00").  HH is the header type, M the multifunction bit, E the PCI Express
 * port type, SS-TT the secondary and subordinate bus, V the VGA enable bit, W "io" where an I/O
 * window is open, A whether it has Access Control Services.  "-" stands where a field has no meaning.
 *
 * The guest leaves through isa-debug-exit at 0xf4 with value 0x10 (exit status 33), or halts for
 * good when its command line has the word "hold".
 *
 * Facts: Multiboot Specification 0.6.96; PCI Local Bus 3.0, section 3.2.2.3.2 (configuration
 * mechanism 1) and chapter 6; PCI-to-PCI Bridge Architecture 1.2, section 3.2; PCI Express Base,
 * section 7.5.3 (capability, port types), 7.6.3 and 7.7.11 (extended
 * capabilities, Access Control Services); Intel 3 Series chipset datasheet, 5.1.15 (PCIEXBAR).
 *
 *   gcc -m32 -march=i586 -std=c11 -Os -ffreestanding -nostdlib -static -fno-pie \
 *     -fno-stack-protector -fno-asynchronous-unwind-tables -fcf-protection=none \
 *     -Wl,-m,elf_i386,-n,--build-id=none,-T,guest-eye.ld -o guest-eye guest-eye.c
 */

#include "guest-pci.h"

enum
{
  SERIAL = 0x3f8,
  SERIAL_STATUS = 0x3fd,
  SERIAL_EMPTY = 0x20,
  DEBUG_CONSOLE = 0xec,
  DEBUG_EXIT = 0xf4,
  DEBUG_EXIT_VALUE = 0x10,

  CONFIG_ADDRESS = 0xcf8,
  CONFIG_DATA = 0xcfc,

  REG_IO = 0x1c,
  REG_IO_UPPER = 0x30,
  REG_BRIDGE_CONTROL = 0x3c,
  REG_PCIEXBAR = 0x60,
  Q35_HOST_BRIDGE = 0x29c08086,

  BOOT_MAGIC = 0x2badb002,
  BOOT_COMMAND_LINE = 1 << 2
};

struct boot_info
{
  uint32_t flags;
  uint32_t memory[2];
  uint32_t boot_device;
  uint32_t command_line;
};

/* The header: magic number, no flags, checksum. */
__asm__ (".section .multiboot, \"ax\"\n"
         ".balign 4\n"
         ".long 0x1badb002, 0, -0x1badb002\n"
         ".global eye_start\n"
         "eye_start:\n"
         "  cld\n"
         "  movl $eye_stack + 32768, %esp\n"
         "  pushl %ebx\n"
         "  pushl %eax\n"
         "  call eye_main\n"
         "1:\n"
         "  cli\n"
         "  hlt\n"
         "  jmp 1b\n"
         ".text\n");

extern void eye_main (uint32_t magic, const struct boot_info *info);

__attribute__ ((aligned (16))) char eye_stack[32768]; /* the size is known to eye_start too */

static uint8_t bus_covered[BUSES]; /* in the range of some bridge */
static uint32_t extended_space;    /* of bus 0, or 0 */

static void
out8 (uint16_t port, uint8_t value)
{
  __asm__ volatile ("outb %0, %1" : : "a"(value), "Nd"(port));
}

static void
out32 (uint16_t port, uint32_t value)
{
  __asm__ volatile ("outl %0, %1" : : "a"(value), "Nd"(port));
}

static uint8_t
in8 (uint16_t port)
{
  uint8_t value;

  __asm__ volatile ("inb %1, %0" : "=a"(value) : "Nd"(port));
  return value;
}

static uint32_t
in32 (uint16_t port)
{
  uint32_t value;

  __asm__ volatile ("inl %1, %0" : "=a"(value) : "Nd"(port));
  return value;
}

static void
put_char (char c)
{
  while ((in8 (SERIAL_STATUS) & SERIAL_EMPTY) == 0)
    continue;
  out8 (SERIAL, (uint8_t) c);
  out8 (DEBUG_CONSOLE, (uint8_t) c);
}

static uint32_t
config_read (const struct function *fn, unsigned reg)
{
  out32 (CONFIG_ADDRESS,
         0x80000000u | fn->bus << 16 | fn->slot << 11 | fn->function << 8 | (reg & 0xfcu));
  return in32 (CONFIG_DATA);
}

/* Where the host bridge of a q35 has the extended configuration space of bus 0, or 0. */
static uint32_t
find_extended_space (void)
{
  static const struct function host;
  uint32_t bar;

  if (config_read (&host, 0) != Q35_HOST_BRIDGE)
    return 0;
  bar = config_read (&host, REG_PCIEXBAR);
  return (bar & 7) == 1 ? bar & 0xf0000000u : 0; /* on, and with 256 buses */
}

static uint32_t
extended_read (const struct function *fn, unsigned reg)
{
  uint32_t at = extended_space + (fn->bus << 20 | fn->slot << 15 | fn->function << 12) + reg;

  return extended_space == 0 ? 0 : *(const volatile uint32_t *) (uintptr_t) at;
}

static int
has_io_window (const struct function *fn)
{
  uint32_t io = config_read (fn, REG_IO);
  uint32_t base = (io & 0xf0) << 8, limit = io & 0xf000;

  if ((io & 0xf) == 1)
    {
      uint32_t upper = config_read (fn, REG_IO_UPPER);

      base |= upper << 16;
      limit |= upper & 0xffff0000u;
    }
  return base != 0 && base <= limit;
}

static void
put_bridge (const struct function *fn)
{
  put_function (fn, (config_read (fn, REG_BRIDGE_CONTROL) >> 19 & 1) != 0 ? " v1" : " v0",
                has_io_window (fn) ? " wio" : " w-");
}

static void
walk_function (struct function *fn, unsigned depth, unsigned length)
{
  unsigned bus;

  path_append (fn, length);
  fn->express = express_port_type (fn);
  if (fn->header != HEADER_BRIDGE)
    {
      put_function (fn, 0, 0);
      return;
    }
  fn->secondary = config_read (fn, REG_BUSES) >> 8 & 0xff;
  fn->subordinate = config_read (fn, REG_BUSES) >> 16 & 0xff;
  put_bridge (fn);
  if (fn->secondary <= fn->bus)
    return;

  for (bus = fn->secondary; bus <= fn->subordinate; bus++)
    bus_covered[bus] = 1;
  if (bus_walked[fn->secondary] || depth + 1 >= MAX_DEPTH)
    return;
  length += ELEMENT;
  path[length - 1] = '/';
  walk_bus (fn->secondary, slots_behind (fn), depth + 1, length);
}

/* Has the command line the word "hold" behind the name of the kernel? */
static int
wants_hold (uint32_t magic, const struct boot_info *info)
{
  const char *s;
  unsigned n, words;

  if (magic != BOOT_MAGIC || (info->flags & BOOT_COMMAND_LINE) == 0)
    return 0;
  s = (const char *) (uintptr_t) info->command_line;
  for (words = 0; *s != '\0'; words++)
    {
      for (n = 0; s[n] != '\0' && s[n] != ' '; n++)
        continue;
      if (words > 0 && n == 4 && s[0] == 'h' && s[1] == 'o' && s[2] == 'l' && s[3] == 'd')
        return 1;
      s += s[n] == ' ' ? n + 1 : n;
    }
  return 0;
}

void
eye_main (uint32_t magic, const struct boot_info *info)
{
  unsigned bus;

  extended_space = find_extended_space ();
  put_string ("qriser-eye 1\n");
  for (bus = 0; bus < BUSES; bus++)
    if (!bus_covered[bus] && !bus_walked[bus])
      walk_root (bus);
  put_end ();

  if (!wants_hold (magic, info))
    out8 (DEBUG_EXIT, DEBUG_EXIT_VALUE);
}
