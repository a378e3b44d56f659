# Each kind of test has its own list of programs to build.
include tests/unit/files.mk
include tests/loader.mk
include tests/runtime.mk
include tests/watch.mk
include tests/spawner.mk
include tests/httpd.mk
include tests/evil.mk

TEST_PROGS =	$(UNIT_PROGS) $(LOADER_TEST_PROGS) $(RUNTIME_TEST_PROGS) \
		$(WATCH_TEST_PROGS) $(SPAWNER_TEST_PROGS) \
		$(HTTPD_TEST_PROGS) $(EVIL_PROGS)

TESTLINK =	@mkdir -p $(TESTBIN); echo LINK $@; $(LINK)
