CTL_OBJS =	ctl/main.o
