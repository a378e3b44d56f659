# What style.md asks and a machine can see.
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

complain()
{
	echo "$*"
	bad=1
}

n=0
for f in $(sources); do
	n=$((n + 1))
	[ "$(sed -n 2p "$f")" = \
	    ' * Copyright (c) 2026 The taskforced developers' ] &&
	    grep -q '^ \* Permission to use, copy, modify, and distribute' \
	    "$f" || complain "$f: no license block at its beginning"
	lines=$(wc -l <"$f")
	[ "$lines" -le 650 ] || complain "$f: $lines lines"
	# After the license, the paragraph that says what the file is for.
	sed -n '17,30p' "$f" | grep -q '^ *\(/\*\| \*\)' ||
	    complain "$f: no word on what it is for"
done
[ $n -gt 50 ] || complain "only $n source files: is this the source tree?"

for f in $(sources) $(scripts); do
	grep -n '[[:blank:]]$' "$f" /dev/null && complain 'trailing blanks'
	expand "$f" | awk -v f="$f" 'length($0) > 80 {
	    print f ":" FNR ": " length($0) " columns"; e = 1 }
	    END { exit e }' || bad=1
	[ -z "$(tail -c 1 "$f")" ] || complain "$f: no newline at its end"
done

# banned WORDS: no such call; comments may name it.
banned()
{
	for f in $(sources); do
		sed 's/"[^"]*"//g; s|/\*.*\*/||; /^ \* /d' "$f" |
		    grep -nE "(^|[^A-Za-z0-9_.>])($1)[[:space:]]*\(" |
		    sed "s|^|$f:|"
	done | grep . && complain "banned: $2"
}
banned 'strcpy|strcat|sprintf|vsprintf|gets|alloca|strncpy|strncat' \
    'calls that cannot see an end'
banned 'atoi|atol|atoll|atof|strtol|strtoul|strtoll|strtoull' 'use strtonum'
banned 'system|popen|mktemp|tmpnam|signal_set' 'unsafe calls'

for f in $(sources); do
	grep -nE '^typedef struct|^}[[:space:]]*[a-z_]+_t;' "$f" /dev/null &&
	    complain 'a typedef of a struct'
	grep -nE '(^|[^:])//' "$f" /dev/null | grep -v '"[^"]*//' &&
	    complain 'a // comment'
	grep -nwE 'TODO|FIXME|HACK' "$f" /dev/null &&
	    complain 'an unfinished place'
	grep -nE '^[[:space:]]*return [^(;]' "$f" /dev/null &&
	    complain 'return without parentheses'
	grep -nE '^ {8}' "$f" /dev/null &&
	    complain 'blanks where a tab should be'
done
exit $bad
