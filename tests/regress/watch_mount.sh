# A file system is mounted over a directory on the way to a file, and
# unmounted: what is there then is followed.  In mounts of our own.
. "${0%/*}/lib.sh"

if [ "${IN_MOUNTS:-no}" = no ]; then
	[ $ROOT = yes ] || skip 'only root may mount'
	command -v unshare >/dev/null || skip 'no unshare(1)'
	unshare -m true 2>/dev/null || skip 'no mounts of our own are allowed'
	trap - EXIT
	IN_MOUNTS=yes TEST_TMP=$T own_tmp=${own_tmp:-} \
	    exec unshare -m --propagation private sh "$0"
fi

mkdir "$T/m" "$T/m/d"
echo below >"$T/m/d/f"
conf <<CONF
tasks:
  a:
    commands:
      start: ["$TASK"]
      f: $(act f)
    events: { type: file_change, path: "$T/m/d/f", command: f }
CONF
daemon
wait_for 10 runs a

mount -t tmpfs tmpfs "$T/m" || skip 'tmpfs cannot be mounted'
watch_for 1 acted_only f 0
mkdir "$T/m/d"
put "$T/m/d/f" above
exactly f 1
rewrite "$T/m/d/f" above 2
exactly f 2
note 'mounted over'

umount "$T/m" || fail 'umount: is something in there?'
exactly f 3
rewrite "$T/m/d/f" below 2
exactly f 4
note 'unmounted'

k=4
for i in 1 2; do
	mount -t tmpfs tmpfs "$T/m"
	mkdir "$T/m/d"
	put "$T/m/d/f" above $i
	k=$((k + 1))
	exactly f $k
	umount -l "$T/m"
	k=$((k + 1))
	exactly f $k
done
note 'again'
finish
