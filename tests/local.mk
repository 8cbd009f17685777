# SPDX-License-Identifier: GPL-2.0-or-later
# Tests mirror modules: tests/test-X.c tests launcher/X.c. All print TAP.

TEST_EXTENSIONS = .sh
tap_driver = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
LOG_DRIVER = $(tap_driver)
SH_LOG_DRIVER = $(tap_driver)
SH_LOG_COMPILER = bash

AM_TESTS_ENVIRONMENT = \
	SRCDIR='$(abs_top_srcdir)'; export SRCDIR; \
	BUILDDIR='$(abs_top_builddir)'; export BUILDDIR; \
	G_TEST_SRCDIR='$(abs_top_srcdir)/tests'; export G_TEST_SRCDIR; \
	G_TEST_BUILDDIR='$(abs_top_builddir)/tests'; export G_TEST_BUILDDIR; \
	QRISER='$(abs_top_builddir)/qriser$(EXEEXT)'; export QRISER; \
	QRISER_TEST_EYE='$(eye)'; export QRISER_TEST_EYE; \
	QRISER_TEST_ECAM='$(ecam)'; export QRISER_TEST_ECAM; \
	QRISER_TEST_PROBE='$(abs_top_builddir)/tests/probe$(EXEEXT)'; export QRISER_TEST_PROBE; \
	NM='$(NM)'; export NM; \
	G_DEBUG=fatal-warnings; export G_DEBUG; \
	XDG_CACHE_HOME='$(abs_top_builddir)/tests/no-cache'; export XDG_CACHE_HOME; \
	LC_ALL=C.UTF-8; export LC_ALL;

# The longest first, so that others fill the time beside them.
TESTS += %D%/test-parity %D%/test-live %D%/test-warnings %D%/test-check-live %D%/test-lists %D%/test-cases.sh

# What is tried is data, the source or QEMU's windows, and no code that a sanitizer watches.
data_tests = \
	%D%/test-catalogue.sh \
	%D%/test-displays.sh \
	%D%/test-layering.sh \
	%D%/test-options-table.sh \
	%D%/test-qemu-keys.sh
if !SANITIZERS
TESTS += $(data_tests)
endif
dist_check_SCRIPTS += $(data_tests) %D%/test-cases.sh

# Nothing of qriser's is there, but others keep what they make there.
mostlyclean-local:
	rm -rf %D%/no-cache
.PHONY: mostlyclean-local

# A log bears its test's name without the extension; of two tests with one log, one runs.
check-local:
	@twice=`printf '%s\n' $(TEST_LOGS) | sort | uniq -d`; \
	  test -z "$$twice" || { echo "two tests have the log $$twice" >&2; exit 1; }
.PHONY: check-local

# --- unit tests, one a module --------------------------------------------------------

unit_tests = \
	%D%/test-absorb \
	%D%/test-apparmor \
	%D%/test-arrange \
	%D%/test-asked \
	%D%/test-bpf-run \
	%D%/test-budget \
	%D%/test-build \
	%D%/test-cache \
	%D%/test-change \
	%D%/test-check \
	%D%/test-cmdline \
	%D%/test-confine \
	%D%/test-confinement \
	%D%/test-controllers \
	%D%/test-defaults \
	%D%/test-desugar \
	%D%/test-diff \
	%D%/test-differ \
	%D%/test-diag \
	%D%/test-doctor-host \
	%D%/test-doctor-qemu \
	%D%/test-drives \
	%D%/test-drop-in \
	%D%/test-emit \
	%D%/test-exec \
	%D%/test-exec-gate \
	%D%/test-exec-lock \
	%D%/test-face \
	%D%/test-file \
	%D%/test-filter-shrink \
	%D%/test-firmware \
	%D%/test-fit \
	%D%/test-forms \
	%D%/test-globals \
	%D%/test-health \
	%D%/test-hint-place \
	%D%/test-hints \
	%D%/test-hole64 \
	%D%/test-fence \
	%D%/test-image \
	%D%/test-image-chain \
	%D%/test-io-space \
	%D%/test-json-doc \
	%D%/test-judge \
	%D%/test-landlock \
	%D%/test-left \
	%D%/test-list \
	%D%/test-lock \
	%D%/test-lock-crash \
	%D%/test-lock-faults \
	%D%/test-lock-file \
	%D%/test-lock-others \
	%D%/test-lock-replace \
	%D%/test-keep \
	%D%/test-mac \
	%D%/test-machine \
	%D%/test-nearest \
	%D%/test-nets \
	%D%/test-new-file \
	%D%/test-options \
	%D%/test-optlist \
	%D%/test-overlay \
	%D%/test-pack \
	%D%/test-pci-addr \
	%D%/test-pci-class \
	%D%/test-place \
	%D%/test-policy \
	%D%/test-policy-file \
	%D%/test-policy-find \
	%D%/test-pool \
	%D%/test-profiles \
	%D%/test-properties \
	%D%/test-qmp \
	%D%/test-qtree \
	%D%/test-readconfig \
	%D%/test-record \
	%D%/test-render \
	%D%/test-render-implicit \
	%D%/test-request \
	%D%/test-role-find \
	%D%/test-roles \
	%D%/test-run-as \
	%D%/test-schema \
	%D%/test-seccomp-build \
	%D%/test-seccomp-ladder \
	%D%/test-seccomp-rule \
	%D%/test-seccomp-tree \
	%D%/test-seccomp-write \
	%D%/test-settings \
	%D%/test-settings-files \
	%D%/test-shell-line \
	%D%/test-size \
	%D%/test-side \
	%D%/test-supervisor \
	%D%/test-survey \
	%D%/test-sysfs \
	%D%/test-tap-open \
	%D%/test-taps \
	%D%/test-topology \
	%D%/test-user \
	%D%/test-vga \
	%D%/test-want \
	%D%/test-watch

check_LIBRARIES += %D%/libtest.a
%C%_libtest_a_SOURCES = %D%/testlib.c %D%/testlib.h %D%/here.c %D%/here.h %D%/random-line.c %D%/random-line.h %D%/vmlib.c %D%/vmlib.h %D%/gdb-remote.c %D%/gdb-remote.h
test_LIBS = %D%/libtest.a $(library_LIBS)

check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
LDADD = $(test_LIBS)

# --- the sandbox ---------------------------------------------------------------------

# The program with a configuration of the tests'.
# The program without much of its data, which it can learn of a QEMU: devices of six files, an option
# with an argument and one without, machine types.
check_PROGRAMS += %D%/qriser-less
%C%_qriser_less_SOURCES = launcher/main.c
nodist_%C%_qriser_less_SOURCES = %D%/profiles-less.c
%C%_qriser_less_LDADD = $(library_LIBS)
%D%/profiles-less.c: $(table_profiles) launcher/mkprofiles$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) %D%/less; files="%D%/less/q35.json %D%/less/options.json"; \
	for f in $(table_profiles); do \
	  if test -f $$f; then source=$$f; else source=$(srcdir)/$$f; fi; \
	  case $$f in \
	  */q35.json) sed '/"pc-q35-7\.2"/d; /"pc-q35-9\.2"/d' $$source >%D%/less/q35.json || exit 1;; \
	  */options.json) sed '/"option": "snapshot"/d; /"option": "rtc"/d' $$source >%D%/less/options.json || exit 1;; \
	  */devices/audio.json | */devices/display.json | */devices/input-serial.json) ;; \
	  */devices/network.json | */devices/storage.json | */devices/usb.json) ;; \
	  *) files="$$files $$source";; \
	  esac; \
	done; \
	launcher/mkprofiles$(EXEEXT) $@ $$files

CLEANFILES += %D%/profiles-less.c %D%/less/q35.json %D%/less/options.json

check_PROGRAMS += %D%/qriser-configured
%C%_qriser_configured_SOURCES = launcher/main.c
%C%_qriser_configured_CPPFLAGS = $(AM_CPPFLAGS) -UCONFIGDIR -DCONFIGDIR='"$(abs_top_builddir)/tests/configuration"'
%C%_qriser_configured_LDADD = $(library_LIBS)

check_PROGRAMS += %D%/test-sandbox %D%/test-seccomp-filter %D%/test-seccomp-profile %D%/old-kernel %D%/probe \
	%D%/changer %D%/show-state %D%/tap-helper
TESTS += %D%/test-sandbox %D%/test-seccomp-filter %D%/test-seccomp-profile
%C%_test_seccomp_filter_SOURCES = %D%/test-seccomp-filter.c %D%/bpf-eval.c %D%/bpf-eval.h \
	%D%/seccomp-oracle.c %D%/seccomp-oracle.h %D%/seccomp-samples.c %D%/seccomp-samples.h
%C%_test_landlock_SOURCES = %D%/test-landlock.c %D%/older-landlock.c %D%/older-landlock.h
%C%_test_filter_shrink_SOURCES = %D%/test-filter-shrink.c %D%/bpf-eval.c %D%/bpf-eval.h
%C%_test_asked_SOURCES = %D%/test-asked.c %D%/bpf-eval.c %D%/bpf-eval.h
%C%_test_seccomp_build_SOURCES = %D%/test-seccomp-build.c %D%/bpf-eval.c %D%/bpf-eval.h
%C%_test_seccomp_ladder_SOURCES = %D%/test-seccomp-ladder.c %D%/bpf-eval.c %D%/bpf-eval.h
%C%_test_seccomp_tree_SOURCES = %D%/test-seccomp-tree.c %D%/bpf-eval.c %D%/bpf-eval.h
%C%_test_bpf_run_SOURCES = %D%/test-bpf-run.c %D%/bpf-eval.c %D%/bpf-eval.h
%C%_test_seccomp_profile_SOURCES = %D%/test-seccomp-profile.c
%C%_test_sandbox_SOURCES = %D%/test-sandbox.c
%C%_old_kernel_SOURCES = %D%/old-kernel.c
%C%_old_kernel_CPPFLAGS =
%C%_old_kernel_CFLAGS = $(WARN_CFLAGS)
%C%_old_kernel_LDFLAGS =
%C%_old_kernel_LDADD =
%C%_changer_SOURCES = %D%/changer.c
%C%_changer_CPPFLAGS =
%C%_changer_CFLAGS = $(WARN_CFLAGS)
%C%_changer_LDFLAGS =
%C%_changer_LDADD =
%C%_show_state_SOURCES = %D%/show-state.c
%C%_show_state_CPPFLAGS =
%C%_show_state_CFLAGS = $(WARN_CFLAGS)
%C%_show_state_LDFLAGS =
%C%_show_state_LDADD =
%C%_tap_helper_SOURCES = %D%/tap-helper.c
%C%_tap_helper_CPPFLAGS =
%C%_tap_helper_CFLAGS = $(WARN_CFLAGS)
%C%_tap_helper_LDFLAGS =
%C%_tap_helper_LDADD =
%C%_probe_SOURCES = %D%/probe.c
%C%_probe_CPPFLAGS =
%C%_probe_CFLAGS = $(WARN_CFLAGS) -pthread
%C%_probe_LDFLAGS = -pthread
%C%_probe_LDADD =

# --- against a real QEMU --------------------------------------------------------------

check_PROGRAMS += %D%/test-vmlib %D%/test-live
TESTS += %D%/test-vmlib
%C%_test_live_SOURCES = %D%/test-live.c %D%/live-compare.c %D%/live-compare.h %D%/live-lines.c %D%/live-lines.h \
	%D%/tap.c %D%/tap.h

check_PROGRAMS += %D%/test-check-live
%C%_test_check_live_SOURCES = %D%/test-check-live.c %D%/check-lines.c %D%/check-lines.h %D%/live-lines.c \
	%D%/live-lines.h %D%/tap.c %D%/tap.h
%C%_test_budget_SOURCES = %D%/test-budget.c %D%/check-lines.c %D%/check-lines.h
%C%_test_check_SOURCES = %D%/test-check.c %D%/check-lines.c %D%/check-lines.h

check_PROGRAMS += %D%/test-budget-live
TESTS += %D%/test-budget-live
%C%_test_budget_live_SOURCES = %D%/test-budget-live.c %D%/live-lines.c %D%/live-lines.h %D%/tap.c %D%/tap.h

check_PROGRAMS += %D%/test-parity
%C%_test_parity_SOURCES = %D%/test-parity.c %D%/parity.c %D%/parity.h %D%/parity-lines.c %D%/parity-lines.h \
	%D%/parity-rules.c %D%/parity-rules.h %D%/live-compare.c %D%/live-compare.h %D%/live-lines.c \
	%D%/live-lines.h %D%/tap.c %D%/tap.h

check_PROGRAMS += %D%/test-lists
%C%_test_lists_SOURCES = %D%/test-lists.c %D%/parity.c %D%/parity.h %D%/parity-lines.c %D%/parity-lines.h \
	%D%/parity-rules.c %D%/parity-rules.h %D%/live-compare.c %D%/live-compare.h %D%/live-lines.c \
	%D%/live-lines.h %D%/tap.c %D%/tap.h

check_PROGRAMS += %D%/test-warnings
%C%_test_warnings_SOURCES = %D%/test-warnings.c %D%/boot-images.c %D%/boot-images.h %D%/live-compare.c \
	%D%/live-compare.h %D%/live-lines.c %D%/live-lines.h %D%/tap.c %D%/tap.h %D%/warn-look.c %D%/warn-look.h

# The one process of a Linux guest; without a static C library there is none.
check_DATA = %D%/linux-init
CLEANFILES += %D%/linux-init
EXTRA_DIST += %D%/linux-init.c
%D%/linux-init: %D%/linux-init.c
	$(AM_V_CC)$(CC) $(WARN_CFLAGS) -O2 -static -o $@ $(srcdir)/%D%/linux-init.c || echo "no $@: no static C library" >&2

# The guest's eye: freestanding i386 code, made with flags of its own.
if HAVE_EYE
eye = $(abs_top_builddir)/%D%/guest-eye
check_DATA += %D%/guest-eye
CLEANFILES += %D%/guest-eye
endif
%D%/guest-eye: %D%/guest-eye.c %D%/guest-pci.h %D%/guest-eye.ld
	$(AM_V_CC)$(CC) $(EYE_CFLAGS) -fno-stack-protector -fno-asynchronous-unwind-tables \
	  -fcf-protection=none -Wl,-m,elf_i386,-n,--build-id=none,-T,$(srcdir)/%D%/guest-eye.ld \
	  -o $@ $(srcdir)/%D%/guest-eye.c

# The same for other architectures, where the compiler for them is; QRISER_TEST_ECAM-ARCH.
if HAVE_ECAM
ecam = $(abs_top_builddir)/%D%/guest-ecam
check_DATA += %D%/guest-ecam-aarch64 %D%/guest-ecam-riscv64
CLEANFILES += %D%/guest-ecam-aarch64 %D%/guest-ecam-riscv64
endif
ecam_cc = $(CLANG) $(ECAM_FLAGS) -fno-stack-protector -fno-asynchronous-unwind-tables \
	-Wl,--build-id=none,-T,$(srcdir)/%D%/guest-ecam.ld -o $@ $(srcdir)/%D%/guest-ecam.c
%D%/guest-ecam-aarch64: %D%/guest-ecam.c %D%/guest-pci.h %D%/guest-ecam.ld
	$(AM_V_CC)$(ecam_cc) $(ECAM_AARCH64) -Wl,--defsym=BASE=0x40200000
%D%/guest-ecam-riscv64: %D%/guest-ecam.c %D%/guest-pci.h %D%/guest-ecam.ld
	$(AM_V_CC)$(ecam_cc) $(ECAM_RISCV64) -Wl,--defsym=BASE=0x80000000

# Prints what a guest saw as a tree, and compares it with a plan.
noinst_PROGRAMS += %D%/eye-compare
%C%_eye_compare_SOURCES = %D%/eye-compare.c %D%/vmlib.c %D%/vmlib.h %D%/gdb-remote.c %D%/gdb-remote.h
%C%_eye_compare_LDADD = $(GLIB_LIBS) $(JSON_C_LIBS)

# --- whole-program tests ------------------------------------------------------------

script_tests = \
	%D%/test-configuration.sh \
	%D%/test-docs.sh \
	%D%/test-doctor.sh \
	%D%/test-frozen.sh \
	%D%/test-profile.sh \
	%D%/test-supervise.sh \
	%D%/test-implicit.sh \
	%D%/test-learn.sh \
	%D%/test-judge-runs.sh \
	%D%/test-landlock-runs.sh \
	%D%/test-list-runs.sh \
	%D%/test-lock-runs.sh \
	%D%/test-libvirt.sh \
	%D%/test-libvirt-policy.sh \
	%D%/test-matrix.sh \
	%D%/test-run.sh \
	%D%/test-stand-in.sh \
	%D%/test-taps-runs.sh \
	%D%/test-wild.sh
dist_check_SCRIPTS += $(script_tests)
TESTS += $(script_tests)

EXTRA_DIST += %D%/guest-pci.h %D%/guest-eye.c %D%/guest-eye.ld %D%/guest-ecam.c %D%/guest-ecam.ld %D%/layering.txt %D%/cases %D%/lists %D%/live \
	%D%/tap.sh %D%/says.sh %D%/fake-qemu.py %D%/matrix %D%/matrix.py %D%/matrix_wire.py %D%/wild-lines.py %D%/libvirt-policy.py %D%/libvirt_domains.py \
	%D%/libvirt_library.py %D%/libvirt_mixed.py %D%/libvirt_plan.py

# --- fuzz targets: with libFuzzer when configured so, else replayed over their corpus ----

fuzz_targets = %D%/fuzz-json %D%/fuzz-learn %D%/fuzz-list %D%/fuzz-lock %D%/fuzz-plan %D%/fuzz-policy %D%/fuzz-readconfig \
	%D%/fuzz-seccomp %D%/fuzz-shell
check_PROGRAMS += $(fuzz_targets)
%C%_fuzz_json_SOURCES = %D%/fuzz-json.c %D%/fuzz.h
%C%_fuzz_learn_SOURCES = %D%/fuzz-learn.c %D%/fuzz.h
%C%_fuzz_list_SOURCES = %D%/fuzz-list.c %D%/fuzz.h
%C%_fuzz_lock_SOURCES = %D%/fuzz-lock.c %D%/fuzz.h
%C%_fuzz_plan_SOURCES = %D%/fuzz-plan.c %D%/fuzz.h
%C%_fuzz_policy_SOURCES = %D%/fuzz-policy.c %D%/fuzz.h
%C%_fuzz_readconfig_SOURCES = %D%/fuzz-readconfig.c %D%/fuzz.h
%C%_fuzz_seccomp_SOURCES = %D%/fuzz-seccomp.c %D%/fuzz.h
%C%_fuzz_shell_SOURCES = %D%/fuzz-shell.c %D%/fuzz.h
%C%_fuzz_json_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
%C%_fuzz_learn_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
%C%_fuzz_list_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
%C%_fuzz_lock_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
%C%_fuzz_plan_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
%C%_fuzz_policy_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
%C%_fuzz_readconfig_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
%C%_fuzz_seccomp_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
%C%_fuzz_shell_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
if !FUZZERS
%C%_fuzz_json_SOURCES += %D%/fuzz-replay.c
%C%_fuzz_learn_SOURCES += %D%/fuzz-replay.c
%C%_fuzz_list_SOURCES += %D%/fuzz-replay.c
%C%_fuzz_lock_SOURCES += %D%/fuzz-replay.c
%C%_fuzz_plan_SOURCES += %D%/fuzz-replay.c
%C%_fuzz_policy_SOURCES += %D%/fuzz-replay.c
%C%_fuzz_readconfig_SOURCES += %D%/fuzz-replay.c
%C%_fuzz_seccomp_SOURCES += %D%/fuzz-replay.c
%C%_fuzz_shell_SOURCES += %D%/fuzz-replay.c
TESTS += $(fuzz_targets)
endif
EXTRA_DIST += %D%/corpus %D%/frozen
