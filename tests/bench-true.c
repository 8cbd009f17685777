/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench-true.c: stands for QEMU in the benchmark: ends at once. Linked statically,
 * so that its own start weighs little. */

int
main (void)
{
  return 0;
}
