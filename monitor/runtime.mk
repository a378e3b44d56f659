# The runtime island.  The scheduler is a list of its own: the simulator
# links it without the rest.
SCHED_OBJS =	monitor/sched.o monitor/sched_cmd.o monitor/sched_event.o \
		monitor/sched_graph.o monitor/sched_note.o \
		monitor/sched_probe.o monitor/sched_request.o \
		monitor/sched_state.o monitor/sched_stop.o \
		monitor/sched_sync.o monitor/sched_task.o \
		monitor/sched_time.o monitor/sched_update.o monitor/slot.o

# The path table is one, too: its tests bring a file system of their own.
WATCHTAB_OBJS =	monitor/watch.o monitor/watch_dir.o monitor/watch_walk.o
WATCH_OBJS =	monitor/pymod.o monitor/watch_$(WATCH).o monitor/watch_fs.o \
		monitor/watch_lock.o monitor/watch_note.o \
		monitor/watch_own.o \
		monitor/watch_table.o \
		monitor/watch_task.o monitor/watcher.o $(WATCHTAB_OBJS)

RUNTIME_OBJS =	monitor/runtime.o monitor/sync.o monitor/act.o \
		monitor/report.o monitor/client.o monitor/ask.o \
		monitor/answer.o monitor/target.o monitor/status.o monitor/listeners.o \
		monitor/why.o monitor/remedy.o monitor/request.o \
		monitor/apply.o monitor/wait.o \
		monitor/reload.o monitor/plan.o monitor/outcome.o \
		monitor/alerts.o monitor/loadanswer.o monitor/match.o \
		$(WATCH_OBJS) $(SCHED_OBJS)
