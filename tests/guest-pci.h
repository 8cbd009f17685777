/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * What the freestanding guests have in common that list PCI functions: guest-eye.c and
 * guest-ecam.c.  Who includes this defines put_char(), config_read(), extended_read() and
 * walk_function(); the lines of the list are described in guest-eye.c.
 *
 * Facts: PCI Local Bus 3.0, chapter 6; PCI Express Base, section 7.5.3 (capability, port types),
 * 7.6.3 and 7.7.11 (extended capabilities, Access Control Services).
 */

#ifndef QRISER_TESTS_GUEST_PCI_H
#define QRISER_TESTS_GUEST_PCI_H

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
  MAX_DEPTH = 80, /* bridges in a chain; QEMU takes 49 (a root port and 24 switches) */
  ELEMENT = 5     /* characters of "/1c.0" */
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

static char path[3 + ELEMENT * MAX_DEPTH + 1];
static uint8_t bus_walked[BUSES];
static unsigned function_count;

static void put_char (char c);

static uint32_t config_read (const struct function *fn, unsigned reg);

/* A word of the extended configuration space; 0 where there is none. */
static uint32_t extended_read (const struct function *fn, unsigned reg);

/* Reports one function that answered and walks what is behind it. */
static void walk_function (struct function *fn, unsigned depth, unsigned length);

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

static int
has_acs (const struct function *fn)
{
  uint32_t at = EXTENDED_CAPABILITIES;
  unsigned n;

  for (n = 0; at >= EXTENDED_CAPABILITIES && n < MAX_EXTENDED; n++)
    {
      uint32_t capability = extended_read (fn, at);

      if ((capability & 0xffff) == EXTENDED_ACS)
        return 1;
      at = capability >> 20 & 0xffc;
    }
  return 0;
}

/* VGA and IO: what is said of a bridge's VGA enable bit and its I/O window. */
static void
put_function (const struct function *fn, const char *vga, const char *io)
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
  put_string (" s");
  if (fn->header == HEADER_BRIDGE)
    {
      put_hex (fn->secondary, 2);
      put_char ('-');
      put_hex (fn->subordinate, 2);
      put_string (vga);
      put_string (io);
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

/* How many slots a guest looks at behind the bridge. */
static unsigned
slots_behind (const struct function *fn)
{
  return fn->express == ROOT_PORT || fn->express == DOWNSTREAM_PORT ? 1 : SLOTS;
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

/* Walks the root bus BUS. */
static void
walk_root (unsigned bus)
{
  path[0] = hex_digit (bus >> 4);
  path[1] = hex_digit (bus);
  path[2] = ':';
  walk_bus (bus, SLOTS, 0, 3);
}

static void
put_end (void)
{
  put_string ("end ");
  put_decimal (function_count);
  put_char ('\n');
}

#endif
