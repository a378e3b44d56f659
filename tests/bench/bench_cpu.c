/*
 * Copyright (c) 2026 The taskforced developers
 *
 * Permission to use, copy, modify, and distribute this software for any
 * purpose with or without fee is hereby granted, provided that the above
 * copyright notice and this permission notice appear in all copies.
 *
 * THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES
 * WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
 * MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR
 * ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
 * WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
 * ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF
 * OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.
 */

/*
 * CPU time, in microseconds on stdout, which a busy machine does not make
 * longer:
 *
 *	bench_cpu -y file	of libyaml alone for a file: the yardstick of
 *				the loader; the least of three rounds
 *	bench_cpu command ...	of a command and all that it has waited for
 */

#include <sys/resource.h>
#include <sys/wait.h>

#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <yaml.h>

#define ROUNDS	3

static long long
cpu_us(int who)
{
	struct rusage ru;

	if (getrusage(who, &ru) == -1)
		err(1, "getrusage");
	return ((ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) * 1000000LL +
	    ru.ru_utime.tv_usec + ru.ru_stime.tv_usec);
}

static void
parse(FILE *f)
{
	yaml_parser_t parser;
	yaml_event_t ev;
	int over;

	rewind(f);
	if (!yaml_parser_initialize(&parser))
		errx(1, "yaml_parser_initialize");
	yaml_parser_set_input_file(&parser, f);
	do {
		if (!yaml_parser_parse(&parser, &ev))
			errx(1, "line %zu: %s", parser.problem_mark.line + 1,
			    parser.problem);
		over = ev.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&ev);
	} while (!over);
	yaml_parser_delete(&parser);
}

static long long
yaml(const char *path)
{
	long long least = -1, t;
	FILE *f;
	int i;

	if ((f = fopen(path, "r")) == NULL)
		err(1, "%s", path);
	for (i = 0; i < ROUNDS; i++) {
		t = cpu_us(RUSAGE_SELF);
		parse(f);
		t = cpu_us(RUSAGE_SELF) - t;
		if (least == -1 || t < least)
			least = t;
	}
	fclose(f);
	return (least);
}

static long long
command(char **argv)
{
	int status;
	pid_t pid;

	if ((pid = fork()) == -1)
		err(1, "fork");
	if (pid == 0) {
		execvp(argv[0], argv);
		err(127, "%s", argv[0]);
	}
	if (waitpid(pid, &status, 0) == -1)
		err(1, "waitpid");
	if (status != 0)
		errx(1, "%s: status 0x%x", argv[0], (unsigned int)status);
	return (cpu_us(RUSAGE_CHILDREN));
}

int
main(int argc, char **argv)
{
	if (argc < 2)
		errx(2, "usage: bench_cpu -y file | command ...");
	printf("%lld\n", strcmp(argv[1], "-y") == 0 && argc == 3 ?
	    yaml(argv[2]) : command(argv + 1));
	return (0);
}
