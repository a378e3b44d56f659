SPAWNER_OBJS =	spawner/main.o
