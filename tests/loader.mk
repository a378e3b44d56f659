# Tests of the loader island.
LOADER_TEST_PROGS = $(TESTBIN)/golden_load

LOADER_PARTS =	$(LOADER_OBJS) monitor/schedrec.o
LOADER_LIBS =	$(YAML_LIBS) $(SECCOMP_LIBS) $(BSD_LIBS)

$(TESTBIN)/golden_load: tests/golden/golden_load.o $(LOADER_PARTS) \
    libcommon.a
	$(TESTLINK) tests/golden/golden_load.o $(LOADER_PARTS) libcommon.a \
	    $(LOADER_LIBS)
