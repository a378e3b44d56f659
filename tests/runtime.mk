# Tests of the runtime island: the simulator, and units of its parts.
SIM_OBJS =	tests/sim/sim.o tests/sim/hist.o tests/sim/world.o \
		tests/sim/monitor.o tests/sim/check.o tests/sim/gen.o

RUNTIME_TEST_PROGS = $(TESTBIN)/sim

$(TESTBIN)/sim: $(SIM_OBJS) $(SCHED_OBJS) monitor/schedrec.o libcommon.a
	$(TESTLINK) $(SIM_OBJS) $(SCHED_OBJS) monitor/schedrec.o \
	    libcommon.a $(BSD_LIBS)
