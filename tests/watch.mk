# Tests of the path table, over a file system of their own.
WATCH_TEST_PROGS = $(TESTBIN)/check_watch \
		$(TESTBIN)/check_watch_walk

$(TESTBIN)/check_watch: tests/unit/check_watch.o $(WATCHTAB_OBJS) libcommon.a
	$(TESTLINK) tests/unit/check_watch.o $(WATCHTAB_OBJS) libcommon.a \
	    $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_watch_walk: tests/unit/check_watch_walk.o $(WATCHTAB_OBJS) \
    libcommon.a
	$(TESTLINK) tests/unit/check_watch_walk.o $(WATCHTAB_OBJS) \
	    libcommon.a $(CHECK_LIBS) $(BSD_LIBS)
