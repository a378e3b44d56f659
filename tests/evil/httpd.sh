# deadline: 300
# A hostile httpd: towards the spawner it is ended and started again; towards
# the monitor it loses its channel at most.  Tasks, monitor and daemon live,
# and the right to change anything never comes from a message.
. "${0%/*}/lib.sh"

command -v curl >/dev/null || skip 'no curl(1)'

side_by_side attack_httpd s_exit s_crash s_role s_version s_hello s_unknown \
    s_monitor s_spawn s_stop s_plan s_long s_taken s_index s_huge \
    s_junk s_fd s_twice s_flood s_facts_early s_facts_long s_facts_flood
side_by_side attack_httpd m_version m_role m_skip m_unknown m_spawn m_sync \
    m_short m_count m_huge m_junk m_fd m_fdflood m_half m_flood
exit 0
