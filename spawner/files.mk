SPAWNER_OBJS =	spawner/main.o spawner/options.o spawner/pidfile.o \
		spawner/helper.o spawner/birth.o spawner/helperlog.o \
		spawner/privopen.o spawner/bind.o spawner/planload.o \
		spawner/planstore.o spawner/kept.o spawner/loadrun.o \
		spawner/reload.o spawner/trial.o spawner/proc.o \
		spawner/spawn.o spawner/become.o \
		spawner/launch_$(LAUNCH).o \
		spawner/follow.o spawner/selfcheck.o spawner/sight.o \
		spawner/orphan.o spawner/peek.o \
		spawner/foreign.o \
		spawner/kproc_$(KPROC).o spawner/watchpid_$(WATCHPID).o \
		spawner/sigchld_$(SIGCHLD).o \
		spawner/children.o spawner/request.o \
		spawner/sync.o spawner/stop.o spawner/web.o \
		spawner/site.o spawner/facts.o
