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

#include <stdint.h>

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

  REG_COMMAND = 0x04,
  REG_CLASS = 0x08,
  REG_HEADER = 0x0c,
  REG_BUSES = 0x18,
  REG_IO = 0x1c,
  REG_IO_UPPER = 0x30,
  REG_CAPABILITIES = 0x34,
  REG_BRIDGE_CONTROL = 0x3c,
  REG_PCIEXBAR = 0x60,
  Q35_HOST_BRIDGE = 0x29c08086,

  STATUS_CAPABILITIES = 0x10,
  CAPABILITY_EXPRESS = 0x10,
  MAX_CAPABILITIES = 48,
  EXTENDED_CAPABILITIES = 0x100,
  EXTENDED_ACS = 0x0d,
  MAX_EXTENDED = 960,
  HEADER_BRIDGE = 1,
  NO_PORT = -1,
  ROOT_PORT = 4,
  DOWNSTREAM_PORT = 6,

  BUSES = 256,
  SLOTS = 32,
  FUNCTIONS = 8,
  MAX_DEPTH = 80, /* bridges in a chain; QEMU takes 49 (a root port and 24 switches) */
  ELEMENT = 5,    /* characters of "/1c.0" */

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

struct function
{
  unsigned bus, slot, function;
  uint32_t id;
  unsigned header;
  unsigned secondary, subordinate; /* bridges only */
  int express;                     /* port type or NO_PORT */
  int multifunction;
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

static char path[3 + ELEMENT * MAX_DEPTH + 1];
static uint8_t bus_covered[BUSES]; /* in the range of some bridge */
static uint8_t bus_walked[BUSES];
static unsigned function_count;

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

static void
put_string (const char *s)
{
  for (; *s != '\0'; s++)
    put_char (*s);
}

static char
hex_digit (unsigned value)
{
  return "0123456789abcdef"[value & 15];
}

static void
put_hex (uint32_t value, unsigned digits)
{
  while (digits-- > 0)
    put_char (hex_digit (value >> (4 * digits)));
}

static void
put_decimal (unsigned value)
{
  if (value >= 10)
    put_decimal (value / 10);
  put_char (hex_digit (value % 10));
}

static uint32_t
config_read (const struct function *fn, unsigned reg)
{
  out32 (CONFIG_ADDRESS,
         0x80000000u | fn->bus << 16 | fn->slot << 11 | fn->function << 8 | (reg & 0xfcu));
  return in32 (CONFIG_DATA);
}

/* Reads what identifies the function.  Returns 0 where nothing answers. */
static int
probe (struct function *fn)
{
  uint32_t header;

  fn->id = config_read (fn, 0);
  if ((fn->id & 0xffff) == 0xffff || (fn->id & 0xffff) == 0)
    return 0;
  header = config_read (fn, REG_HEADER) >> 16;
  fn->header = header & 0x7f;
  fn->multifunction = (header & 0x80) != 0;
  return 1;
}

static int
express_port_type (const struct function *fn)
{
  unsigned at, n;

  if ((config_read (fn, REG_COMMAND) >> 16 & STATUS_CAPABILITIES) == 0)
    return NO_PORT;
  at = config_read (fn, REG_CAPABILITIES) & 0xfc;
  for (n = 0; at >= 0x40 && n < MAX_CAPABILITIES; n++)
    {
      uint32_t capability = config_read (fn, at);

      if ((capability & 0xff) == CAPABILITY_EXPRESS)
        return (int) (capability >> 20 & 15);
      at = capability >> 8 & 0xfc;
    }
  return NO_PORT;
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

static int
has_acs (const struct function *fn)
{
  uint32_t space = find_extended_space ();
  uint32_t at = EXTENDED_CAPABILITIES;
  unsigned n;

  if (space == 0)
    return 0;
  space += fn->bus << 20 | fn->slot << 15 | fn->function << 12;
  for (n = 0; at >= EXTENDED_CAPABILITIES && n < MAX_EXTENDED; n++)
    {
      uint32_t capability = *(const volatile uint32_t *) (uintptr_t) (space + at);

      if ((capability & 0xffff) == EXTENDED_ACS)
        return 1;
      at = capability >> 20 & 0xffc;
    }
  return 0;
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
  put_string (" s");
  put_hex (fn->secondary, 2);
  put_char ('-');
  put_hex (fn->subordinate, 2);
  put_string ((config_read (fn, REG_BRIDGE_CONTROL) >> 19 & 1) != 0 ? " v1" : " v0");
  put_string (has_io_window (fn) ? " wio" : " w-");
}

static void
put_function (const struct function *fn)
{
  put_string ("fn ");
  put_string (path);
  put_char (' ');
  put_hex (fn->bus, 2);
  put_char (':');
  put_hex (fn->slot, 2);
  put_char ('.');
  put_hex (fn->function, 1);
  put_char (' ');
  put_hex (fn->id & 0xffff, 4);
  put_char (':');
  put_hex (fn->id >> 16, 4);
  put_char (' ');
  put_hex (config_read (fn, REG_CLASS) >> 8, 6);
  put_string (" h");
  put_hex (fn->header, 2);
  put_string (fn->multifunction ? " m1 e" : " m0 e");
  put_char (fn->express == NO_PORT ? '-' : hex_digit ((unsigned) fn->express));
  if (fn->header == HEADER_BRIDGE)
    put_bridge (fn);
  else
    put_string (" s-- v- w-");
  put_string (has_acs (fn) ? " a1" : " a0");
  put_char ('\n');
  function_count++;
}

/* Writes "SLOT.FUNCTION" at the place LENGTH of the path. */
static void
path_append (const struct function *fn, unsigned length)
{
  path[length] = hex_digit (fn->slot >> 4);
  path[length + 1] = hex_digit (fn->slot);
  path[length + 2] = '.';
  path[length + 3] = hex_digit (fn->function);
  path[length + 4] = '\0';
}

static void walk_bus (unsigned bus, unsigned slots, unsigned depth, unsigned length);

/* Reports one function that answered and walks what is behind it. */
static void
walk_function (struct function *fn, unsigned depth, unsigned length)
{
  unsigned slots = SLOTS, bus;

  path_append (fn, length);
  fn->express = express_port_type (fn);
  if (fn->header == HEADER_BRIDGE)
    {
      uint32_t buses = config_read (fn, REG_BUSES);

      fn->secondary = buses >> 8 & 0xff;
      fn->subordinate = buses >> 16 & 0xff;
    }
  put_function (fn);
  if (fn->header != HEADER_BRIDGE || fn->secondary <= fn->bus)
    return;

  for (bus = fn->secondary; bus <= fn->subordinate; bus++)
    bus_covered[bus] = 1;
  if (bus_walked[fn->secondary] || depth + 1 >= MAX_DEPTH)
    return;
  if (fn->express == ROOT_PORT || fn->express == DOWNSTREAM_PORT)
    slots = 1;
  length += ELEMENT;
  path[length - 1] = '/';
  walk_bus (fn->secondary, slots, depth + 1, length);
}

/* LENGTH is that of the path in front of the elements of this bus. */
static void
walk_bus (unsigned bus, unsigned slots, unsigned depth, unsigned length)
{
  struct function fn;
  unsigned slot, function, functions;

  bus_walked[bus] = 1;
  for (slot = 0; slot < slots; slot++)
    for (function = 0, functions = 1; function < functions; function++)
      {
        fn.bus = bus;
        fn.slot = slot;
        fn.function = function;
        if (!probe (&fn))
          continue;
        if (function == 0 && fn.multifunction)
          functions = FUNCTIONS;
        walk_function (&fn, depth, length);
      }
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

  put_string ("qriser-eye 1\n");
  for (bus = 0; bus < BUSES; bus++)
    if (!bus_covered[bus] && !bus_walked[bus])
      {
        path[0] = hex_digit (bus >> 4);
        path[1] = hex_digit (bus);
        path[2] = ':';
        walk_bus (bus, SLOTS, 0, 3);
      }
  put_string ("end ");
  put_decimal (function_count);
  put_char ('\n');

  if (!wants_hold (magic, info))
    out8 (DEBUG_EXIT, DEBUG_EXIT_VALUE);
}
