# Tests of the loader island.
LOADER_TEST_PROGS = $(TESTBIN)/check_context $(TESTBIN)/check_expand \
		$(TESTBIN)/check_roles $(TESTBIN)/check_schedrec \
		$(TESTBIN)/check_value $(TESTBIN)/check_yaml \
		$(TESTBIN)/golden_load

LOADER_PARTS =	$(LOADER_OBJS) monitor/schedrec.o
LOADER_LIBS =	$(YAML_LIBS) $(SECCOMP_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_context: tests/unit/check_context.o $(LOADER_PARTS) \
    libcommon.a
	$(TESTLINK) tests/unit/check_context.o $(LOADER_PARTS) libcommon.a \
	    $(CHECK_LIBS) $(LOADER_LIBS)

$(TESTBIN)/check_expand: tests/unit/check_expand.o $(LOADER_PARTS) \
    libcommon.a
	$(TESTLINK) tests/unit/check_expand.o $(LOADER_PARTS) libcommon.a \
	    $(CHECK_LIBS) $(LOADER_LIBS)

$(TESTBIN)/check_roles: tests/unit/check_roles.o $(LOADER_PARTS) \
    libcommon.a
	$(TESTLINK) tests/unit/check_roles.o $(LOADER_PARTS) libcommon.a \
	    $(CHECK_LIBS) $(LOADER_LIBS)

$(TESTBIN)/check_schedrec: tests/unit/check_schedrec.o $(LOADER_PARTS) \
    libcommon.a
	$(TESTLINK) tests/unit/check_schedrec.o $(LOADER_PARTS) libcommon.a \
	    $(CHECK_LIBS) $(LOADER_LIBS)

$(TESTBIN)/check_value: tests/unit/check_value.o $(LOADER_PARTS) \
    libcommon.a
	$(TESTLINK) tests/unit/check_value.o $(LOADER_PARTS) libcommon.a \
	    $(CHECK_LIBS) $(LOADER_LIBS)

$(TESTBIN)/check_yaml: tests/unit/check_yaml.o $(LOADER_PARTS) libcommon.a
	$(TESTLINK) tests/unit/check_yaml.o $(LOADER_PARTS) libcommon.a \
	    $(CHECK_LIBS) $(LOADER_LIBS)

$(TESTBIN)/golden_load: tests/golden/golden_load.o $(LOADER_PARTS) \
    libcommon.a
	$(TESTLINK) tests/golden/golden_load.o $(LOADER_PARTS) libcommon.a \
	    $(LOADER_LIBS)
