# CTL_PARTS is all but main.o: what the unit tests link.
CTL_PARTS =	ctl/action.o ctl/answer.o ctl/conn.o ctl/fail.o \
		ctl/gone.o ctl/output_json.o ctl/output_plain.o ctl/output_text.o \
		ctl/parse.o ctl/select.o ctl/table.o ctl/visible.o
CTL_OBJS =	ctl/main.o $(CTL_PARTS)
