# Unit tests of spawner/.
SPAWNER_TEST_PROGS = $(TESTBIN)/check_bind $(TESTBIN)/check_planstore \
		$(TESTBIN)/check_planload $(TESTBIN)/check_proc \
		$(TESTBIN)/check_spawn $(TESTBIN)/check_kept \
		$(TESTBIN)/check_peek $(TESTBIN)/check_sight \
		$(TESTBIN)/check_follow $(TESTBIN)/check_helperlog \
		$(TESTBIN)/check_foreign $(TESTBIN)/blind_spawner

STORE_OBJS =	spawner/planstore.o spawner/proc.o
BIND_OBJS =	spawner/bind.o spawner/pidfile.o spawner/privopen.o \
		spawner/site.o

$(TESTBIN)/check_bind: tests/unit/check_bind.o $(BIND_OBJS) libcommon.a
	$(TESTLINK) tests/unit/check_bind.o $(BIND_OBJS) libcommon.a \
	    $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_planstore: tests/unit/check_planstore.o $(STORE_OBJS) \
    libcommon.a
	$(TESTLINK) tests/unit/check_planstore.o $(STORE_OBJS) libcommon.a \
	    $(CHECK_LIBS) $(BSD_LIBS)

LOAD_OBJS =	spawner/planload.o spawner/planstore.o

$(TESTBIN)/check_planload: tests/unit/check_planload.o $(LOAD_OBJS) \
    libcommon.a
	$(TESTLINK) tests/unit/check_planload.o $(LOAD_OBJS) libcommon.a \
	    $(CHECK_LIBS) $(EVENT_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_proc: tests/unit/check_proc.o $(STORE_OBJS) libcommon.a
	$(TESTLINK) tests/unit/check_proc.o $(STORE_OBJS) libcommon.a \
	    $(CHECK_LIBS) $(BSD_LIBS)

KEPT_OBJS =	spawner/kept.o

$(TESTBIN)/check_kept: tests/unit/check_kept.o $(KEPT_OBJS) libcommon.a
	$(TESTLINK) tests/unit/check_kept.o $(KEPT_OBJS) libcommon.a \
	    $(CHECK_LIBS) $(BSD_LIBS)

PEEK_OBJS =	spawner/peek.o spawner/become.o spawner/launch_$(LAUNCH).o \
		spawner/kproc_$(KPROC).o spawner/watchpid_$(WATCHPID).o

$(TESTBIN)/check_peek: tests/unit/check_peek.o $(PEEK_OBJS) libcommon.a
	$(TESTLINK) tests/unit/check_peek.o $(PEEK_OBJS) libcommon.a \
	    $(CHECK_LIBS) $(EVENT_LIBS) $(BSD_LIBS)

SPAWN_OBJS =	spawner/spawn.o spawner/become.o spawner/launch_$(LAUNCH).o spawner/planstore.o

$(TESTBIN)/check_spawn: tests/unit/check_spawn.o $(SPAWN_OBJS) libcommon.a
	$(TESTLINK) tests/unit/check_spawn.o $(SPAWN_OBJS) libcommon.a \
	    $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_follow: tests/unit/check_follow.o spawner/follow.o \
    libcommon.a
	$(TESTLINK) tests/unit/check_follow.o spawner/follow.o libcommon.a \
	    $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_helperlog: tests/unit/check_helperlog.o \
    spawner/helperlog.o libcommon.a
	$(TESTLINK) tests/unit/check_helperlog.o spawner/helperlog.o \
	    libcommon.a $(CHECK_LIBS) $(EVENT_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_sight: tests/unit/check_sight.o spawner/sight.o libcommon.a
	$(TESTLINK) tests/unit/check_sight.o spawner/sight.o libcommon.a \
	    $(CHECK_LIBS) $(EVENT_LIBS) $(BSD_LIBS)

# On a system that does not tell of the end of processes that are no children.
FOREIGN_OBJS =	spawner/foreign.o spawner/kproc_$(KPROC).o \
		spawner/watchpid_none.o $(STORE_OBJS)

$(TESTBIN)/check_foreign: tests/unit/check_foreign.o $(FOREIGN_OBJS) \
    libcommon.a
	$(TESTLINK) tests/unit/check_foreign.o $(FOREIGN_OBJS) libcommon.a \
	    $(CHECK_LIBS) $(EVENT_LIBS) $(BSD_LIBS)

BLIND_OBJS =	$(SPAWNER_OBJS:watchpid_$(WATCHPID).o=watchpid_none.o)

$(TESTBIN)/blind_spawner: $(BLIND_OBJS) libcommon.a
	$(TESTLINK) $(BLIND_OBJS) libcommon.a $(EVENT_LIBS) $(BSD_LIBS)
