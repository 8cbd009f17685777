/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * The guest's eye for machines without firmware of x86: a kernel for virt of aarch64 and riscv64
 * that finds the configuration space in the device tree, numbers the PCI buses as firmware would,
 * and lists the functions that an operating system would find, as guest-eye.c does:
 *
 *   - functions 1-7 count only where function 0 exists and has the multifunction bit;
 *   - behind a root port or a switch downstream port only device 0 is looked at;
 *   - a bridge gets the next bus number, and what is behind it the numbers that follow;
 *   - further root buses (expanders) are those with functions that no bridge has.
 *
 * The list goes to the serial port, in the lines that guest-eye.c describes; no I/O windows are
 * made, and no VGA is lit.  Then the machine is switched off.
 *
 * Facts: Devicetree Specification 0.4, chapter 5 (flattened format); Linux's binding
 * pci-host-ecam-generic; PCI Express Base, section 7.2.2 (enhanced configuration access mechanism),
 * 7.5.3 (capability, port types), 7.6.3 and 7.7.11 (Access Control Services); PCI-to-PCI Bridge
 * Architecture 1.2, section 3.2.5; QEMU docs/system/arm/virt.rst (device tree at the start of RAM),
 * hw/arm/virt.c and hw/riscv/virt.c (serial ports, finisher); Arm Power State Coordination
 * Interface, SYSTEM_OFF.
 *
 *   clang --target=aarch64-none-elf -mgeneral-regs-only -mstrict-align ... -Wl,--defsym=BASE=0x40200000
 *   clang --target=riscv64-none-elf -march=rv64imac -mabi=lp64 -mcmodel=medany ... BASE=0x80000000
 */

#include <stdint.h>

enum
{
  REG_COMMAND = 0x04,
  REG_CLASS = 0x08,
  REG_HEADER = 0x0c,
  REG_BUSES = 0x18,
  REG_CAPABILITIES = 0x34,

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
  MAX_DEPTH = 80,
  ELEMENT = 5, /* characters of "/1c.0" */

  TREE_STRUCTURE = 8, /* offsets in the head of a device tree */
  TREE_STRINGS = 12,
  TREE_NODE = 1, /* tokens */
  TREE_NODE_END = 2,
  TREE_PROPERTY = 3,
  TREE_NOTHING = 4
};

struct function
{
  unsigned bus, slot, function;
  uint32_t id;
  unsigned header, multifunction, secondary, subordinate;
  int express;
};

static uint64_t space; /* configuration space */
static unsigned bus_limit, next_bus, function_count;
static uint8_t bus_known[BUSES];
static char path[8 + MAX_DEPTH * ELEMENT];

/* --- the machine ---------------------------------------------------------------------------- */

#ifdef __aarch64__
#define SERIAL ((volatile uint32_t *) 0x09000000) /* PL011: data at 0, flags at 0x18 */

__asm__(".section .text.start, \"ax\"\n"
        ".global _start\n"
        "_start:\n"
        "  adrp x1, stack_end\n"
        "  add x1, x1, :lo12:stack_end\n"
        "  mov sp, x1\n"
        "  mov x0, #0x40000000\n"
        "  bl eye_main\n"
        "1: wfi\n"
        "  b 1b\n");

static void
put_char (char c)
{
  while ((SERIAL[6] & 0x20) != 0)
    continue;
  SERIAL[0] = (uint8_t) c;
}

static void
switch_off (void)
{
  register uint64_t call __asm__("x0") = 0x84000008;

  __asm__ volatile("hvc #0" : "+r"(call) : : "memory");
}
#else
#define SERIAL ((volatile uint8_t *) 0x10000000) /* 16550: data at 0, line status at 5 */
#define FINISHER ((volatile uint32_t *) 0x100000)

__asm__(".section .text.start, \"ax\"\n"
        ".global _start\n"
        "_start:\n"
        "  la sp, stack_end\n"
        "  mv a0, a1\n"
        "  call eye_main\n"
        "1: wfi\n"
        "  j 1b\n");

static void
put_char (char c)
{
  while ((SERIAL[5] & 0x20) == 0)
    continue;
  SERIAL[0] = (uint8_t) c;
}

static void
switch_off (void)
{
  *FINISHER = 0x5555;
}
#endif

__asm__(".section .bss\n"
        ".balign 16\n"
        ".skip 65536\n"
        ".global stack_end\n"
        "stack_end:\n");

/* --- output --------------------------------------------------------------------------------- */

static void
put_string (const char *s)
{
  for (; *s != '\0'; s++)
    put_char (*s);
}

static char
hex_digit (unsigned value)
{
  return (char) ((value & 15) < 10 ? '0' + (value & 15) : 'a' + (value & 15) - 10);
}

static void
put_hex (uint32_t value, unsigned digits)
{
  while (digits-- > 0)
    put_char (hex_digit (value >> 4 * digits));
}

static void
put_decimal (unsigned value)
{
  if (value >= 10)
    put_decimal (value / 10);
  put_char ((char) ('0' + value % 10));
}

/* --- the device tree ------------------------------------------------------------------------ */

static uint32_t
word_at (const uint8_t *at)
{
  return (uint32_t) at[0] << 24 | (uint32_t) at[1] << 16 | (uint32_t) at[2] << 8 | at[3];
}

static int
is_text (const uint8_t *at, const char *text)
{
  for (; *text != '\0'; at++, text++)
    if (*at != (uint8_t) *text)
      return 0;
  return *at == '\0';
}

/* Behind a text, at a multiple of 4. */
static const uint8_t *
skip_text (const uint8_t *at)
{
  while (*at != '\0')
    at++;
  return (const uint8_t *) (((uintptr_t) at + 4) & ~(uintptr_t) 3);
}

/* Finds the host bridge with its address and size; without one space stays 0. */
static void
find_space (const uint8_t *tree)
{
  const uint8_t *at = tree + word_at (tree + TREE_STRUCTURE), *names = tree + word_at (tree + TREE_STRINGS);
  const uint8_t *reg = 0;
  int is_bridge = 0;

  while (!is_bridge || reg == 0)
    {
      uint32_t token = word_at (at), length;

      at += 4;
      if (token == TREE_NODE)
        {
          at = skip_text (at);
          reg = 0;
          is_bridge = 0;
        }
      else if (token == TREE_PROPERTY)
        {
          length = word_at (at);
          if (is_text (names + word_at (at + 4), "reg"))
            reg = at + 8;
          if (is_text (names + word_at (at + 4), "compatible"))
            is_bridge = is_text (at + 8, "pci-host-ecam-generic");
          at += 8 + ((length + 3) & ~3u);
        }
      else if (token != TREE_NODE_END && token != TREE_NOTHING)
        return;
    }
  space = (uint64_t) word_at (reg) << 32 | word_at (reg + 4);
  bus_limit = word_at (reg + 12) >> 20;
}

/* --- configuration space -------------------------------------------------------------------- */

static volatile uint32_t *
config (const struct function *fn, unsigned reg)
{
  return (volatile uint32_t *) (uintptr_t) (space + ((uint64_t) fn->bus << 20) + (fn->slot << 15)
                                            + (fn->function << 12) + reg);
}

/* Reads what identifies the function.  Returns 0 where nothing answers. */
static int
probe (struct function *fn)
{
  uint32_t header;

  fn->id = *config (fn, 0);
  if ((fn->id & 0xffff) == 0xffff || (fn->id & 0xffff) == 0)
    return 0;
  header = *config (fn, REG_HEADER) >> 16;
  fn->header = header & 0x7f;
  fn->multifunction = (header & 0x80) != 0;
  return 1;
}

static int
express_port_type (const struct function *fn)
{
  unsigned at, n;

  if ((*config (fn, REG_COMMAND) >> 16 & STATUS_CAPABILITIES) == 0)
    return NO_PORT;
  at = *config (fn, REG_CAPABILITIES) & 0xfc;
  for (n = 0; at >= 0x40 && n < MAX_CAPABILITIES; n++)
    {
      uint32_t capability = *config (fn, at);

      if ((capability & 0xff) == CAPABILITY_EXPRESS)
        return (int) (capability >> 20 & 15);
      at = capability >> 8 & 0xfc;
    }
  return NO_PORT;
}

static int
has_acs (const struct function *fn)
{
  uint32_t at = EXTENDED_CAPABILITIES;
  unsigned n;

  for (n = 0; at >= EXTENDED_CAPABILITIES && n < MAX_EXTENDED; n++)
    {
      uint32_t capability = *config (fn, at);

      if ((capability & 0xffff) == EXTENDED_ACS)
        return 1;
      at = capability >> 20 & 0xffc;
    }
  return 0;
}

/* --- the walk --------------------------------------------------------------------------------- */

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
  put_hex (*config (fn, REG_CLASS) >> 8, 6);
  put_string (" h");
  put_hex (fn->header, 2);
  put_string (fn->multifunction ? " m1 e" : " m0 e");
  put_char (fn->express == NO_PORT ? '-' : hex_digit ((unsigned) fn->express));
  put_string (" s");
  if (fn->header == HEADER_BRIDGE)
    {
      put_hex (fn->secondary, 2);
      put_char ('-');
      put_hex (fn->subordinate, 2);
      put_string (" v0 w-");
    }
  else
    put_string ("-- v- w-");
  put_string (has_acs (fn) ? " a1\n" : " a0\n");
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

static void
set_buses (const struct function *fn)
{
  *config (fn, REG_BUSES) = fn->subordinate << 16 | fn->secondary << 8 | fn->bus;
}

/* Numbers the bus behind a bridge, and lists what is there in front of the bridge itself. */
static void
walk_bridge (struct function *fn, unsigned depth, unsigned length)
{
  unsigned slots = fn->express == ROOT_PORT || fn->express == DOWNSTREAM_PORT ? 1 : SLOTS;

  while (next_bus < bus_limit && bus_known[next_bus])
    next_bus++;
  if (next_bus >= bus_limit || depth + 1 >= MAX_DEPTH)
    return;
  fn->secondary = next_bus++;
  fn->subordinate = bus_limit - 1;
  set_buses (fn);
  path[length + ELEMENT - 1] = '/';
  walk_bus (fn->secondary, slots, depth + 1, length + ELEMENT);
  fn->subordinate = next_bus - 1;
  set_buses (fn);
  path_append (fn, length);
}

static void
walk_function (struct function *fn, unsigned depth, unsigned length)
{
  path_append (fn, length);
  fn->express = express_port_type (fn);
  fn->secondary = fn->subordinate = 0;
  if (fn->header == HEADER_BRIDGE)
    walk_bridge (fn, depth, length);
  put_function (fn);
}

/* LENGTH is that of the path in front of the elements of this bus. */
static void
walk_bus (unsigned bus, unsigned slots, unsigned depth, unsigned length)
{
  struct function fn;
  unsigned slot, function, functions;

  bus_known[bus] = 1;
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

/* Notes root buses, which answer before any bridge has a number, so that none gets theirs. */
static void
find_roots (void)
{
  struct function fn;

  fn.function = 0;
  for (fn.bus = 0; fn.bus < bus_limit; fn.bus++)
    for (fn.slot = 0; fn.slot < SLOTS; fn.slot++)
      if (probe (&fn))
        bus_known[fn.bus] = 2;
}

void eye_main (const uint8_t *tree);

void
eye_main (const uint8_t *tree)
{
  unsigned bus;

  find_space (tree);
  if (bus_limit > BUSES)
    bus_limit = BUSES;
  put_string ("qriser-eye 1\n");
  find_roots ();
  for (bus = 0; bus < bus_limit; bus++)
    if (bus_known[bus] == 2)
      {
        path[0] = hex_digit (bus >> 4);
        path[1] = hex_digit (bus);
        path[2] = ':';
        next_bus = bus + 1;
        walk_bus (bus, SLOTS, 0, 3);
      }
  put_string ("end ");
  put_decimal (function_count);
  put_char ('\n');
  switch_off ();
}
