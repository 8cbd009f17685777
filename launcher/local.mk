# SPDX-License-Identifier: GPL-2.0-or-later
# The program, in two libraries: what reads profiles (the build needs it to
# compile them), and the rest.

noinst_LIBRARIES += libprofile.a liblauncher.a

libprofile_a_SOURCES = \
	%D%/autofd.h \
	%D%/catalog.c %D%/catalog.h \
	%D%/confinement.c %D%/confinement.h \
	%D%/diag.c %D%/diag.h \
	%D%/file.c %D%/file.h \
	%D%/filter-parts.c %D%/filter-parts.h \
	%D%/filter-shrink.c %D%/filter-shrink.h \
	%D%/json-doc.c %D%/json-doc.h \
	%D%/json-scan.c %D%/json-scan.h \
	%D%/bounds.h \
	%D%/texts.h \
	%D%/machine.c %D%/machine.h \
	%D%/nearest.c %D%/nearest.h \
	%D%/learn-words.c %D%/learn-words.h \
	%D%/opened.c %D%/opened.h \
	%D%/pack.c %D%/pack.h \
	%D%/pci-addr.c %D%/pci-addr.h \
	%D%/pci-class.c %D%/pci-class.h \
	%D%/policy.c %D%/policy.h \
	%D%/probe-words.c %D%/probe-words.h \
	%D%/unplanned.c %D%/unplanned.h \
	%D%/pool.c %D%/pool.h \
	%D%/profiles.c %D%/profiles.h \
	%D%/profiles-load.c %D%/profiles-load.h \
	%D%/qemu-option.c %D%/qemu-option.h \
	%D%/role.c %D%/role.h \
	%D%/schema.c %D%/schema.h \
	%D%/seccomp-arguments.c %D%/seccomp-arguments.h \
	%D%/seccomp-build.c %D%/seccomp-build.h \
	%D%/seccomp-host.c %D%/seccomp-host.h \
	%D%/seccomp-ladder.c %D%/seccomp-ladder.h \
	%D%/seccomp-parts.c %D%/seccomp-parts.h \
	%D%/seccomp-profile.c %D%/seccomp-profile.h \
	%D%/seccomp-rule.c %D%/seccomp-rule.h \
	%D%/seccomp-tree.c %D%/seccomp-tree.h \
	%D%/seccomp-words.c %D%/seccomp-words.h

liblauncher_a_SOURCES = \
	%D%/absorb.c %D%/absorb.h \
	%D%/firmware.c %D%/firmware.h \
	%D%/fence.c %D%/fence.h \
	%D%/fence-items.c %D%/fence-items.h \
	%D%/image.c %D%/image.h \
	%D%/image-chain.c %D%/image-chain.h \
	%D%/image-nodes.c %D%/image-nodes.h \
	%D%/landlock.c %D%/landlock.h \
	%D%/list.c %D%/list.h \
	%D%/listener.c %D%/listener.h \
	%D%/new-file.c %D%/new-file.h \
	%D%/role-check.c %D%/role-check.h \
	%D%/role-find.c %D%/role-find.h \
	%D%/role-side.c %D%/role-side.h \
	%D%/roles.c %D%/roles.h \
	%D%/run-as.c %D%/run-as.h \
	%D%/role-firmware.c %D%/role-firmware.h \
	%D%/role-image.c %D%/role-image.h \
	%D%/role-keys.c %D%/role-keys.h \
	%D%/role-value.c %D%/role-value.h \
	%D%/role-word.c %D%/role-word.h \
	%D%/apparmor.c %D%/apparmor.h \
	%D%/arrange.c %D%/arrange.h \
	%D%/ask.c %D%/ask.h \
	%D%/asked.c %D%/asked.h \
	%D%/cache.c %D%/cache.h \
	%D%/child.c %D%/child.h \
	%D%/each.c %D%/each.h \
	%D%/implicit.c %D%/implicit.h \
	%D%/inquire.c %D%/inquire.h \
	%D%/output.c %D%/output.h \
	%D%/probe.c %D%/probe.h \
	%D%/probe-talk.c %D%/probe-talk.h \
	%D%/probe-type.c %D%/probe-type.h \
	%D%/qmp.c %D%/qmp.h \
	%D%/qtree.c %D%/qtree.h \
	%D%/render-implicit.c %D%/render-implicit.h \
	%D%/render-learned.c %D%/render-learned.h \
	%D%/learn.c %D%/learn.h \
	%D%/learned.c %D%/learned.h \
	%D%/learn-type.c %D%/learn-type.h \
	%D%/left.c %D%/left.h \
	%D%/schema-json.c %D%/schema-json.h \
	%D%/survey.c %D%/survey.h \
	%D%/assigned.c %D%/assigned.h \
	%D%/become.c %D%/become.h \
	%D%/which-qemu.c %D%/which-qemu.h \
	%D%/board.c %D%/board.h \
	%D%/bpf-run.c %D%/bpf-run.h \
	%D%/budget.c %D%/budget.h \
	%D%/budget-rules.c %D%/budget-rules.h \
	%D%/build.c %D%/build.h \
	%D%/bus-kind.c %D%/bus-kind.h \
	%D%/bus-numbers.c %D%/bus-numbers.h \
	%D%/bus-search.c %D%/bus-search.h \
	%D%/change.c %D%/change.h \
	%D%/check.c %D%/check.h \
	%D%/carrier.c %D%/carrier.h \
	%D%/cmdline.c %D%/cmdline.h \
	%D%/confine.c %D%/confine.h \
	%D%/controllers.c %D%/controllers.h \
	%D%/court.c %D%/court.h \
	%D%/defaults.c %D%/defaults.h \
	%D%/descriptors.c %D%/descriptors.h \
	%D%/desugar.c %D%/desugar.h \
	%D%/diff.c %D%/diff.h \
	%D%/differ.c %D%/differ.h \
	%D%/display.c %D%/display.h \
	%D%/doctor.c %D%/doctor.h \
	%D%/doctor-bridge.c %D%/doctor-bridge.h \
	%D%/doctor-host.c %D%/doctor-host.h \
	%D%/doctor-libvirt.c %D%/doctor-libvirt.h \
	%D%/doctor-qemu.c %D%/doctor-qemu.h \
	%D%/drives.c %D%/drives.h \
	%D%/drop-in.c %D%/drop-in.h \
	%D%/emit.c %D%/emit.h \
	%D%/exec.c %D%/exec.h \
	%D%/exec-gate.c %D%/exec-gate.h \
	%D%/exec-lock.c %D%/exec-lock.h \
	%D%/face.c %D%/face.h \
	%D%/filters.c %D%/filters.h \
	%D%/fit.c %D%/fit.h \
	%D%/forms.c %D%/forms.h \
	%D%/hint-error.c %D%/hint-error.h \
	%D%/hint-pack.c %D%/hint-pack.h \
	%D%/hint-place.c %D%/hint-place.h \
	%D%/health.c %D%/health.h \
	%D%/hints.c %D%/hints.h \
	%D%/globals.c %D%/globals.h \
	%D%/hole64.c %D%/hole64.h \
	%D%/json-make.c %D%/json-make.h \
	%D%/homes.c %D%/homes.h \
	%D%/io-space.c %D%/io-space.h \
	%D%/informs.c %D%/informs.h \
	%D%/guest-order.c %D%/guest-order.h \
	%D%/judge.c %D%/judge.h \
	%D%/keep.c %D%/keep.h \
	%D%/launch.c %D%/launch.h \
	%D%/lock.c %D%/lock.h \
	%D%/lock-keys.c %D%/lock-keys.h \
	%D%/lock-file.c %D%/lock-file.h \
	%D%/options.c %D%/options.h \
	%D%/mac.c %D%/mac.h \
	%D%/match.c %D%/match.h \
	%D%/nets.c %D%/nets.h \
	%D%/number-rules.c %D%/number-rules.h \
	%D%/optlist.c %D%/optlist.h \
	%D%/pairs.c %D%/pairs.h \
	%D%/pinned.c %D%/pinned.h \
	%D%/place.c %D%/place.h \
	%D%/place-error.c %D%/place-error.h \
	%D%/place-rules.c %D%/place-rules.h \
	%D%/plan.c %D%/plan.h \
	%D%/policy-file.c %D%/policy-file.h \
	%D%/policy-find.c %D%/policy-find.h \
	%D%/render.c %D%/render.h \
	%D%/render-budget.c %D%/render-budget.h \
	%D%/render-diff.c %D%/render-diff.h \
	%D%/render-json.c %D%/render-json.h \
	%D%/render-profile.c %D%/render-profile.h \
	%D%/render-roles.c %D%/render-roles.h \
	%D%/seccomp-write.c %D%/seccomp-write.h \
	%D%/seccomp-named.c %D%/seccomp-named.h \
	%D%/record.c %D%/record.h \
	%D%/watch.c %D%/watch.h \
	%D%/supervisor.c %D%/supervisor.h \
	%D%/seccomp-load.c %D%/seccomp-load.h \
	%D%/render-parts.c %D%/render-parts.h \
	%D%/readconfig.c %D%/readconfig.h \
	%D%/request.c %D%/request.h \
	%D%/rooms.c %D%/rooms.h \
	%D%/rule.c %D%/rule.h \
	%D%/sandbox.c %D%/sandbox.h \
	%D%/settings.c %D%/settings.h \
	%D%/slots.c %D%/slots.h \
	%D%/spare.c %D%/spare.h \
	%D%/shell-line.c %D%/shell-line.h \
	%D%/size.c %D%/size.h \
	%D%/side.c %D%/side.h \
	%D%/switches.c %D%/switches.h \
	%D%/sysfs.c %D%/sysfs.h \
	%D%/tap-open.c %D%/tap-open.h \
	%D%/tap-read.c %D%/tap-read.h \
	%D%/taps.c %D%/taps.h \
	%D%/topology.c %D%/topology.h \
	%D%/usb.c %D%/usb.h \
	%D%/user.c %D%/user.h \
	%D%/trial.c %D%/trial.h \
	%D%/vga.c %D%/vga.h \
	%D%/want.c %D%/want.h
nodist_liblauncher_a_SOURCES = %D%/profiles-builtin.c %D%/filters-builtin.c

library_LIBS = liblauncher.a libprofile.a $(GLIB_LIBS) $(JSON_C_LIBS) $(SECCOMP_LIBS)

bin_PROGRAMS += qriser
qriser_SOURCES = %D%/main.c
qriser_LDFLAGS = $(AM_LDFLAGS) $(PROGRAM_LDFLAGS)
qriser_LDADD = liblauncher.a libprofile.a $(PROGRAM_LIBS)

# The drop-in face under names of our own; those of QEMU's packages are theirs.
drop_in_architectures = x86_64 i386 aarch64 riscv64 ppc64

install-exec-hook:
	cd '$(DESTDIR)$(bindir)' && for arch in $(drop_in_architectures); do \
	  rm -f qriser-system-$$arch && $(LN_S) qriser$(EXEEXT) qriser-system-$$arch || exit 1; done

uninstall-hook:
	for arch in $(drop_in_architectures); do rm -f '$(DESTDIR)$(bindir)'/qriser-system-$$arch; done

noinst_PROGRAMS += %D%/mkprofiles %D%/mkfilter
%C%_mkprofiles_SOURCES = %D%/mkprofiles.c
%C%_mkprofiles_LDADD = libprofile.a $(GLIB_LIBS) $(JSON_C_LIBS) $(SECCOMP_LIBS)
%C%_mkfilter_SOURCES = %D%/mkfilter.c
%C%_mkfilter_LDADD = libprofile.a $(GLIB_LIBS) $(JSON_C_LIBS) $(SECCOMP_LIBS)

%D%/profiles-builtin.c: $(table_profiles) %D%/mkprofiles$(EXEEXT)
	$(AM_V_GEN)files=; for f in $(table_profiles); do \
	  if test -f $$f; then files="$$files $$f"; else files="$$files $(srcdir)/$$f"; fi; done; \
	launcher/mkprofiles$(EXEEXT) $@ $$files

%D%/filters-builtin.c: $(seccomp_parts) $(seccomp_overlays) $(seccomp_profiles) $(seccomp_recorded) \
		%D%/mkfilter$(EXEEXT)
	$(AM_V_GEN)filters=; take () { kind=$$1; shift; for f; do name=`basename $$f .json`; \
	  test -f $$f || f=$(srcdir)/$$f; filters="$$filters $$kind:$$name=$$f"; done; }; \
	take part $(seccomp_parts); take overlay $(seccomp_overlays); take profile $(seccomp_profiles); \
	take recorded $(seccomp_recorded); \
	launcher/mkfilter$(EXEEXT) $@ $$filters

CLEANFILES += %D%/profiles-builtin.c %D%/filters-builtin.c

dist_man1_MANS = %D%/qriser.1
