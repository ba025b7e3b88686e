"""Irregular English plurals: `women` is the plural of `woman`, `crises` of `crisis`.

Snowball's English stemmer removes endings, so it never brings these together with their singulars. A plural that is
also another word (`axes`, `bases`, `leaves`, `lives`, `media`, `people`) is omitted. Irregular verbs are not covered:
`go` does not find `went`.
"""

from __future__ import annotations

_MEN = """
    air alder anchor assembly bar boat bonds bow business camera cattle chair city clergy congress corps council country
    crafts crew dairy door draughts english every fire fisher foot fore french fresh front gentle guards gun handy
    hench herds highway hit horse hunts husband infantry irish journey jury kins land lay lines lock lumber mad mail
    marks merchant mer middle midship militia mine minute news noble norse ombuds open out patrol plains
    police post press quarry radio railway repair rifle sales school sea service show snow spokes sports states steel
    stunt swords trades tribes ulster vestry wards watch weather welsh wing wood work yachts yeo york dutch scots
"""
_OTHERS = """
    child children  grandchild grandchildren  schoolchild schoolchildren  stepchild stepchildren
    foot feet  tooth teeth  goose geese  mouse mice  louse lice  ox oxen
    wife wives  housewife housewives  midwife midwives  knife knives  wolf wolves  thief thieves  half halves
    shelf shelves  loaf loaves  calf calves  scarf scarves
    analysis analyses  crisis crises  diagnosis diagnoses  hypothesis hypotheses  neurosis neuroses  oasis oases
    parenthesis parentheses  prognosis prognoses  psychosis psychoses  synopsis synopses  synthesis syntheses
    thesis theses  emphasis emphases
    criterion criteria  phenomenon phenomena  bacterium bacteria  memorandum memoranda  referendum referenda
    stadium stadia  stratum strata  curriculum curricula  millennium millennia  symposium symposia
    alumnus alumni  bacillus bacilli  cactus cacti  focus foci  fungus fungi  nucleus nuclei  radius radii
    stimulus stimuli  syllabus syllabi  formula formulae  larva larvae  vertebra vertebrae  alga algae
    matrix matrices  vertex vertices  appendix appendices  index indices
    bureau bureaux  chateau chateaux  plateau plateaux  paparazzo paparazzi  passerby passersby
"""


def _table() -> dict[str, str]:
    pairs = _OTHERS.split()
    table = dict(zip(pairs[1::2], pairs[0::2], strict=True))
    for begin in ("", *_MEN.split()):
        table |= {f"{begin}men": f"{begin}man", f"{begin}women": f"{begin}woman"}
    return table


SINGULARS = _table()
"""Irregular plural → its singular, both folded."""
