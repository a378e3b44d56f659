# The layers of design.md 5: nothing includes what is above it, the programs
# do not include each other, and the two islands of the monitor share only
# schedrec.h.
# once
TOP=$(cd "${0%/*}/../.." && pwd)
cd "$TOP" || exit 1

for f in common/*.[ch] spawner/*.[ch] monitor/*.[ch] httpd/*.[ch] \
    logger/*.[ch] ctl/*.[ch]; do
	[ -f "$f" ] && sed -n "s|^#[[:blank:]]*include *\"\(.*\)\".*|$f \1|p" \
	    "$f"
done | awk '
BEGIN {
	split("log util mono signame utf8 json json_indent wire states " \
	    "prefix", l1)
	for (i in l1) level[l1[i]] = 1
	level["imsg"] = 2
	level["ipc"] = 3
	level["chan"] = 4
	split("plan run client answerjson privdrop", l5)
	for (i in l5) level[l5[i]] = 5
}

function dir(path) {
	return path ~ /\// ? substr(path, 1, match(path, /\/[^\/]*$/) - 1) : "."
}

function base(path) {
	sub(/.*\//, "", path)
	sub(/\.[ch]$/, "", path)
	return path
}

function level_of(path) {
	if (base(path) == "config") return 0
	if (dir(path) != "common") return 6
	if (base(path) ~ /^sandbox/) return 5
	if (base(path) ~ /^memfile/) return 1
	if (!(base(path) in level)) {
		print path ": no layer is known for it: add it here"
		bad = 1
		return 6
	}
	return level[base(path)]
}

{
	from = $1
	to = $2
	if (to ~ /^\.\.\//) sub(/^\.\.\//, "", to)
	else to = dir(from) "/" to
	if (level_of(to) > level_of(from)) {
		print from " includes " to ", which is above it"
		bad = 1
	}
	if (dir(to) != "common" && base(to) != "config" &&
	    dir(to) != dir(from)) {
		print from " includes " to " of another program"
		bad = 1
	}
	n++
}

END {
	if (n < 50) {
		print "only " n " includes found: is this the source tree?"
		bad = 1
	}
	exit bad
}' || exit 1

# The islands: which object belongs where is said by the make fragments.
island()
{
	grep -o 'monitor/[a-z0-9_]*\.o' "monitor/$1.mk" |
	    sed 's|.*/\(.*\)\.o|\1|' | sort -u | tr '\n' ' '
}

includes()
{
	sed -n 's/^#include "\([a-z0-9_]*\)\.h"/\1/p' "$1" 2>/dev/null
}

# apart MINE THEIRS
apart()
{
	[ -n "$1" ] || { echo 'an island has no objects?'; exit 1; }
	for m in $1; do
		for i in $(includes "monitor/$m.c") \
		    $(includes "monitor/$m.h"); do
			case " $2" in
			*" $i "*)
				echo "monitor/$m: $i.h is of the other island"
				bad=1
				;;
			esac
		done
	done
}

bad=0
loader=$(island loader)
runtime=$(island runtime)
apart "$loader" "$runtime"
apart "$runtime" "$loader"
exit $bad
