"""The web pages: the same queries and results as the API, as HTML that needs no JavaScript.

`search` is the search page, `advanced` its words in the fields of a form, `batch` a list of
names or questions, `compare` several queries, `article` one
article, `event` what may belong to its event, `entity` all about one person, country, topic, author or source, `names`
decides which names are one, `draft` checks a text, `sign_in` begins a session, `correct` corrects an article, `cite`
cites a result, `lists` and `keep` are lists of articles and what puts some on them, `searches` those that are saved,
`alerts` what is told of them, `feeds` says what a feed is, `refusal` is an error. `view` holds the URL parameters that
only the pages have; `filters` and `chips` change a query; `facet`, `timeline`, `map`, `people`, `proof` and `empty` are
parts of the search page, `marking`, `neighbours`, `citation` and `desk` those of an article. `html` renders templates,
`form` reads what a form sends, `mending` what can be read of a faulty address.

Every link is the URL of a changed query. Text from articles and queries reaches the page only through templates that
escape it, split at its highlights.
"""

from service.desk.alerts.page import AlertsPage
from service.desk.citations.page import CitationPage, CitePage
from service.desk.corrections.page import CorrectPage
from service.desk.lists.page import ListPage, ListsPage
from service.desk.names.page import NamesPage
from service.desk.people.page import SignInPage, SignOutPage
from service.desk.searches.page import SearchesPage
from service.html.refusal import error_page, refuse_page, wanted
from service.page.advanced import AdvancedPage
from service.page.article import ArticlePage
from service.page.batch import BatchesPage, BatchPage
from service.page.compare import ComparePage
from service.page.draft import DraftPage
from service.page.entity import EntityPage
from service.page.event import EventPage
from service.page.feeds import FeedsPage
from service.page.search import SearchPage
from service.page.versions import VersionsPage

__all__ = [
    "AdvancedPage",
    "AlertsPage",
    "ArticlePage",
    "BatchPage",
    "BatchesPage",
    "CitationPage",
    "CitePage",
    "ComparePage",
    "CorrectPage",
    "DraftPage",
    "EntityPage",
    "EventPage",
    "FeedsPage",
    "ListPage",
    "ListsPage",
    "NamesPage",
    "SearchPage",
    "SearchesPage",
    "SignInPage",
    "SignOutPage",
    "VersionsPage",
    "error_page",
    "refuse_page",
    "wanted",
]
