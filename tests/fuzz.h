/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz.h: a fuzz target: one per entry point. With clang and --enable-fuzzers the
 * targets link libFuzzer; else fuzz-replay.c runs them over the corpus. */
#pragma once

#include <glib.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);
