# The loader island.
LOADER_OBJS =	monitor/load.o
