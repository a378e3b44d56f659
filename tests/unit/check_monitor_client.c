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
 * The monitor as it is built, towards its clients: who is answered what, and
 * that neither garbage nor silence of one harms it or the others.
 */

#include <sys/stat.h>

#include "monitor_rig.h"
#include "suite.h"

START_TEST(status_by_name_pattern_and_all)
{
	struct imsgbuf	*b;

	birth();
	sync_n(1, 12, true);
	b = client(RIGHT_STATUS);
	ask_status(b, 1, NULL);
	ck_assert_uint_eq(read_status(b, 1), 12);
	ask_status(b, 2, "all");
	ck_assert_uint_eq(read_status(b, 2), 12);
	ask_status(b, 3, "t3");
	ck_assert_uint_eq(read_status(b, 3), 1);
	ask_status(b, 4, "t1*");
	ck_assert_uint_eq(read_status(b, 4), 3);
	ask_status(b, 5, "nobody");
	expect_fail(b, 5, FAIL_NOT_FOUND);
	ask_status(b, 6, "@role");
	expect_fail(b, 6, FAIL_NOT_FOUND);
	death();
}
END_TEST

START_TEST(questions_before_the_first_sync_wait)
{
	struct imsgbuf	*b;

	birth();
	b = client_raw(RIGHT_STATUS);
	put_hello(imsgbuf_begin(b, M_HELLO, 0), ROLE_CTL);
	end(b);
	ask_status(b, 1, NULL);
	sync_n(1, 2, true);
	{
		struct imsg	 m;

		expect(b, M_HELLO, &m, NULL);
	}
	ck_assert_uint_eq(read_status(b, 1), 2);
	death();
}
END_TEST

START_TEST(who_may_see_may_not_change)
{
	static const uint16_t	 types[] = { C_RELOAD, C_SHUTDOWN, C_RESET };
	struct imsgbuf		*b;
	uint32_t		 i;

	birth();
	sync_n(1, 1, true);
	b = client(RIGHT_STATUS);
	for (i = 0; i < nitems(types); i++) {
		empty(b, types[i], i, -1);
		expect_fail(b, i, FAIL_DENIED);
	}
	/* It lives, and nothing of it went to the spawner. */
	ask_status(b, 9, NULL);
	ck_assert_uint_eq(read_status(b, 9), 1);
	empty(client(RIGHT_STATUS | RIGHT_MANAGE), C_RESET, 1, -1);
	{
		struct imsg	 m;
		struct cursor	 c;

		expect(spawner, R_STOPREQ, &m, &c);
		ck_assert_uint_eq(get_u8(&c), MODE_RESET);
	}
	death();
}
END_TEST

START_TEST(changed_comes_once_until_asked_again)
{
	struct exited	 e = { .id = 100, .pid = 1000, .at = mono_now() };
	struct imsgbuf	*b;
	struct imsg	 m;

	birth();
	sync_n(1, 3, true);
	b = client(RIGHT_STATUS);
	empty(b, C_SUBSCRIBE, 1, -1);
	expect(b, A_OK, &m, NULL);
	for (; e.id < 102; e.id++) {
		put_exited(imsgbuf_begin(spawner, S_EXITED, 0), &e);
		end(spawner);
	}
	expect(b, A_CHANGED, &m, NULL);
	ask_status(b, 2, NULL);
	ck_assert_uint_eq(read_status(b, 2), 3);
	put_exited(imsgbuf_begin(spawner, S_EXITED, 0), &e);
	end(spawner);
	expect(b, A_CHANGED, &m, NULL);
	death();
}
END_TEST

START_TEST(one_that_does_not_read_is_alone_in_that)
{
	struct imsgbuf	*slow, *quick;
	uint32_t	 i;

	birth();
	sync_n(1, 4000, true);
	slow = client(RIGHT_STATUS);
	quick = client(RIGHT_STATUS);
	for (i = 0; i < 20; i++)
		ask_status(slow, i, NULL);
	for (i = 0; i < 3; i++) {
		ask_status(quick, 50 + i, NULL);
		ck_assert_uint_eq(read_status(quick, 50 + i), 4000);
	}
	for (i = 0; i < 20; i++)
		ck_assert_uint_eq(read_status(slow, i), 4000);
	death();
}
END_TEST

START_TEST(a_reload_amid_an_answer_ends_it)
{
	struct imsgbuf	*slow;
	struct imsg	 m;

	birth();
	sync_n(1, 20000, true);
	slow = client(RIGHT_STATUS);
	ask_status(slow, 1, NULL);
	ask_status(slow, 2, "t1");
	expect(slow, A_SUMMARY, &m, NULL);
	sync_n(2, 3, true);
	do {
		ck_assert(get(slow, &m));
		ck_assert_uint_ne(m.type, A_END);
	} while (m.type != A_FAIL);
	ck_assert_uint_eq(read_status(slow, 2), 1);
	death();
}
END_TEST

/* Whatever a client writes, it harms nobody but itself. */
START_TEST(garbage_of_a_client_ends_that_client)
{
	struct imsgbuf	*b, *good;
	struct imsg	 m;
	char		 junk[600];
	unsigned int	 i, k;

	birth();
	sync_n(1, 1, true);
	good = client(RIGHT_STATUS);
	for (i = 0; i < 40; i++) {
		b = client(RIGHT_STATUS | RIGHT_MANAGE);
		for (k = 0; k < sizeof(junk); k++)
			junk[k] = (i * 2654435761U + k * 40503U) >> (i % 16);
		ck_assert_int_gt(write(imsgbuf_fd(b), junk,
		    sizeof(junk)), 0);
		while (get(b, &m))
			;
		hang_up(b);
	}
	/* Well framed, and wrong: counts that lie, questions for others. */
	for (i = 0; i < 4; i++) {
		struct wbuf	*w;

		b = client(RIGHT_STATUS);
		switch (i) {
		case 0:
			put_u32(imsgbuf_begin(b, C_STATUS, 1), 0xffffffff);
			break;
		case 1:
			w = imsgbuf_begin(b, C_STATUS, 1);
			put_u32(w, 1);
			put_u16(w, 500);
			break;
		case 2:
			put_u32(imsgbuf_begin(b, R_RELOAD, 1), 1);
			break;
		case 3:
			put_u32(imsgbuf_begin(b, C_VERSION, 1), 1);
			break;
		}
		end(b);
		ck_assert(!get(b, &m));
		hang_up(b);
	}
	ask_status(good, 9, NULL);
	ck_assert_uint_eq(read_status(good, 9), 1);
	ck_assert_int_eq(death(), 0);
}
END_TEST

START_TEST(the_control_socket_knows_who_asks)
{
	struct imsgbuf	*b;
	struct imsg	 m;
	char		 path[104];

	/* Root may all, and who runs the daemon; here that is another. */
	sync_uid = geteuid() + 1;
	birth();
	empty(spawner, S_CTLSOCK, 0, listener(path, sizeof(path)));
	sync_n(1, 1, true);
	b = dial(path);
	greet(b);
	empty(b, C_RELOAD, 3, -1);
	if (geteuid() == 0)
		expect(spawner, R_RELOAD, &m, NULL);
	else
		expect_fail(b, 3, FAIL_DENIED);
	sync_uid = geteuid();
	sync_n(2, 1, true);
	b = dial(path);
	greet(b);
	empty(b, C_SHUTDOWN, 4, -1);
	expect(b, A_OK, &m, NULL);
	expect(spawner, R_STOPREQ, &m, NULL);
	unlink(path);
	death();
}
END_TEST

START_TEST(a_user_has_so_many_clients_and_no_more)
{
	struct imsgbuf	*b[16], *more;
	struct imsg	 m;
	char		 path[104];
	unsigned int	 i;

	birth();
	empty(spawner, S_CTLSOCK, 0, listener(path, sizeof(path)));
	sync_n(1, 1, true);
	for (i = 0; i < nitems(b); i++) {
		b[i] = dial(path);
		greet(b[i]);
	}
	more = dial(path);
	ck_assert(!get(more, &m));
	/* One goes, one comes. */
	hang_up(b[3]);
	b[3] = NULL;
	ask_status(b[4], 1, NULL);
	ck_assert_uint_eq(read_status(b[4], 1), 1);
	more = dial(path);
	greet(more);
	unlink(path);
	death();
}
END_TEST

/* However many come that may only look, who may stop things gets in. */
START_TEST(others_leave_room_for_root)
{
	struct imsgbuf	*b;
	struct imsg	 m;
	char		 path[104];
	unsigned int	 i, served = 0;

	/* Only root can be so many. */
	if (geteuid() != 0)
		return;
	birth();
	empty(spawner, S_CTLSOCK, 0, listener(path, sizeof(path)));
	ck_assert_int_eq(chmod(path, 0777), 0);
	sync_n(1, 1, true);
	for (i = 0; i < 80; i++) {
		ck_assert_int_eq(seteuid(1001 + i / 16), 0);
		b = dial(path);
		ck_assert_int_eq(seteuid(0), 0);
		put_hello(imsgbuf_begin(b, M_HELLO, 0), ROLE_CTL);
		ck_assert_int_eq(imsgbuf_end(b, -1), 0);
		(void)imsgbuf_flush(b);
		served += get(b, &m);
	}
	ck_assert_uint_ge(served, 32);
	for (i = 0; i < 16; i++) {
		b = dial(path);
		greet(b);
		empty(b, C_RELOAD, i, -1);
		expect(spawner, R_RELOAD, &m, NULL);
	}
	unlink(path);
	death();
}
END_TEST

START_TEST(no_descriptor_left_does_not_spin)
{
	struct imsgbuf	*b, *first;
	struct imsg	 m;
	struct rusage	 ru;
	char		 path[104];
	unsigned int	 i, dropped = 0;

	max_files = 16;
	birth();
	empty(spawner, S_CTLSOCK, 0, listener(path, sizeof(path)));
	sync_n(1, 1, true);
	first = dial(path);
	greet(first);
	for (i = 0; i < 40; i++) {
		b = dial(path);
		put_hello(imsgbuf_begin(b, M_HELLO, 0), ROLE_CTL);
		ck_assert_int_eq(imsgbuf_end(b, -1), 0);
		(void)imsgbuf_flush(b);
		if (!get(b, &m))
			dropped++;
	}
	ck_assert_uint_gt(dropped, 0);
	ask_status(first, 1, NULL);
	ck_assert_uint_eq(read_status(first, 1), 1);
	unlink(path);
	death();
	ck_assert_int_eq(getrusage(RUSAGE_CHILDREN, &ru), 0);
	ck_assert_int_eq(ru.ru_utime.tv_sec + ru.ru_stime.tv_sec, 0);
}
END_TEST

int
main(int argc, char *argv[])
{
	const TTest *const tests[] = {
		status_by_name_pattern_and_all,
		questions_before_the_first_sync_wait,
		who_may_see_may_not_change,
		changed_comes_once_until_asked_again,
		one_that_does_not_read_is_alone_in_that,
		a_reload_amid_an_answer_ends_it,
		garbage_of_a_client_ends_that_client,
		the_control_socket_knows_who_asks,
		a_user_has_so_many_clients_and_no_more,
		others_leave_room_for_root,
		no_descriptor_left_does_not_spin
	};

	if (rig_init(argc, argv) == -1)
		return (2);
	return (SUITE_RUN("monitor_client", tests));
}
