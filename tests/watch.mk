# Tests of the path table, over a file system of their own.
WATCH_TEST_PROGS = $(TESTBIN)/monitor_sweep $(TESTBIN)/check_pymod \
		$(TESTBIN)/check_watch \
		$(TESTBIN)/check_watch_kqueue \
		$(TESTBIN)/check_watch_walk

$(TESTBIN)/check_watch: tests/unit/check_watch.o $(WATCHTAB_OBJS) libcommon.a
	$(TESTLINK) tests/unit/check_watch.o $(WATCHTAB_OBJS) libcommon.a \
	    $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_watch_walk: tests/unit/check_watch_walk.o $(WATCHTAB_OBJS) \
    libcommon.a
	$(TESTLINK) tests/unit/check_watch_walk.o $(WATCHTAB_OBJS) \
	    libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

# What is for BSD, over a kqueue of the test's own.
$(TESTBIN)/watch_kqueue.o: monitor/watch_kqueue.c monitor/hints.h \
    monitor/watch.h tests/lint/bsd/sys/event.h
	@mkdir -p -m 755 $(TESTBIN)
	$(CC) $(ALL_CFLAGS) -Itests/lint/bsd -c -o $@ monitor/watch_kqueue.c

KQUEUE_TEST_OBJS = tests/unit/check_watch_kqueue.o $(TESTBIN)/watch_kqueue.o \
		monitor/watch_fs.o $(WATCHTAB_OBJS)

$(TESTBIN)/check_watch_kqueue: $(KQUEUE_TEST_OBJS) libcommon.a
	$(TESTLINK) $(KQUEUE_TEST_OBJS) libcommon.a $(CHECK_LIBS) \
	    $(EVENT_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_pymod: tests/unit/check_pymod.o monitor/pymod.o libcommon.a
	$(TESTLINK) tests/unit/check_pymod.o monitor/pymod.o libcommon.a \
	    $(CHECK_LIBS) $(EVENT_LIBS) $(BSD_LIBS)

# The monitor of a system that tells nothing of files.
SWEEP_OBJS =	$(MONITOR_OBJS:watch_$(WATCH).o=watch_sweep.o)

$(TESTBIN)/monitor_sweep: $(SWEEP_OBJS) libcommon.a
	$(TESTLINK) $(SWEEP_OBJS) libcommon.a $(YAML_LIBS) $(EVENT_LIBS) \
	    $(SECCOMP_LIBS) $(BSD_LIBS)
