# What style.md asks and a machine can see.
# once
TOP=$(cd "${0%/*}/../.." && pwd)
cd "$TOP" || exit 1
LC_ALL=C
export LC_ALL
bad=0

sources()
{
	find common spawner monitor httpd logger ctl tests -name '*.[ch]' \
	    ! -path 'tests/out/*' 2>/dev/null
}
scripts()
{
	find tests etc .ci -type f ! -name '*.[chod]' ! -path 'tests/out/*' \
	    ! -path 'tests/golden/*' ! -path 'tests/fuzz/*' 2>/dev/null |
	    while read -r f; do
		case $f in
		*.mk)	;;
		*.sh)	echo "$f" ;;
		*)	head -n 1 "$f" | grep -aq '^#!/bin/\(ba\)\{0,1\}sh' &&
			    echo "$f" ;;
		esac
	    done
}

files=$(mktemp -d "${TMPDIR:-/tmp}/lint.XXXXXX") || exit 1
trap 'rm -rf "$files"' EXIT
sources >"$files/c"
scripts >"$files/sh"
cat "$files/c" "$files/sh" >"$files/all"

complain()
{
	echo "$*"
	bad=1
}

# of LIST COMMAND ...: one run of it over all files of a list.
of()
{
	list=$1
	shift
	xargs "$@" <"$files/$list"
}

[ "$(wc -l <"$files/c")" -gt 50 ] ||
    complain "only $(wc -l <"$files/c") source files: is this the source tree?"

# The head of each file: license, then the paragraph that says what for.
of c awk '
	function fail(why) { print file ": " why; bad = 1 }
	function last() {
		if (file == "")
			return
		if (!holder || !permission)
			fail("no license block at its beginning")
		if (!word)
			fail("no word on what it is for")
		if (lines > 650)
			fail(lines " lines")
	}
	FNR == 1 {
		last(); file = FILENAME; holder = permission = word = 0
	}
	{ lines = FNR }
	FNR == 2 { holder = / \* Copyright \(c\) 2026 The taskforced dev/ }
	/^ \* Permission to use, copy, modify, and / { permission = 1 }
	FNR >= 17 && FNR <= 30 && /^ *(\/\*| \*)/ { word = 1 }
	END { last(); exit bad }' || bad=1

of all awk '
	/[ \t]$/ { print FILENAME ":" FNR ": trailing blanks"; bad = 1 }
	length($0) > 80 || (/\t/ && length($0) > 24) {
		n = split($0, part, "\t")
		col = length(part[1])
		for (i = 2; i <= n; i++)
			col = col - col % 8 + 8 + length(part[i])
		if (col > 80) {
			print FILENAME ":" FNR ": " col " columns"
			bad = 1
		}
	}
	END { exit bad }' || bad=1
while read -r f; do
	[ -z "$(tail -c 1 "$f")" ] || complain "$f: no newline at its end"
done <"$files/all"

# Calls, where no comment and no string names them.
of c awk '
	BEGIN {
		list = "strcpy|strcat|sprintf|vsprintf|gets|alloca|strncpy" \
		    "|strncat|atoi|atol|atoll|atof|strtol|strtoul|strtoll" \
		    "|strtoull|system|popen|mktemp|tmpnam|signal_set"
		re = "(^|[^A-Za-z0-9_.>])(" list ")[ \t]*\\("
	}
	/^ \* / { next }
	{
		gsub(/"[^"]*"/, ""); sub(/\/\*.*\*\//, "")
		if ($0 ~ re) {
			print FILENAME ":" FNR ": a banned call:" $0
			bad = 1
		}
	}
	END { exit bad }' || bad=1

# never WHY PATTERN: no line of a source file looks like that.
never()
{
	of c grep -nE "$2" /dev/null && complain "$1"
}
never 'a typedef of a struct' '^typedef struct|^}[[:space:]]*[a-z_]+_t;'
of c grep -nE '(^|[^:])//' /dev/null | grep -v '"[^"]*//' &&
    complain 'a // comment'
never 'an unfinished place' '\<(TODO|FIXME|HACK)\>'
never 'return without parentheses' '^[[:space:]]*return [^(;]'
never 'blanks where a tab should be' '^ {8}'
exit $bad
