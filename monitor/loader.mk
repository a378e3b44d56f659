# The loader island.
LOADER_OBJS =	monitor/arena.o monitor/conf.o monitor/conf_cmd.o \
		monitor/conf_access.o monitor/conf_event.o \
		monitor/conf_get.o monitor/conf_http.o \
		monitor/conf_link.o monitor/conf_order.o \
		monitor/conf_python.o monitor/conf_settings.o monitor/conf_task.o \
		monitor/context.o monitor/diag.o monitor/emit.o \
		monitor/expand.o monitor/explain.o monitor/host.o \
		monitor/keys.o monitor/load.o monitor/names.o \
		monitor/node.o monitor/roles.o monitor/taskenv.o \
		monitor/value.o monitor/yaml.o monitor/yaml_fault.o
