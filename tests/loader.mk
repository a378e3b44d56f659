# Tests of the loader island.
LOADER_TEST_PROGS = $(TESTBIN)/check_context $(TESTBIN)/check_expand \
		$(TESTBIN)/check_roles $(TESTBIN)/check_schedrec \
		$(TESTBIN)/check_value $(TESTBIN)/check_yaml \
		$(TESTBIN)/fuzz_expand $(TESTBIN)/fuzz_roles \
		$(TESTBIN)/fuzz_schedrec $(TESTBIN)/fuzz_yaml \
		$(TESTBIN)/golden_load $(TESTBIN)/schema

LOADER_PARTS =	$(LOADER_OBJS) monitor/schedrec.o
FUZZ_PARTS =	tests/fuzz/replay.o tests/fuzz/stubs.o \
		tests/golden/plancheck.o $(LOADER_PARTS)
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

$(TESTBIN)/fuzz_expand: tests/fuzz/fuzz_expand.o $(FUZZ_PARTS) libcommon.a
	$(TESTLINK) tests/fuzz/fuzz_expand.o $(FUZZ_PARTS) libcommon.a \
	    $(LOADER_LIBS)

$(TESTBIN)/fuzz_roles: tests/fuzz/fuzz_roles.o $(FUZZ_PARTS) libcommon.a
	$(TESTLINK) tests/fuzz/fuzz_roles.o $(FUZZ_PARTS) libcommon.a \
	    $(LOADER_LIBS)

$(TESTBIN)/fuzz_schedrec: tests/fuzz/fuzz_schedrec.o $(FUZZ_PARTS) libcommon.a
	$(TESTLINK) tests/fuzz/fuzz_schedrec.o $(FUZZ_PARTS) libcommon.a \
	    $(LOADER_LIBS)

$(TESTBIN)/fuzz_yaml: tests/fuzz/fuzz_yaml.o $(FUZZ_PARTS) libcommon.a
	$(TESTLINK) tests/fuzz/fuzz_yaml.o $(FUZZ_PARTS) libcommon.a \
	    $(LOADER_LIBS)

GOLDEN_OBJS =	tests/golden/golden_load.o tests/golden/plancheck.o

$(TESTBIN)/golden_load: $(GOLDEN_OBJS) $(LOADER_PARTS) libcommon.a
	$(TESTLINK) $(GOLDEN_OBJS) $(LOADER_PARTS) libcommon.a $(LOADER_LIBS)

# What writes etc/taskforce.schema.json: "make schema".
SCHEMA_OBJS =	monitor/schema.o monitor/schema_defs.o monitor/schema_json.o \
		monitor/arena.o monitor/keys.o monitor/diag.o \
		monitor/node.o monitor/schedrec.o monitor/value.o

$(TESTBIN)/schema: $(SCHEMA_OBJS) libcommon.a
	$(TESTLINK) $(SCHEMA_OBJS) libcommon.a $(BSD_LIBS)
