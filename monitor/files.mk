MONITOR_OBJS =	monitor/main.o monitor/schedrec.o $(LOADER_OBJS) \
		$(RUNTIME_OBJS)

include monitor/loader.mk
include monitor/runtime.mk
