"""What programs import: everything that `search` offers, under the name of the distribution. `open` knows lists, too.

with dateline.open("news.idx") as engine:
    results = engine.search(dateline.Query(text="trade talks"))
"""

import warnings

from dateline.distributions import OtherSearch, check

if _sentence := check():
    warnings.warn(_sentence, stacklevel=2)
try:
    import desk
    from search import *
    from search import __all__ as _names
except ImportError as error:
    if (error.name or "").partition(".")[0] != "search":  # a library that is missing says so itself
        raise
    raise OtherSearch(f"Another distribution has overwritten Dateline's package “search”: {error}.") from error

open = desk.open  # type: ignore[assignment]
__all__: list[str] = []
__all__ += _names
