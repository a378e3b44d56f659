# Unit tests of spawner/.
SPAWNER_TEST_PROGS = $(TESTBIN)/check_proc $(TESTBIN)/check_planstore

STORE_OBJS =	spawner/planstore.o spawner/proc.o

$(TESTBIN)/check_proc: tests/unit/check_proc.o $(STORE_OBJS) libcommon.a
	$(TESTLINK) tests/unit/check_proc.o $(STORE_OBJS) libcommon.a \
	    $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_planstore: tests/unit/check_planstore.o $(STORE_OBJS) \
    libcommon.a
	$(TESTLINK) tests/unit/check_planstore.o $(STORE_OBJS) libcommon.a \
	    $(CHECK_LIBS) $(BSD_LIBS)
