# SPDX-License-Identifier: GPL-2.0-or-later
# The profiles: installed as they are, and compiled into the program.

table_profiles = \
	%D%/devices/audio.json \
	%D%/devices/bridge.json \
	%D%/devices/buses.json \
	%D%/devices/cpu.json \
	%D%/devices/display.json \
	%D%/devices/elsewhere-buses.json \
	%D%/devices/elsewhere.json \
	%D%/devices/input-serial.json \
	%D%/devices/isa.json \
	%D%/devices/network.json \
	%D%/devices/other.json \
	%D%/devices/storage.json \
	%D%/devices/system.json \
	%D%/devices/usb.json \
	%D%/machines/arm-virt.json \
	%D%/machines/microvm.json \
	%D%/machines/pc.json \
	%D%/machines/pseries.json \
	%D%/machines/q35.json \
	%D%/machines/riscv-virt.json \
	%D%/machines/unplanned-aarch64.json \
	%D%/machines/unplanned-ppc64.json \
	%D%/machines/unplanned-riscv64.json \
	%D%/machines/unplanned-x86_64.json \
	%D%/policies/ich9-1.json \
	%D%/policies/ich9-wide-1.json \
	%D%/policies/libvirt-1.json \
	%D%/policies/pc-1.json \
	%D%/policies/pseries-1.json \
	%D%/policies/qemu-1.json \
	%D%/policies/root-ports-1.json \
	%D%/qemu/controllers.json \
	%D%/qemu/defaults.json \
	%D%/qemu/learn.json \
	%D%/qemu/levels.json \
	%D%/qemu/needs.json \
	%D%/qemu/opened.json \
	%D%/qemu/options.json \
	%D%/qemu/probe.json \
	%D%/roles/display.json \
	%D%/roles/input.json \
	%D%/roles/keys-devices.json \
	%D%/roles/keys-options.json \
	%D%/roles/network.json \
	%D%/roles/storage.json \
	%D%/roles/system.json

seccomp_parts = \
	%D%/seccomp/parts/9p.json \
	%D%/seccomp/parts/client.json \
	%D%/seccomp/parts/daemonize.json \
	%D%/seccomp/parts/identity.json \
	%D%/seccomp/parts/io-uring.json \
	%D%/seccomp/parts/numa.json \
	%D%/seccomp/parts/postcopy.json \
	%D%/seccomp/parts/server.json \
	%D%/seccomp/parts/vsock.json

seccomp_overlays = \
	%D%/seccomp/kvm-wx.json

seccomp_recorded = \
	%D%/seccomp/recorded/ends.json

seccomp_profiles = \
	%D%/seccomp/strict.json \
	%D%/seccomp/default.json \
	%D%/seccomp/desktop.json \
	%D%/seccomp/legacy-spawn.json \
	%D%/seccomp/audit.json

nobase_dist_pkgdata_DATA = $(table_profiles) $(seccomp_parts) $(seccomp_overlays) $(seccomp_profiles) \
	$(seccomp_recorded) 	%D%/schema.md
