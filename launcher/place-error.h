/* SPDX-License-Identifier: GPL-2.0-or-later */
/* place-error.h: why a device has no place, in words that help. */
#pragma once

#include "policy.h"
#include "topology.h"

/* An error of code "two-claims": @device's address belongs to @holder already. */
void qr_place_two_claims (const QrDevice *device, const QrDevice *holder, GError **error);

/* FALSE with an error of code "no-place" when a device still waits for its place. */
gboolean qr_place_refuse_unplaced (const QrTopology *topology, const QrPolicy *policy,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* FALSE with an error of code "no-place" when @left_out ports that @policy counted, empty ones
 * among them, have no place; 0: all have one. */
gboolean qr_place_refuse_left_out (const QrPolicy *policy, guint left_out,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The virtual functions of @device do not fit behind the address that the line gives it. */
void qr_place_no_room_beside (const QrDevice *device, GError **error);

/* QEMU's first free slot for @extra is one that @later claims, or (NULL) there is none. */
void qr_place_extra_refused (const QrPolicy *policy, const QrDevice *extra, const QrDevice *later,
                             GError **error);
