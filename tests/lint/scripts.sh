# Shell scripts parse, and tests keep their rules: they poll with a deadline
# and never sleep a fixed time; they kill only what they started, by its pid;
# and none of the races that once failed by chance comes back.
# once
TOP=$(cd "${0%/*}/../.." && pwd)
cd "$TOP" || exit 1
bad=0
n=0

for f in $(find tests etc .ci -type f ! -name '*.[chod]' \
    ! -path 'tests/out/*'); do
	case $f in
	*.sh)	shell=sh ;;
	*)	shell=$(head -n 1 "$f" | tr -d '\0' |
		    sed -n 's|^#!/bin/\([a-z]*sh\).*|\1|p') ;;
	esac
	[ -n "$shell" ] || continue
	n=$((n + 1))
	command -v "$shell" >/dev/null || continue
	"$shell" -n "$f" || bad=1
	if grep -nE '(^|[^a-z_"])(pkill|killall|pidof|kill -[A-Z]+ -1)( |$)' \
	    "$f" /dev/null | grep -v '^tests/lint/scripts.sh'; then
		echo 'kills by name'
		bad=1
	fi
done
[ $n -gt 20 ] || { echo "only $n scripts: is this the source tree?"; bad=1; }

for f in tests/regress/*.sh tests/evil/*.sh tests/lint/*.sh; do
	# try_for() and watch_for() of the library are where polling is.
	[ "$f" = tests/regress/lib.sh ] && continue
	if grep -nE '^[[:space:]]*sleep[[:space:]]|; *sleep[[:space:]]' "$f" \
	    /dev/null; then
		echo 'sleeps a fixed time'
		bad=1
	fi
	# $(...) is looked at once, before anything is watched.
	if grep -nE '(watch|wait|try)_for [0-9]+ .*\$\(.*\) ' "$f" /dev/null |
	    grep -vF '$(('; then
		echo 'polls what does not change'
		bad=1
	fi
	# Lines of the helpers come by way of the spawner, a little later.
	if grep -nE '^[[:space:]]*logged ' "$f" /dev/null; then
		echo 'does not wait for the log'
		bad=1
	fi
	# Emptied and then written: two changes, when the machine goes away
	# in between.  What is moved to its place as a whole may be made so.
	awk '/file_change|type: (self|python)/ { follows = 1 }
	    /^(daemon|launch)( |$)/ { up = 1 }
	    follows && up && /echo [^|>]*[^>]>"?[$]/ && !/[.]new/ {
		print FILENAME ":" NR ":" $0
		found = 1
	    }
	    END { exit found }' "$f" || {
		echo 'changes in two steps what is followed: put or rewrite it'
		bad=1
	}
	# Who says that it started may be late to say so, and another not.
	if grep -nE 'event_ms start.* - \$\(event_ms start' "$f" /dev/null
	then
		echo 'measures from what may be said late'
		bad=1
	fi
	# What is waited for may have come before it was counted.
	awk '/acted [^ ]+ [$][(][(]was [+] 1/ && last ~ /was=[$][(]acts / {
		print FILENAME ":" NR ":" $0
		found = 1
	    }
	    { last = $0 }
	    END { exit found }' "$f" || {
		echo 'counts after the change what comes of it'
		bad=1
	}
done
exit $bad
