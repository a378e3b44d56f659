# deadline: 180
# A hostile monitor asks for what may be a race: it is refused, no more.
. "${0%/*}/lib.sh"

side_by_side refused inst_past gens again ids dead_id note_junk half \
    count_none count_gens count_less count_back look_gens look_all
exit 0
