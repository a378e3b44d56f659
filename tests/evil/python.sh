# deadline: 240
# Interpreters that lie about the modules of a script, in every way: floods,
# garbage, no end, mazes.  Each is bounded in time and memory; what else the
# task follows works, and so do the others.
. "${0%/*}/lib.sh"

peak_of()
{
	sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\) kB$/\1/p' "/proc/$1/status"
}

all='flood nuls lines garbage million long never deaf heir crash places maze
    silent honest'

# liar NAME: what it does when it is asked for modules, as a shell script.
liar()
{
	{
		echo '#!/bin/sh'
		echo "if [ \"\$1\" != -c ]; then exec $TASK; fi"
		echo "echo \$\$ >>$RUNDIR/liars"
		cat
	} >"$T/python-$1"
	chmod 755 "$T/python-$1"
}
liar flood <<'L'
yes /some/where | tr '\n' '\0'
L
liar nuls <<'L'
exec cat /dev/zero
L
liar lines <<'L'
exec yes
L
liar garbage <<'L'
exec head -c 400000 /dev/urandom
L
liar million <<'L'
awk 'BEGIN { for (i = 0; i < 1000000; i++) printf "/%d%c", i, 0 }'
L
liar long <<'L'
{ printf /; head -c 1000000 /dev/zero | tr '\0' x; printf '\0'; } 2>&1
L
liar never <<'L'
trap '' TERM HUP INT
while :; do sleep 1000; done
L
liar deaf <<'L'
exec >&- 2>&-
trap '' TERM
while :; do sleep 1000; done
L
# It leaves somebody behind who keeps the pipe.
liar heir <<L
setsid sh -c 'echo \$\$ >$RUNDIR/heir; exec sleep 1000' &
exit 0
L
liar crash <<'L'
printf '/a\0'
kill -SEGV $$
L
liar places <<L
printf '/etc/shadow\\0/proc/kcore\\0/proc/self/mem\\0/dev/zero\\0/dev/tty\\0'
printf '$T/fifo\\0$T/../../../../etc\\0/proc/1/root/x\\0//\\0/\\0\\001\\0'
printf '/tmp/\\033[2J\\0%%s%%n\\0/%%s%%n%%x\\0$T/loop/loop\\0'
L
liar maze <<L
awk 'BEGIN { for (i = 0; i < 4000; i++) printf "$T/maze/l0/%d%c", i, 0 }'
L
liar silent <<'L'
exit 0
L
liar honest <<L
printf '$T/mod.honest\\0'
L
mkfifo "$T/fifo"
ln -s loop "$T/loop"
mkdir "$T/maze" "$T/maze/a"
to=a
for i in 1 2 3 4 5 6 7; do
	to=$to/../$to
done
for i in 0 1 2 3 4 5 6 7 8 9; do
	ln -s "$to/../l$((i + 1))" "$T/maze/l$i"
done
ln -s a "$T/maze/l10"
{
	echo tasks:
	for n in $all; do
		: >"$T/script.$n"
		: >"$T/mod.$n"
		: >"$T/file.$n"
		cat <<CONF
  $n:
    commands:
      start: ["$T/python-$n", "$T/script.$n"]
      file: $(act "file.$n")
      script: $(act "script.$n")
    events:
      - { type: python, command: script }
      - { type: file_change, path: "$T/file.$n", command: file }
CONF
	done
} | conf
daemon -v
for n in $all; do
	wait_for 20 runs $n
done
m=$(helper monitor)

told()
{
	grep -q "task $1: the modules of .* are not known: .*$2" "$T/log"
}
check_told()
{
	for n in flood nuls lines; do
		wait_for 60 told $n 'says too much'
	done
	wait_for 60 told million 'says too much\|too many'
	wait_for 60 told long 'says too much'
	for n in never deaf heir; do
		wait_for 60 told $n 'takes too long'
	done
	wait_for 60 told crash 'died of it'
	for n in garbage places maze silent honest; do
		wait_for 60 logged "task $n: [0-9]* files of Python"
	done
}
# While they are at it, everybody's files are followed.
for n in $all; do
	put "$T/file.$n" two
done
for n in $all; do
	wait_for 30 acted "file.$n" 1
done
note 'files in the meantime'
check_told
note 'each lie was found out'

# No liar is left, but those who have left us.
liars_gone()
{
	for p in $(cat "$RUNDIR/liars"); do
		gone "$p" || return 1
	done
}
wait_for 30 liars_gone
kill -KILL "$(cat "$RUNDIR/heir")"

for n in $all; do
	acted_only "file.$n" 1 || fail "file.$n: $(acts "file.$n")"
	# Those of /proc and /dev may be new at each look.
	[ $n = places ] || acted_only "script.$n" 0 ||
	    fail "script.$n has not changed"
	put "$T/script.$n" two
	put "$T/mod.$n" two
done
for n in $all; do
	wait_for 60 acted "script.$n" 1
done
note 'and the scripts'
[ "$(helper monitor)" = "$m" ] || fail 'the monitor is another one'
kb=$(peak_of "$m")
note "the monitor had at most $kb kB"
[ "${kb:-0}" -lt 131072 ] || fail "the monitor grew to $kb kB"
wait_for 60 liars_gone
kill -KILL "$(tail -n 1 "$RUNDIR/heir")" 2>/dev/null
rm -f "$T/fifo"
finish
