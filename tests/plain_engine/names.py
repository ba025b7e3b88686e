"""The oracle's half of `search.names.spellings` and `search.names.authority`: which name each value is shown under."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from search.names.authority import NameRules
from search.names.spellings import ENOUGH, ENOUGH_FIRST, PARTICLES, SHARE, SHARE_FIRST
from search.text.tokens import fold


def shown_under(
    keys: Iterable[str], spelled: Mapping[str, str], persons: bool, rules: NameRules
) -> dict[str, str | None]:
    """Folded value → the folded value it is shown under, or None.

    Args:
        keys: the folded values of all articles, one after another.
        spelled: the spelling of each.
    """
    counts = Counter(keys)
    found: dict[str, str | None] = {key: key for key in counts}
    if persons:
        free = Counter({key: n for key, n in counts.items() if key not in rules.apart})
        found |= {key: head for key, head in _people(free, spelled).items() if key not in rules.listed}
    for key in {*counts, *rules.listed, *map(fold, rules.listed.values())}:
        head = found.get(key) or key
        name = fold(rules.listed.get(head, head))
        found[key] = None if {key, head, name} & rules.blocked else name
    return found


def _words(key: str) -> list[str]:
    words = key.replace(".", " ").split() or [key]
    while len(words) > 1 and words[0] in PARTICLES:
        words = words[1:]
    return words


def _letters(words: Iterable[str]) -> str:
    return "".join(c for c in "".join(words) if c not in " .-‐‑'’ʼ")


def _full(words: list[str]) -> bool:
    return len(words) > 1 and len(words[0]) > 1


def _without_initials(words: list[str]) -> str:
    middle = [word for word in words[1:-1] if len(word) > 1]
    return _letters([words[0], *middle, words[-1]] if _full(words) else words)


def _people(counts: Counter[str], spelled: Mapping[str, str]) -> dict[str, str]:
    words = {key: _words(key) for key in counts}
    initials: dict[str, set[str]] = {}
    for own in words.values():
        if _full(own) and any(len(word) == 1 for word in own[1:-1]):
            initials.setdefault(_without_initials(own), set()).add(_letters(own))
    alike: dict[tuple[bool, str], list[str]] = {}
    for key, own in words.items():
        loose = _without_initials(own)
        known = len(initials.get(loose, ())) > 1
        alike.setdefault((known, _letters(own) if known else loose), []).append(key)
    head = {key: min(group, key=lambda k: (-counts[k], spelled[k])) for group in alike.values() for key in group}
    totals: Counter[str] = Counter()
    for key, n in counts.items():
        totals[head[key]] += n
    full = [key for key in totals if _full(words[key])]
    for key, own in words.items():
        if _full(own):
            continue
        among = sum(totals[name] for name in full if own[-1] in (words[name][0], words[name][-1]))
        for end, enough, share in ((-1, ENOUGH, SHARE), (0, ENOUGH_FIRST, SHARE_FIRST)):
            best = max((name for name in full if words[name][end] == own[-1]), key=lambda n: totals[n], default=None)
            if best is None or totals[best] < enough or totals[best] < share * among:
                continue
            if len(own) > 1 and (end == 0 or words[best][0][0] != own[0][0]):
                continue
            head[key] = best
            break
    return {key: head[head[key]] for key in head}
