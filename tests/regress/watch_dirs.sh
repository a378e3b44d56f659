# Directories on the way to a file come, go, are replaced and made again,
# with somebody in them or not: what is there in the end is followed.
. "${0%/*}/lib.sh"

D=$T/d
mkdir "$D"
conf <<CONF
tasks:
  a:
    commands:
      start: ["$TASK"]
      deep: $(act deep)
      top: $(act top)
    events:
      - { type: file_change, path: "$D/a/b/c/f", command: deep }
      - { type: file_change, path: "$D/x/f", command: top }
CONF
daemon
wait_for 10 runs a

# One after the other, each when the one before has long been seen.
for d in a a/b a/b/c; do
	mkdir "$D/$d"
	watch_for 1 acted_only deep 0
done
put "$D/a/b/c/f" one
exactly deep 1
rewrite "$D/a/b/c/f" two
exactly deep 2
note 'directories that come one by one'

k=0
for how in all top; do
	for i in 1 2 3; do
		case $how in
		all)	rm -r "$D/a" ;;
		top)	mv "$D/a" "$D/old.$i" ;;
		esac
		mkdir -p "$D/a/b/c"
		put "$D/a/b/c/f" $how $i
		k=$((k + 1))
		exactly deep $((2 + k))
	done
done
rewrite "$D/a/b/c/f" last
exactly deep $((3 + k))
k=$((3 + k))
note 'removed or moved away, and made again'

# Somebody is in it, so that it says nothing of its end.
(cd "$D/a/b/c" && exec sleep 60) &
started="$started $!"
rm -r "$D/a/b/c"
mkdir "$D/a/b/c"
put "$D/a/b/c/f" new
exactly deep $((k + 1))
rewrite "$D/a/b/c/f" newer
exactly deep $((k + 2))
note 'in use, removed and made again'

mkdir "$D/y"
put "$D/y/f" y
mv "$D/y" "$D/x"
exactly top 1
mkdir "$D/z"
put "$D/z/f" z
mv "$D/x" "$D/w"
mv "$D/z" "$D/x"
exactly top 2
rewrite "$D/w/f" w
watch_for 1 acted_only top 2
note 'replaced whole; the old one is not followed'

# A file where a directory was, and the other way round.
rm -r "$D/x"
put "$D/x" file
watch_for 1 acted_only top 2
rm "$D/x"
mkdir "$D/x"
mkdir "$D/x/f"
exactly top 3
rmdir "$D/x/f"
put "$D/x/f" file
exactly top 4
note 'files for directories'
finish
