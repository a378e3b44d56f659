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
 * What the spawner and its long-lived helpers say, put_ and get_ side by
 * side.  The spawner reads R_ messages from a monitor that may be hostile:
 * get_ checks the form, spawner/request.c checks whether it may be asked.
 */

#include "ipc.h"
#include "plan.h"
#include "run.h"
#include "util.h"

static const char *const stage_names[] = {
	[STAGE_NONE] = "none",
	[STAGE_REFUSED] = "refused",
	[STAGE_MEMORY] = "memory",
	[STAGE_FORK] = "fork",
	[STAGE_SETSID] = "setsid",
	[STAGE_STDIO] = "stdio",
	[STAGE_LIMITS] = "limits",
	[STAGE_GROUPS] = "setgroups",
	[STAGE_GID] = "setgid",
	[STAGE_UID] = "setuid",
	[STAGE_CHDIR] = "chdir",
	[STAGE_EXEC] = "exec",
	[STAGE_PIDFILE] = "pidfile",
	[STAGE_CHECK] = "check"
};
_Static_assert(nitems(stage_names) == STAGE_MAX, "a name a stage");

const char *
stage_name(enum stage stage)
{
	if ((unsigned int)stage >= STAGE_MAX)
		return ("?");
	return (stage_names[stage]);
}

static const char *const look_names[] = {
	[LOOK_NONE] = "none",
	[LOOK_REFUSED] = "refused",
	[LOOK_ERROR] = "cannot look",
	[LOOK_NO_FILE] = "no such file",
	[LOOK_UNREADABLE] = "cannot be read",
	[LOOK_GARBAGE] = "names no process",
	[LOOK_DEAD] = "no such process",
	[LOOK_RECYCLED] = "the process is younger than the file",
	[LOOK_OURS] = "names a process of our own",
	[LOOK_DENIED] = "the process is another user's"
};
_Static_assert(nitems(look_names) == LOOK_MAX, "a name a look");

const char *
look_name(enum look look)
{
	if ((unsigned int)look >= LOOK_MAX)
		return ("?");
	return (look_names[look]);
}

static void
put_mono(struct wbuf *w, struct mono t)
{
	put_s64(w, t.ms);
}

static struct mono
get_mono(struct cursor *c)
{
	return ((struct mono){ get_s64(c) });
}

static int
done(const struct cursor *c, bool ok)
{
	return (cursor_done(c) && ok ? 0 : -1);
}

void
put_sync_begin(struct wbuf *w, const struct sync_begin *b)
{
	put_u8(w, b->kind);
	put_u32(w, b->gen);
	put_u32(w, b->ntasks);
	put_u8(w, b->mode);
	put_bool(w, b->config_event);
	put_bool(w, b->load_ok);
	put_s64(w, b->loaded_wall);
	put_s64(w, b->started_wall);
	put_u32(w, b->pid);
	put_u32(w, b->uid);
}

int
get_sync_begin(struct cursor *c, struct sync_begin *b)
{
	b->kind = get_u8(c);
	b->gen = get_u32(c);
	b->ntasks = get_u32(c);
	b->mode = get_u8(c);
	b->config_event = get_bool(c);
	b->load_ok = get_bool(c);
	b->loaded_wall = get_s64(c);
	b->started_wall = get_s64(c);
	b->pid = get_u32(c);
	b->uid = get_u32(c);
	return (done(c, b->kind < SYNC_KIND_MAX &&
	    b->ntasks <= LIMIT_TASKS && b->mode < MODE_MAX));
}

void
put_sync_proc(struct wbuf *w, const struct sync_proc *p)
{
	put_u64(w, p->id);
	put_u32(w, p->task);
	put_u16(w, p->instance);
	put_u8(w, p->kind);
	put_u16(w, p->cmd);
	put_u32(w, p->pid);
	put_u8(w, p->stale);
	put_bool(w, p->foreign);
	put_bool(w, p->watched);
	put_mono(w, p->started);
	put_s64(w, p->started_wall);
	put_mono(w, p->exited);
	put_s64(w, p->exited_wall);
	put_u32(w, p->status);
	put_u8(w, p->last_signal);
	put_mono(w, p->signalled);
	put_u32(w, p->starts);
	put_strn(w, p->name.p, p->name.len);
}

int
get_sync_proc(struct cursor *c, struct sync_proc *p)
{
	p->id = get_u64(c);
	p->task = get_u32(c);
	p->instance = get_u16(c);
	p->kind = get_u8(c);
	p->cmd = get_u16(c);
	p->pid = get_u32(c);
	p->stale = get_u8(c);
	p->foreign = get_bool(c);
	p->watched = get_bool(c);
	p->started = get_mono(c);
	p->started_wall = get_s64(c);
	p->exited = get_mono(c);
	p->exited_wall = get_s64(c);
	p->status = get_u32(c);
	p->last_signal = get_u8(c);
	p->signalled = get_mono(c);
	p->starts = get_u32(c);
	p->name = get_str(c);
	return (done(c, p->kind < PROC_KIND_MAX && p->stale <= STALE_ALL));
}

void
put_note(struct wbuf *w, const struct note *n)
{
	put_u32(w, n->gen);
	put_u8(w, n->kind);
	put_u32(w, n->task);
	put_blob(w, n->blob.p, n->blob.len);
}

int
get_note(struct cursor *c, struct note *n)
{
	n->gen = get_u32(c);
	n->kind = get_u8(c);
	n->task = get_u32(c);
	n->blob = get_blob(c);
	return (done(c, n->kind < NOTE_KIND_MAX &&
	    n->blob.len <= LIMIT_NOTE));
}

void
put_spawned(struct wbuf *w, const struct spawned *s)
{
	put_u64(w, s->id);
	put_u32(w, s->task);
	put_u16(w, s->instance);
	put_u16(w, s->cmd);
	put_u32(w, s->pid);
	put_mono(w, s->at);
	put_s64(w, s->wall);
}

int
get_spawned(struct cursor *c, struct spawned *s)
{
	s->id = get_u64(c);
	s->task = get_u32(c);
	s->instance = get_u16(c);
	s->cmd = get_u16(c);
	s->pid = get_u32(c);
	s->at = get_mono(c);
	s->wall = get_s64(c);
	return (done(c, true));
}

void
put_spawnfail(struct wbuf *w, const struct spawnfail *f)
{
	put_u64(w, f->id);
	put_u32(w, f->task);
	put_u16(w, f->instance);
	put_u16(w, f->cmd);
	put_u8(w, f->stage);
	put_u32(w, f->error);
	put_mono(w, f->at);
	put_s64(w, f->wall);
}

int
get_spawnfail(struct cursor *c, struct spawnfail *f)
{
	f->id = get_u64(c);
	f->task = get_u32(c);
	f->instance = get_u16(c);
	f->cmd = get_u16(c);
	f->stage = get_u8(c);
	f->error = get_u32(c);
	f->at = get_mono(c);
	f->wall = get_s64(c);
	return (done(c, f->stage < STAGE_MAX));
}

void
put_exited(struct wbuf *w, const struct exited *e)
{
	put_u64(w, e->id);
	put_u32(w, e->pid);
	put_u32(w, e->status);
	put_bool(w, e->again);
	put_u8(w, e->last_signal);
	put_mono(w, e->at);
	put_s64(w, e->wall);
}

int
get_exited(struct cursor *c, struct exited *e)
{
	e->id = get_u64(c);
	e->pid = get_u32(c);
	e->status = get_u32(c);
	e->again = get_bool(c);
	e->last_signal = get_u8(c);
	e->at = get_mono(c);
	e->wall = get_s64(c);
	return (done(c, true));
}

void
put_loaded(struct wbuf *w, const struct loaded *l)
{
	put_bool(w, l->ok);
	put_u32(w, l->gen);
	put_u32(w, l->nerrors);
	put_u32(w, l->nwarnings);
}

int
get_loaded(struct cursor *c, struct loaded *l)
{
	l->ok = get_bool(c);
	l->gen = get_u32(c);
	l->nerrors = get_u32(c);
	l->nwarnings = get_u32(c);
	return (done(c, true));
}

void
put_found(struct wbuf *w, const struct found *f)
{
	put_u64(w, f->id);
	put_u32(w, f->task);
	put_u16(w, f->instance);
	put_u32(w, f->pid);
	put_bool(w, f->watched);
	put_u8(w, f->stale);
	put_mono(w, f->started);
	put_s64(w, f->started_wall);
}

int
get_found(struct cursor *c, struct found *f)
{
	f->id = get_u64(c);
	f->task = get_u32(c);
	f->instance = get_u16(c);
	f->pid = get_u32(c);
	f->watched = get_bool(c);
	f->stale = get_u8(c);
	f->started = get_mono(c);
	f->started_wall = get_s64(c);
	return (done(c, f->stale <= STALE_ALL));
}

void
put_notfound(struct wbuf *w, const struct notfound *n)
{
	put_u32(w, n->task);
	put_u16(w, n->instance);
	put_u8(w, n->look);
	put_u32(w, n->error);
	put_u32(w, n->pid);
}

int
get_notfound(struct cursor *c, struct notfound *n)
{
	n->task = get_u32(c);
	n->instance = get_u16(c);
	n->look = get_u8(c);
	n->error = get_u32(c);
	n->pid = get_u32(c);
	return (done(c, n->look < LOOK_MAX));
}

void
put_look_req(struct wbuf *w, const struct look_req *r)
{
	put_u32(w, r->gen);
	put_u32(w, r->task);
	put_u16(w, r->instance);
}

int
get_look_req(struct cursor *c, struct look_req *r)
{
	r->gen = get_u32(c);
	r->task = get_u32(c);
	r->instance = get_u16(c);
	return (done(c, r->instance < LIMIT_INSTANCES));
}

void
put_count_req(struct wbuf *w, const struct count_req *r)
{
	put_u32(w, r->gen);
	put_u32(w, r->task);
	put_u16(w, r->count);
	put_u8(w, r->control);
}

int
get_count_req(struct cursor *c, struct count_req *r)
{
	r->gen = get_u32(c);
	r->task = get_u32(c);
	r->count = get_u16(c);
	r->control = get_u8(c);
	return (done(c, r->count <= LIMIT_INSTANCES &&
	    r->control < CONTROL_MAX));
}

void
put_file_id(struct wbuf *w, const struct file_id *id)
{
	put_u32(w, id->error);
	put_u64(w, id->dev);
	put_u64(w, id->ino);
	put_s64(w, id->size);
	put_s64(w, id->mtime_ns);
}

void
get_file_id(struct cursor *c, struct file_id *id)
{
	id->error = get_u32(c);
	id->dev = get_u64(c);
	id->ino = get_u64(c);
	id->size = get_s64(c);
	id->mtime_ns = get_s64(c);
}

void
put_follow(struct wbuf *w, const struct follow *f)
{
	put_u8(w, f->what);
	put_textn(w, f->path.p, f->path.len);
	put_file_id(w, &f->id);
}

void
get_follow(struct cursor *c, struct follow *f)
{
	f->what = get_u8(c);
	f->path = get_text(c);
	get_file_id(c, &f->id);
	if (f->what >= FOLLOW_MAX || f->path.len == 0 ||
	    f->path.p[0] != '/')
		c->bad = true;
}

void
put_stat_req(struct wbuf *w, const struct stat_req *r)
{
	put_u32(w, r->gen);
	put_u32(w, r->task);
	put_u32(w, r->index);
}

int
get_stat_req(struct cursor *c, struct stat_req *r)
{
	r->gen = get_u32(c);
	r->task = get_u32(c);
	r->index = get_u32(c);
	return (cursor_done(c) ? 0 : -1);
}

void
put_listener(struct wbuf *w, const struct listener *l)
{
	put_u32(w, l->index);
	put_bool(w, l->control);
	put_bool(w, l->tls);
	put_bool(w, l->up);
	put_strn(w, l->addr.p, l->addr.len);
	put_strn(w, l->error.p, l->error.len);
}

int
get_listener(struct cursor *c, struct listener *l)
{
	l->index = get_u32(c);
	l->control = get_bool(c);
	l->tls = get_bool(c);
	l->up = get_bool(c);
	l->addr = get_str(c);
	l->error = get_str(c);
	return (done(c, l->index < LIMIT_LISTEN));
}

void
put_spawn_req(struct wbuf *w, const struct spawn_req *r)
{
	put_u32(w, r->gen);
	put_u32(w, r->task);
	put_u16(w, r->instance);
	put_u32(w, r->again_ms);
}

int
get_spawn_req(struct cursor *c, struct spawn_req *r)
{
	r->gen = get_u32(c);
	r->task = get_u32(c);
	r->instance = get_u16(c);
	r->again_ms = get_u32(c);
	return (done(c, r->instance < LIMIT_INSTANCES));
}

void
put_run_req(struct wbuf *w, const struct run_req *r)
{
	put_u32(w, r->gen);
	put_u32(w, r->task);
	put_u16(w, r->cmd);
	put_u16(w, r->instance);
	put_u64(w, r->id);
}

int
get_run_req(struct cursor *c, struct run_req *r)
{
	r->gen = get_u32(c);
	r->task = get_u32(c);
	r->cmd = get_u16(c);
	r->instance = get_u16(c);
	r->id = get_u64(c);
	return (done(c, r->instance < LIMIT_INSTANCES));
}

void
put_signal_req(struct wbuf *w, const struct signal_req *r)
{
	put_u64(w, r->id);
	put_u8(w, r->sig);
}

int
get_signal_req(struct cursor *c, struct signal_req *r)
{
	r->id = get_u64(c);
	r->sig = get_u8(c);
	return (done(c, r->sig >= 1 && r->sig <= 64));
}

void
put_http_listen(struct wbuf *w, const struct http_listen *l,
    const char *const *allow)
{
	uint32_t i;

	put_u32(w, l->index);
	put_bool(w, l->unix_domain);
	put_bool(w, l->tls);
	put_bool(w, l->client_ca);
	put_bool(w, l->auth);
	put_u32(w, l->timeout_ms);
	put_u32(w, l->hsts_s);
	put_strn(w, l->addr.p, l->addr.len);
	put_u32(w, l->nallow);
	for (i = 0; i < l->nallow; i++)
		put_str(w, allow[i]);
}

int
get_http_listen(struct cursor *c, struct http_listen *l)
{
	uint32_t i;

	l->index = get_u32(c);
	l->unix_domain = get_bool(c);
	l->tls = get_bool(c);
	l->client_ca = get_bool(c);
	l->auth = get_bool(c);
	l->timeout_ms = get_u32(c);
	l->hsts_s = get_u32(c);
	l->addr = get_str(c);
	l->nallow = get_count(c, sizeof(uint16_t));
	l->allow = *c;
	for (i = 0; i < l->nallow; i++)
		get_str(c);
	return (done(c, l->index < LIMIT_LISTEN &&
	    l->nallow <= LIMIT_ALLOW && (l->tls || !l->client_ca)));
}

void
put_http_taken(struct wbuf *w, const struct http_taken *t)
{
	put_u32(w, t->index);
	put_u8(w, t->which);
	put_strn(w, t->error.p, t->error.len);
}

int
get_http_taken(struct cursor *c, struct http_taken *t)
{
	t->index = get_u32(c);
	t->which = get_u8(c);
	t->error = get_str(c);
	return (done(c, t->index < LIMIT_LISTEN &&
	    t->which < HTTP_FILE_MAX));
}

void
put_http_fact(struct wbuf *w, const struct http_fact *f)
{
	put_strn(w, f->name.p, f->name.len);
	put_u32(w, f->starts);
	put_u64(w, f->cpu_ms);
	put_u64(w, f->rss);
}

void
get_http_fact(struct cursor *c, struct http_fact *f)
{
	f->name = get_str(c);
	f->starts = get_u32(c);
	f->cpu_ms = get_u64(c);
	f->rss = get_u64(c);
}
