"""Names of months, folded, in the languages of Europe that write them in Latin letters."""

from __future__ import annotations

_NAMES = """
    january jan januar jaenner januari janvier enero ene gennaio gen janeiro stycznia styczen ledna tammikuuta
    february feb februar februari fevrier fev febrero febbraio fevereiro lutego luty unora helmikuuta
    march mar marz maerz maart mars mrz marzo marco marca marzec brezna maaliskuuta
    april apr avril avr abril abr aprile kwietnia kwiecien dubna huhtikuuta
    may mai mei mayo maggio mag maio maja maj kvetna toukokuuta
    june jun juni juin junio giugno giu junho czerwca czerwiec cervna kesakuuta
    july jul juli juillet julio luglio lug julho lipca lipiec cervence heinakuuta
    august aug augustus aout agosto ago sierpnia sierpien srpna elokuuta
    september sep sept septembre septiembre settembre set setembro wrzesnia wrzesien zari syyskuuta
    october oct oktober okt octobre octubre ottobre ott outubro pazdziernika pazdziernik rijna lokakuuta
    november nov novembre noviembre novembro listopada listopad listopadu marraskuuta
    december dec dezember dez decembre diciembre dic dicembre dezembro grudnia grudzien prosince joulukuuta
"""

MONTHS = {name: number for number, line in enumerate(_NAMES.strip().split("\n"), 1) for name in line.split()}
"""Name -> 1 to 12."""
