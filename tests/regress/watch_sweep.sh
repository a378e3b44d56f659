# The last resort: where the system tells nothing of files, all of them are
# looked at from time to time, and no change is lost, nor half of one acted
# on.
. "${0%/*}/lib.sh"

mkdir -p "$T/p/sbin" "$T/p/libexec/taskforced"
cp "$TFD" "$T/p/sbin/taskforced"
cp "$PREFIX/libexec/taskforced/httpd" "$T/p/libexec/taskforced"
cp "$TOP/out/tests/monitor_sweep" "$T/p/libexec/taskforced/monitor"
TFD=$T/p/sbin/taskforced

D=$T/d
mkdir "$D" "$D/one" "$D/two"
echo one >"$D/f"
echo one >"$D/g"
echo one >"$D/one/f"
echo two >"$D/two/f"
ln -s one "$D/link"
config()
{
	conf <<CONF
settings: { settle: 1 }
tasks:
  a:
    commands:
      start: ["$TASK"]
      f: $(act f)
      g: $(act g)
      late: $(act late)
      link: $(act link)
    events:
      - { type: file_change, path: "$D/f", command: f }
      - { type: file_change, path: "$D/g", content: true, command: g }
      - { type: file_change, path: "$D/x/y/z", command: late }
      - { type: file_change, path: "$D/link/f", command: link }
$1
CONF
}
config
daemon
wait_for 10 logged 'no file events: files are looked at every'
wait_for 10 runs a

rewrite "$D/f" two
put "$D/g" one
mkdir -p "$D/x/y"
put "$D/x/y/z" z
rm "$D/link"
ln -s two "$D/link"
for e in f late link; do
	exactly $e 1
done
acted_only g 0 || fail 'the same content was acted on'
note 'each is found, and once'

put "$D/f" three
rm -r "$D/x"
rewrite "$D/g" other
for e in f:2 g:1 late:1; do
	exactly ${e%:*} ${e#*:}
done
mkdir -p "$D/x/y"
put "$D/x/y/z" z
exactly late 2
note 'replaced, removed and made again'

# As long as two looks do not find the same, it is written.
for try in 1 2 3; do
	at_rest 2 acts f
	was=$(acts f)
	keep_writing "$D/f" 5000
	n=$(acts f)
	most=$(most_pause)
	# Else the machine was away for so long that it looked like rest.
	if [ "$most" -lt 900 ]; then
		[ "$n" -eq "$was" ] ||
		    fail "acted on while it was written every $most ms"
		exactly f $((was + 1))
		break
	fi
	note "$most ms without a write: this tells nothing"
done
note 'written for a while'

config "  b: { commands: { start: [\"$TASK\"] } }"
wait_for 15 runs b
note 'the configuration, too'
finish
