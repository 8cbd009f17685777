# SPDX-License-Identifier: GPL-2.0-or-later
# What surrounds the program: commands for a fresh clone, completion, benchmark.

dist_bashcompletion_DATA = %D%/completions/qriser

EXTRA_DIST += %D%/lib.sh %D%/qemu-catalogue %D%/quickstart %D%/run-tests

# The installed program starts. "make distcheck" removes its test results; who
# wants to count them names a directory for a copy.
installcheck-local:
	$(DESTDIR)$(bindir)/qriser$(EXEEXT) --version >/dev/null
	@if test -n "$$QRISER_KEEP_RESULTS"; then \
	  mkdir -p "$$QRISER_KEEP_RESULTS" && \
	  find tests -name '*.trs' -exec cp {} "$$QRISER_KEEP_RESULTS" \; ; \
	fi
.PHONY: installcheck-local

# --- make bench -----------------------------------------------------------------------
# Compares the program with a copy that has GLib, json-c and libseccomp linked
# statically, when these can be, and with what a user would write instead.

EXTRA_PROGRAMS += tests/bench tests/bench-true
CLEANFILES += tests/bench$(EXEEXT) tests/bench-true$(EXEEXT)
tests_bench_SOURCES = tests/bench.c
tests_bench_LDADD = $(library_LIBS)
tests_bench_true_SOURCES = tests/bench-true.c
tests_bench_true_CFLAGS = $(WARN_CFLAGS)
tests_bench_true_LDFLAGS = -static
tests_bench_true_LDADD =

static-build/qriser$(EXEEXT): qriser$(EXEEXT)
	@mkdir -p static-build
	@if test -f static-build/Makefile || \
	   (cd static-build && '$(abs_top_srcdir)/configure' -q --enable-static-deps CC='$(CC)' CFLAGS='$(CFLAGS)') \
	     >static-build/log 2>&1; then \
	  $(MAKE) -C static-build qriser$(EXEEXT) >>static-build/log 2>&1; \
	fi; \
	test -x $@ || echo "no static copy: see static-build/log" >&2

bench: qriser$(EXEEXT) tests/bench$(EXEEXT) tests/bench-true$(EXEEXT) static-build/qriser$(EXEEXT)
	@set -- dynamic=./qriser$(EXEEXT); \
	if test -x static-build/qriser$(EXEEXT); then set -- "$$@" static=static-build/qriser$(EXEEXT); fi; \
	tests/bench$(EXEEXT) tests/bench-true$(EXEEXT) "$$@"
.PHONY: bench

distclean-local:
	rm -rf static-build
