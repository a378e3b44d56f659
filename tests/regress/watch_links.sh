# Symbolic links anywhere on the way to a file: in the middle, in a chain,
# relative, to what is not there yet, in a circle; each may come to lead
# elsewhere, and what it leads to then is followed.
. "${0%/*}/lib.sh"

# lead TARGET LINK: as a careful installer does it, at once.
lead()
{
	rm -f "$2.new"
	ln -s "$1" "$2.new"
	mv -fT "$2.new" "$2" 2>/dev/null || mv -fh "$2.new" "$2"
}

D=$T/d
mkdir -p "$D/releases/1" "$D/releases/2" "$D/etc" "$D/far"
for i in 1 2; do
	echo $i >"$D/releases/$i/conf"
done
ln -s releases/1 "$D/current"
ln -s ../current/conf "$D/etc/conf"
ln -s "$D/etc/conf" "$D/chain"
ln -s none "$D/dangling"
ln -s round "$D/about"
ln -s about "$D/round"
conf <<CONF
tasks:
  a:
    commands:
      start: ["$TASK"]
      middle: $(act middle)
      chain: $(act chain)
      dots: $(act dots)
      dangling: $(act dangling)
      round: $(act round)
    events:
      - { type: file_change, path: "$D/current/conf", command: middle }
      - { type: file_change, path: "$D/chain", command: chain }
      - { type: file_change, path: "$D/far/.././current/../1/conf",
          command: dots }
      - { type: file_change, path: "$D/dangling", command: dangling }
      - { type: file_change, path: "$D/round", command: round }
CONF
daemon
wait_for 10 runs a

lead releases/2 "$D/current"
exactly middle 1
exactly chain 1
acted_only dots 0 || fail 'the same file by another way has not changed'
note 'a directory on the way'

rewrite "$D/releases/2/conf" 22
exactly middle 2
exactly chain 2
rewrite "$D/releases/1/conf" 11
exactly dots 1
acted_only middle 2 || fail 'what it led to before is still followed'
note 'what it leads to now, and no longer what it led to'

put "$D/far/conf" far
lead "$D/far/conf" "$D/etc/conf"
exactly chain 3
acted_only middle 2 || fail middle
rewrite "$D/far/conf" farther
exactly chain 4
note 'in the middle of a chain'

put "$D/none" late
exactly dangling 1
rewrite "$D/none" later
exactly dangling 2
note 'to what was not there'

lead none "$D/about"
exactly round 1
rewrite "$D/none" again
exactly round 2
exactly dangling 3
note 'out of a circle'

# The file itself becomes a link, and the link a file.
mv "$D/releases/2/conf" "$D/releases/2/real"
ln -s real "$D/releases/2/conf"
watch_for 1 acted_only middle 2
echo more >>"$D/releases/2/real"
exactly middle 3
rm "$D/releases/2/conf"
put "$D/releases/2/conf" file
exactly middle 4
echo more >>"$D/releases/2/real"
watch_for 1 acted_only middle 4
note 'a file for a link'
finish
