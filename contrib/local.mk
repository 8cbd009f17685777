# SPDX-License-Identifier: GPL-2.0-or-later
# What surrounds the program: commands for a fresh clone, completion, benchmark.

dist_bashcompletion_DATA = %D%/completions/qriser

EXTRA_DIST += %D%/apparmor/libvirt-qemu.d/qriser tests/bench-implicit.py %D%/lib.sh %D%/qemu-catalogue %D%/qemu-machines %D%/qemu-keys %D%/quickstart %D%/run-tests

# The installed program starts, under each of its names. "make distcheck" removes its test results; who
# wants to count them names a directory for a copy.
installcheck-local:
	$(DESTDIR)$(bindir)/qriser$(EXEEXT) --version >/dev/null
	for arch in $(drop_in_architectures); do \
	  $(DESTDIR)$(bindir)/qriser-system-$$arch -qriser plan=tree -machine q35 >/dev/null || exit 1; done
	@if test -n "$$QRISER_KEEP_RESULTS"; then \
	  mkdir -p "$$QRISER_KEEP_RESULTS" && \
	  find tests -name '*.trs' -exec cp {} "$$QRISER_KEEP_RESULTS" \; ; \
	fi
.PHONY: installcheck-local

# --- make bench -----------------------------------------------------------------------
# Compares the program, and a copy that has GLib, json-c and libseccomp linked
# dynamically, with what a user would write instead; and confinement with none, with
# QEMU's own, and with a container's profile: BENCH_PROFILE=FILE, Podman's if it is there. At
# last the whole start of a QEMU, BENCH_QEMU=PROGRAM, if it is there, and what it costs to ask it.

EXTRA_PROGRAMS += tests/bench tests/bench-sandbox tests/bench-start tests/bench-true
CLEANFILES += tests/bench$(EXEEXT) tests/bench-sandbox$(EXEEXT) tests/bench-start$(EXEEXT) tests/bench-true$(EXEEXT)
tests_bench_sandbox_SOURCES = tests/bench-sandbox.c
tests_bench_sandbox_LDFLAGS = $(AM_LDFLAGS) $(PROGRAM_LDFLAGS)
tests_bench_sandbox_LDADD = liblauncher.a libprofile.a $(PROGRAM_LIBS)
tests_bench_start_SOURCES = tests/bench-start.c
tests_bench_start_LDADD = $(library_LIBS) -lm
tests_bench_SOURCES = tests/bench.c
tests_bench_LDADD = $(library_LIBS)
tests_bench_true_SOURCES = tests/bench-true.c
tests_bench_true_CFLAGS = $(WARN_CFLAGS)
tests_bench_true_LDFLAGS = -static
tests_bench_true_LDADD =

dynamic-build/qriser$(EXEEXT): qriser$(EXEEXT)
	@mkdir -p dynamic-build
	@if test -f dynamic-build/Makefile || \
	   (cd dynamic-build && '$(abs_top_srcdir)/configure' -q --disable-static-deps CC='$(CC)' CFLAGS='$(CFLAGS)') \
	     >dynamic-build/log 2>&1; then \
	  $(MAKE) -C dynamic-build qriser$(EXEEXT) >>dynamic-build/log 2>&1; \
	fi; \
	test -x $@ || echo "no dynamic copy: see dynamic-build/log" >&2

BENCH_PROFILE = /usr/share/containers/seccomp.json
BENCH_QEMU = /usr/bin/qemu-system-x86_64

bench: qriser$(EXEEXT) tests/bench$(EXEEXT) tests/bench-sandbox$(EXEEXT) tests/bench-start$(EXEEXT) tests/bench-true$(EXEEXT) dynamic-build/qriser$(EXEEXT)
	@set -- default=./qriser$(EXEEXT); \
	if test -x dynamic-build/qriser$(EXEEXT); then set -- "$$@" dynamic=dynamic-build/qriser$(EXEEXT); fi; \
	tests/bench$(EXEEXT) tests/bench-true$(EXEEXT) "$$@"
	@if test -r '$(BENCH_PROFILE)'; then \
	  tests/bench-sandbox$(EXEEXT) '$(BENCH_PROFILE)'; \
	else \
	  echo "no $(BENCH_PROFILE): no profile of a container runtime beside ours" >&2; \
	  tests/bench-sandbox$(EXEEXT); \
	fi
	@if test -x '$(BENCH_QEMU)'; then \
	  tests/bench-start$(EXEEXT) '$(BENCH_QEMU)' ./qriser$(EXEEXT); \
	  $(srcdir)/tests/bench-implicit.py ./qriser$(EXEEXT) '$(BENCH_QEMU)'; \
	fi
.PHONY: bench

distclean-local:
	rm -rf dynamic-build
