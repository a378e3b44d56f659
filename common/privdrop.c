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
 * Giving up privilege.  The order is what counts: the root directory while
 * we still may, then groups, then the user, each of the three ids of both,
 * and then the proof that nothing of it can be undone.
 */

#include "config.h"

#include <errno.h>
#include <grp.h>
#include <unistd.h>

#include "privdrop.h"

int
privdrop(uid_t uid, gid_t gid, const char *dir, const char **what)
{
	uid_t ruid, euid, suid;
	gid_t rgid, egid, sgid;

	*what = "chroot";
	if (geteuid() == 0 && dir != NULL && chroot(dir) == -1)
		return (-1);
	*what = "chdir";
	if (chdir("/") == -1)
		return (-1);
	if (geteuid() != 0)
		return (0);

	*what = "setgroups";
	if (setgroups(1, &gid) == -1)
		return (-1);
	*what = "setresgid";
	if (setresgid(gid, gid, gid) == -1)
		return (-1);
	*what = "setresuid";
	if (setresuid(uid, uid, uid) == -1)
		return (-1);

	/* Believe the kernel, not the return values. */
	*what = "verify";
	errno = EPERM;
	if (uid == 0 || gid == 0)
		return (-1);
	if (getresuid(&ruid, &euid, &suid) == -1 ||
	    getresgid(&rgid, &egid, &sgid) == -1)
		return (-1);
	if (ruid != uid || euid != uid || suid != uid ||
	    rgid != gid || egid != gid || sgid != gid)
		return (-1);
	if (setuid(0) != -1 || setgid(0) != -1) {
		errno = EPERM;
		return (-1);
	}
	errno = 0;
	return (0);
}
