# CTL_PARTS is all but main.o: what the unit tests link.
CTL_PARTS =	ctl/answer.o ctl/change.o ctl/conn.o ctl/daemon.o ctl/fail.o \
		ctl/gone.o ctl/load.o ctl/output_json.o ctl/output_plain.o \
		ctl/output_text.o ctl/parse.o ctl/select.o ctl/status.o \
		ctl/suggest.o ctl/table.o ctl/talk.o ctl/text_change.o ctl/text_status.o \
		ctl/visible.o
CTL_OBJS =	ctl/main.o $(CTL_PARTS)
