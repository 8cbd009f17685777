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

#include "guest-pci.h"

enum
{
  TREE_STRUCTURE = 8, /* offsets in the head of a device tree */
  TREE_STRINGS = 12,
  TREE_NODE = 1, /* tokens */
  TREE_NODE_END = 2,
  TREE_PROPERTY = 3,
  TREE_NOTHING = 4
};

static uint64_t space; /* configuration space */
static unsigned bus_limit, next_bus;
static uint8_t bus_is_root[BUSES];

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

static uint32_t
config_read (const struct function *fn, unsigned reg)
{
  return *config (fn, reg);
}

static uint32_t
extended_read (const struct function *fn, unsigned reg)
{
  return *config (fn, reg);
}

/* --- the walk --------------------------------------------------------------------------------- */

static void
set_buses (const struct function *fn)
{
  *config (fn, REG_BUSES) = fn->subordinate << 16 | fn->secondary << 8 | fn->bus;
}

/* Numbers the bus behind a bridge, and lists what is there in front of the bridge itself. */
static void
walk_bridge (struct function *fn, unsigned depth, unsigned length)
{
  while (next_bus < bus_limit && (bus_is_root[next_bus] || bus_walked[next_bus]))
    next_bus++;
  if (next_bus >= bus_limit || depth + 1 >= MAX_DEPTH)
    return;
  fn->secondary = next_bus++;
  fn->subordinate = bus_limit - 1;
  set_buses (fn);
  path[length + ELEMENT - 1] = '/';
  walk_bus (fn->secondary, slots_behind (fn), depth + 1, length + ELEMENT);
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
  put_function (fn, " v0", " w-");
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
        bus_is_root[fn.bus] = 1;
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
    if (bus_is_root[bus])
      {
        next_bus = bus + 1;
        walk_root (bus);
      }
  put_end ();
  switch_off ();
}
