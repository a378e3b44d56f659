# The runtime island.
RUNTIME_OBJS =	monitor/sync.o
