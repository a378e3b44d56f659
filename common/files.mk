COMMON_OBJS =	common/log.o common/util.o common/mono.o common/signame.o \
		common/json.o common/json_indent.o common/utf8.o \
		common/imsg.o common/wire.o common/ipc.o common/chan.o \
		common/plan.o common/run.o common/client.o common/prefix.o \
		common/states.o common/answerjson.o common/privdrop.o \
		common/memfile.o common/memfile_$(MEMFILE).o \
		common/sandbox_$(SANDBOX).o
