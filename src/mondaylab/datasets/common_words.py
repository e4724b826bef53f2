"""English words that are also somebody's name: in lower case, or with no name beside them, they stay readable."""

from __future__ import annotations

_WORDS = """
    a able an and any are art as at autumn bacon baker ball banks barber bay bean bell berry best better big
    bill bird black blue boy bright brook brown buck burns bush butcher butler buyer can candy care carpenter
    carter case cash chance chase chief church city clay clear close cloud coast cook cope cost cotton court
    crane credit cross dale date dawn day days dean dear do drew drive east english even faith fall farmer
    field fine finish first fish fisher flowers for forest foster fox frank free friend frost fuller gale
    garden gay gene general gift glass glen go gold good grace grant gray green grey gross guy had hall hand
    hands happy hardy has have head heart heath help herb hill his holly home hood hope horn house hunt hunter
    i ice in into is it ivy jade jay jewel job jolly joy just key kind king knight lake lance land lane last
    law lead lee left less light like lily line little lock long lord love low major man many march mark marks
    mason may mercy mile miles mill miller miss moon moore more most much my need new nice nick no noble north
    not now oak of office old on one or order orders our out page park parks pat pay peace pearl penny people
    person pike pitch place please pool poor pope potter power price prices prince product quick rain ray read red
    reed rest rich ring river rob robin rock rod rose rough round rule ruby sage sales sand sandy say sea see
    self sharp shaw shepherd shields ship short silver sky slack small smart smith snow so son south spring
    star stark stock stone storm street strong sue summer sun swan swift tailor tall team ten thanks the then
    this time to tom town trade tucker turner under us van very violet wade wait walker wall ward was waters
    way we weeks welcome well wells west wheeler white who wild will wills win winter wise with wood woods
    work worth yes york you young your
"""

COMMON_WORDS = frozenset(_WORDS.split())

_NO_FORMS = """
    alone also market markets marked marker andere anderen any france germany italy romania
    army baby body busy cary city copy duty every fully lady line linen many marine marina
    martial nine only party pretty rosy safety story study tiny very always stone stones peters
"""
NO_NAME_FORMS = COMMON_WORDS | frozenset(_NO_FORMS.split())
"""Words that only look like a name with a case ending."""
