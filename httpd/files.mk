HTTPD_OBJS =	httpd/main.o
