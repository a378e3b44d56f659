# Entity tags: who has an answer is told so, until it changes; and health.
. "${0%/*}/lib.sh"
. "$TOP/tests/httpd/lib.sh"

stand -c -n 3 -l 0:0
url=http://127.0.0.1:$(port_of 0)

not_modified()
{
	expect 304 -H "If-None-Match: $1" "$2"
	[ -z "$(header Content-Type)" ] || fail '304 with a Content-Type'
	[ "$(header ETag)" = "$1" ] || fail 'another ETag'
	expect 304 -I -H "If-None-Match: \"x\", $1" "$2"
}

for p in version tasks config 'tasks?indent=2' 'config?indent=2'; do
	note "$p"
	expect 200 "$url/status/$p"
	tag=$(header ETag)
	[ -n "$tag" ] || fail 'no ETag'
	[ "$(header Cache-Control)" = no-cache ] || fail 'no Cache-Control'
	not_modified "$tag" "$url/status/$p"
	expect 200 -H 'If-None-Match: "other"' "$url/status/$p"
	expect 200 -X POST -H "If-None-Match: $tag" "$url/status/$p"
	expect 304 -H 'If-None-Match: *' "$url/status/$p"
done

note 'another indent is another text'
expect 200 "$url/status/tasks"
tag=$(header ETag)
expect 200 -H "If-None-Match: $tag" "$url/status/tasks?indent=1"

note 'a change is seen'
tell change
expect 200 -H "If-None-Match: $tag" "$url/status/tasks"
[ "$(header ETag)" != "$tag" ] || fail 'the ETag stayed'
tag=$(header ETag)

note 'another monitor counts its changes anew'
tell peer
expect 200 -H "If-None-Match: $tag" "$url/status/tasks"

note 'what is not there or changes has no tag'
expect 404 -H 'If-None-Match: *' "$url/nothing"
expect 202 -H 'If-None-Match: *' "$url/manage/reload"
[ -z "$(header ETag)" ] || fail 'a change has an ETag'
[ "$(header Cache-Control)" = no-store ] || fail 'a change may be stored'

note health
n=$(asked version)
for i in 1 2 3; do
	expect 200 "$url/healthz"
	body_is ok
	type_is text/plain
done
asked_times version $((n + 3)) || fail 'the monitor was not asked each time'
expect 200 -I "$url/healthz"
expect 405 -X PUT "$url/healthz"
tell mute
in_time 800 1900 expect 503 "$url/healthz"
tell kill
expect 503 "$url/healthz"
tell speak
tell peer
expect 200 "$url/healthz"
stand_ends
exit 0
