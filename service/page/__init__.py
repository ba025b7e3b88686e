"""The page: the same questions and answers as the API, as HTML that needs no JavaScript.

`search` is the search page, `article` one article, `refusal` what cannot be answered. `view` is what stands in the URL
beside the question; `filters` and `chips` change it; `facet`, `timeline`, `map`, `people` and `empty` are the parts of
the search page, `marking`, `neighbours` and `citation` those of an article. `html` writes templates.

Every link is the URL of a changed question; text from articles and queries reaches the page only through templates that
escape it, cut at its marks.
"""

from service.page.article import ArticlePage
from service.page.refusal import refuse_page
from service.page.search import SearchPage
from service.page.versions import VersionsPage

__all__ = ["ArticlePage", "SearchPage", "VersionsPage", "refuse_page"]
