# A change of a file is not lost while the monitor is started anew, nor acted
# on twice; and a path that the monitor may not see is looked at for it.
. "${0%/*}/lib.sh"

another_monitor()
{
	p=$(helper monitor) && [ "$p" != "$1" ] && up
}

mkdir "$T/d" "$T/shut"
echo one >"$T/d/f"
echo one >"$T/d/g"
echo one >"$T/shut/f"
chmod 700 "$T/shut"
conf <<CONF
tasks:
  a:
    commands:
      start: ["$TASK"]
      f: $(act f)
      g: $(act g)
      shut: $(act shut)
    events:
      - { type: file_change, path: "$T/d/f", command: f }
      - { type: file_change, path: ["$T/d/g", "$T/d/none"], command: g }
      - { type: file_change, path: "$T/shut/f", command: shut }
CONF
daemon
wait_for 10 runs a
watch_for 1 acted_only f 0
rewrite "$T/d/f" two
exactly f 1
note 'seen'

m=$(helper monitor)
kill -KILL "$m"
wait_for 20 another_monitor "$m"
watch_for 1 acted_only f 1
[ "$(acts g)" -eq 0 ] || fail 'g has not changed'
note 'a new monitor does not act twice'

m=$(helper monitor)
kill -STOP "$m"
rewrite "$T/d/f" three
rm "$T/d/g"
kill -KILL "$m"
wait_for 20 another_monitor "$m"
exactly f 2
watch_for 1 acted_only g 0
note 'what changed meanwhile is acted on; what only went is not'

put "$T/d/g" new
exactly g 1
note 'and its coming back is'

rewrite "$T/shut/f" two
exactly shut 1
rewrite "$T/shut/f" three
exactly shut 2
note 'where the monitor may not look'
[ "$(acts f)" -eq 2 ] || fail "f: $(acts f)"
finish
