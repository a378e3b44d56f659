# More happens than the kernel keeps for us: it says so, all files are looked
# at, and what changed is acted on once.
. "${0%/*}/lib.sh"

most=$(cat /proc/sys/fs/inotify/max_queued_events 2>/dev/null) ||
    skip 'no inotify'
[ "$most" -le 20000 ] || skip "its queue is too long: $most"
mkdir "$T/d" "$T/e"
echo one >"$T/d/f"
echo one >"$T/e/f"
echo one >"$T/e/g"
conf <<CONF
tasks:
  a:
    commands:
      start: ["$TASK"]
      near: $(act near)
      far: $(act far)
      none: $(act none)
    events:
      - { type: file_change, path: "$T/d/f", command: near }
      - { type: file_change, path: "$T/e/f", command: far }
      - { type: file_change, path: "$T/e/g", command: none }
CONF
daemon -v
wait_for 10 runs a

m=$(helper monitor)
kill -STOP "$m"
(cd "$T/d" && awk -v n="$most" 'BEGIN { for (i = 0; i < n; i++) print i }' |
    xargs touch) || fail 'touch'
rewrite "$T/d/f" two
rewrite "$T/e/f" two
kill -CONT "$m"
wait_for 20 logged 'file events were lost'
exactly near 1
exactly far 1
acted_only none 0 || fail 'what did not change was acted on'
[ "$(helper monitor)" = "$m" ] || fail 'the monitor is another one'
note 'lost'

rewrite "$T/d/f" three
exactly near 2
rewrite "$T/e/f" three
exactly far 2
note 'and it goes on as before'
finish
