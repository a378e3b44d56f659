# The system's limit of watches is reached: the files left over are looked at
# by a timer, the daemon says so, and no change is lost.  The limit is that
# of a user namespace of our own.
. "${0%/*}/lib.sh"

limit=/proc/sys/user/max_inotify_watches
DIRS=8
if [ "${IN_LIMIT:-no}" = no ]; then
	[ -e $limit ] || skip 'no inotify'
	command -v unshare >/dev/null || skip 'no unshare(1)'
	unshare -U --map-root-user sh -c "echo 100 >$limit" 2>/dev/null ||
	    skip 'no user namespace of our own is allowed'
	# The directories that lead to ours, and a few of ours.
	most=$(($(echo "$T" | tr -cd / | wc -c) + 1 + DIRS / 2))
	trap - EXIT
	IN_LIMIT=yes TEST_TMP=$T own_tmp=${own_tmp:-} \
	    exec unshare -U --map-root-user sh -c "echo $most >$limit &&
	    exec unshare -U --map-user=1000 --map-group=1000 sh '$0'"
fi

i=0
while [ $i -lt $DIRS ]; do
	mkdir "$T/d$i"
	echo one >"$T/d$i/f"
	i=$((i + 1))
done
{
	echo 'tasks:'
	i=0
	while [ $i -lt $DIRS ]; do
		cat <<CONF
  t$i:
    commands: { start: ["$TASK"], act: $(act t$i) }
    events: { type: file_change, path: "$T/d$i/f", command: act }
CONF
		i=$((i + 1))
	done
} | conf
daemon
wait_for 10 runs t$((DIRS - 1))
wait_for 10 logged 'watched files are looked at every'
wait_for 10 logged 'the system.s limit of watched directories is reached'
ctl status | grep -q 'the system.s limit of watched directories' ||
    fail 'status does not say so'
ctl -j status | grep -q 'watched files are looked at every' ||
    fail 'status does not say so to programs'

i=0
while [ $i -lt $DIRS ]; do
	rewrite "$T/d$i/f" two
	i=$((i + 1))
done
i=0
while [ $i -lt $DIRS ]; do
	wait_for 20 acted t$i 1
	i=$((i + 1))
done
# Two sweeps.
sweeps=$(($(now_ms) + 5000))
swept()
{
	[ "$(now_ms)" -ge $sweeps ]
}
wait_for 30 swept
i=0
while [ $i -lt $DIRS ]; do
	acted_only t$i 1 || fail "t$i: acted on $(acts t$i) times"
	i=$((i + 1))
done
note 'all of them, and once'

# Written slowly, where no hint tells of it.
last=$((DIRS - 1))
keep_writing "$T/d$last/f" 4000
wait_for 20 acted t$last 2
note 'written for a while'
finish
