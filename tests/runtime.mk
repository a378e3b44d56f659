# Tests of the runtime island: the simulator, and units of its parts.
SIM_OBJS =	tests/sim/sim.o tests/sim/hist.o tests/sim/shrink.o \
		tests/sim/world.o tests/sim/life.o tests/sim/monitor.o \
		tests/sim/request.o tests/sim/trial.o tests/sim/told.o \
		tests/sim/leaving.o tests/sim/check.o tests/sim/views.o \
		tests/sim/event.o \
		tests/sim/rest.o tests/sim/gen.o tests/sim/conf.o

RUNTIME_TEST_PROGS = $(TESTBIN)/sim $(TESTBIN)/bench_sched \
		$(TESTBIN)/check_match \
		$(TESTBIN)/check_monitor \
		$(TESTBIN)/check_monitor_ask \
		$(TESTBIN)/check_monitor_client \
		$(TESTBIN)/check_monitor_plan \
		$(TESTBIN)/check_monitor_wait \
		$(TESTBIN)/check_monitor_why \
		$(TESTBIN)/check_report \
		$(TESTBIN)/check_sched \
		$(TESTBIN)/check_sched_order \
		$(TESTBIN)/check_sched_probe \
		$(TESTBIN)/check_sched_seek \
		$(TESTBIN)/check_sched_request \
		$(TESTBIN)/check_sched_speed \
		$(TESTBIN)/check_sched_event \
		$(TESTBIN)/check_sched_update \
		$(TESTBIN)/check_sched_stop \
		$(TESTBIN)/check_sched_sync \
		$(TESTBIN)/check_sched_time

$(TESTBIN)/sim: $(SIM_OBJS) $(SCHED_OBJS) monitor/schedrec.o libcommon.a
	$(TESTLINK) $(SIM_OBJS) $(SCHED_OBJS) monitor/schedrec.o \
	    libcommon.a $(BSD_LIBS)

$(TESTBIN)/bench_sched: tests/bench/bench_sched.o $(SCHED_OBJS) \
    monitor/schedrec.o libcommon.a
	$(TESTLINK) tests/bench/bench_sched.o $(SCHED_OBJS) \
	    monitor/schedrec.o libcommon.a $(BSD_LIBS)

$(TESTBIN)/check_match: tests/unit/check_match.o monitor/match.o libcommon.a
	$(TESTLINK) tests/unit/check_match.o monitor/match.o libcommon.a \
	    $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_report: tests/unit/check_report.o monitor/report.o \
    monitor/remedy.o $(SCHED_OBJS) monitor/schedrec.o libcommon.a
	$(TESTLINK) tests/unit/check_report.o monitor/report.o \
	    monitor/remedy.o $(SCHED_OBJS) monitor/schedrec.o libcommon.a $(CHECK_LIBS) \
	    $(BSD_LIBS)

$(TESTBIN)/check_sched: tests/unit/check_sched.o $(SCHED_OBJS) \
    monitor/schedrec.o libcommon.a
	$(TESTLINK) tests/unit/check_sched.o $(SCHED_OBJS) \
	    monitor/schedrec.o libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_sched_order: tests/unit/check_sched_order.o $(SCHED_OBJS) \
    monitor/schedrec.o libcommon.a
	$(TESTLINK) tests/unit/check_sched_order.o $(SCHED_OBJS) \
	    monitor/schedrec.o libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_sched_probe: tests/unit/check_sched_probe.o $(SCHED_OBJS) \
    monitor/schedrec.o libcommon.a
	$(TESTLINK) tests/unit/check_sched_probe.o $(SCHED_OBJS) \
	    monitor/schedrec.o libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_sched_seek: tests/unit/check_sched_seek.o $(SCHED_OBJS) \
    monitor/schedrec.o libcommon.a
	$(TESTLINK) tests/unit/check_sched_seek.o $(SCHED_OBJS) \
	    monitor/schedrec.o libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_sched_request: tests/unit/check_sched_request.o $(SCHED_OBJS) \
    monitor/schedrec.o libcommon.a
	$(TESTLINK) tests/unit/check_sched_request.o $(SCHED_OBJS) \
	    monitor/schedrec.o libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_sched_speed: tests/unit/check_sched_speed.o $(SCHED_OBJS) \
    monitor/schedrec.o libcommon.a
	$(TESTLINK) tests/unit/check_sched_speed.o $(SCHED_OBJS) \
	    monitor/schedrec.o libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_sched_event: tests/unit/check_sched_event.o $(SCHED_OBJS) \
    monitor/schedrec.o libcommon.a
	$(TESTLINK) tests/unit/check_sched_event.o $(SCHED_OBJS) \
	    monitor/schedrec.o libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_sched_update: tests/unit/check_sched_update.o $(SCHED_OBJS) \
    monitor/schedrec.o libcommon.a
	$(TESTLINK) tests/unit/check_sched_update.o $(SCHED_OBJS) \
	    monitor/schedrec.o libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_sched_stop: tests/unit/check_sched_stop.o $(SCHED_OBJS) \
    monitor/schedrec.o libcommon.a
	$(TESTLINK) tests/unit/check_sched_stop.o $(SCHED_OBJS) \
	    monitor/schedrec.o libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_sched_sync: tests/unit/check_sched_sync.o $(SCHED_OBJS) \
    monitor/schedrec.o libcommon.a
	$(TESTLINK) tests/unit/check_sched_sync.o $(SCHED_OBJS) \
	    monitor/schedrec.o libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_sched_time: tests/unit/check_sched_time.o \
    monitor/sched_time.o libcommon.a
	$(TESTLINK) tests/unit/check_sched_time.o monitor/sched_time.o \
	    libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

# These run the monitor as it is built.
$(TESTBIN)/check_monitor: tests/unit/check_monitor.o monitor/schedrec.o \
    libcommon.a $(LIBEXEC)/monitor
	$(TESTLINK) tests/unit/check_monitor.o monitor/schedrec.o \
	    libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_monitor_client: tests/unit/check_monitor_client.o monitor/schedrec.o \
    libcommon.a $(LIBEXEC)/monitor
	$(TESTLINK) tests/unit/check_monitor_client.o monitor/schedrec.o \
	    libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_monitor_why: tests/unit/check_monitor_why.o monitor/schedrec.o \
    libcommon.a $(LIBEXEC)/monitor
	$(TESTLINK) tests/unit/check_monitor_why.o monitor/schedrec.o \
	    libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_monitor_ask: tests/unit/check_monitor_ask.o monitor/schedrec.o \
    libcommon.a $(LIBEXEC)/monitor
	$(TESTLINK) tests/unit/check_monitor_ask.o monitor/schedrec.o \
	    libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_monitor_plan: tests/unit/check_monitor_plan.o monitor/schedrec.o \
    libcommon.a $(LIBEXEC)/monitor
	$(TESTLINK) tests/unit/check_monitor_plan.o monitor/schedrec.o \
	    libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_monitor_wait: tests/unit/check_monitor_wait.o monitor/schedrec.o \
    libcommon.a $(LIBEXEC)/monitor
	$(TESTLINK) tests/unit/check_monitor_wait.o monitor/schedrec.o \
	    libcommon.a $(CHECK_LIBS) $(BSD_LIBS)
