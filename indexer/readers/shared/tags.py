"""Which `<` of HTML begin tags, so that a parser loses no text to the others.

As HTML5 tokenises, every `<` before a letter begins a tag, a comment without an end takes all that follows, and so does
a script: a browser shows nothing of `<benefit, it says.</p>`. But authors see what a browser hides, and mend it; an
archive has what systems made of plain text, where nobody looked, and may lose none of it. So where a text is declared
to be HTML and where its tags show it, the same is decided, by HTML5 but for this:

- A tag has the name of an element, or one that is closed in the text, that closes itself (`<o:p/>`) or that has an
  attribute with a value; outside quotes no `<` is in it, unless an attribute shows that its `>` is missing. Any other
  `<` is text: `cost<benefit`, `<RTRS.L>`, `</3`.
- In capitals and without attributes, as what a company is called at an exchange, it is a tag only where it can be one:
  `<I>` where it ends, `<DD>` in a list, `<IMG>` never. A `<P>` after a word is none in a text with `<p>`, unless other
  tags in it are certainly in capitals. `<BR>`, `<HR>` and every other `<P>` are tags: a company and a line break cannot
  be told apart.
- What takes text as it is up to its end tag, as a script, is text itself if that is missing; so is `<!--` without
  `-->`. With an end further on it hides what is between, also where the first of two is meant as a word. What is not
  read (`DROPPED`) hides nothing without its end tag.
- The content of `<![CDATA[…]]>` is read.

Cost: linear.
"""

from __future__ import annotations

import re

DROPPED = frozenset(
    (
        "script", "style", "head", "title", "template", "noscript", "noembed", "noframes", "iframe", "svg", "math",
        "object", "video", "audio", "media", "figcaption", "select", "button", "header", "footer", "nav",
    )
)  # fmt: skip
"""Elements whose content is no text of an article."""
_RAW = frozenset(("script", "style", "title", "textarea", "iframe", "noembed", "noframes", "xmp", "plaintext"))
"""Elements in which nothing is a tag but their own end."""
_ELEMENTS = DROPPED | _RAW | frozenset(
    (
        "a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "b", "base", "bdi", "bdo", "big",
        "blink", "block", "blockquote", "body", "bq", "br", "canvas", "caption", "center", "cite", "code", "col",
        "colgroup", "data", "datalist", "dd", "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt", "em",
        "embed", "fieldset", "fig", "figure", "font", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5",
        "h6", "hgroup", "hl1", "hl2", "hr", "html", "i", "img", "input", "ins", "kbd", "label", "legend", "li",
        "link", "list", "main", "map", "mark", "marquee", "menu", "meta", "meter", "nobr", "note", "ol", "optgroup",
        "option", "output", "p", "param", "picture", "pre", "progress", "q", "rp", "rt", "ruby", "s", "samp",
        "search", "section", "slot", "small", "source", "span", "strike", "strong", "sub", "summary", "sup",
        "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "track", "tt", "u", "ul", "var", "wbr",
        "nitf", "body.head", "body.content", "body.end", "hedline",
    )
)  # fmt: skip
"""The elements of HTML, and those around the text of NITF, which stand open where it was cut off."""
_ALONE = frozenset(("p", "br", "hr", "wbr", "html", "head", "body"))
"""Elements that need no end tag, and no other around them."""
_IN_A_TABLE = ("table", "tr")
_WITHIN = {
    **dict.fromkeys(("dd", "dt"), ("dl",)),
    "li": ("ul", "ol", "menu", "dir"),
    **dict.fromkeys(("td", "th", "tr", "tbody", "thead", "tfoot", "colgroup"), _IN_A_TABLE),
    **dict.fromkeys(("option", "optgroup"), ("select", "datalist", "optgroup")),
    **dict.fromkeys(("rp", "rt"), ("ruby",)),
}
"""Elements that need no end tag → those that one of is around them."""
_NAME = r"[A-Za-z][^\s/<>]*+"
_PLAIN = r"""(?:[^<>=]++|=\s*+(?:"[^"<]*+"|'[^'<]*+'|(?!["'])))*+"""
_WITH_SIGN = r"""=\s*+(?:"[^"<]*+(?:<[^"<]*+){1,8}+"|'[^'<]*+(?:<[^'<]*+){1,8}+')"""
_TAG = re.compile(rf"<(/?)({_NAME})({_PLAIN}(?:{_WITH_SIGN}{_PLAIN}){{0,8}}+|[^<>]*+)>")
"""A tag, also with some `<` in the values of its attributes: no more, so that each is looked at a few times only."""
_BEGUN = re.compile(rf"<({_NAME})")
_ENDED = re.compile(rf"</({_NAME})")
_IN_CAPITALS = re.compile(r"</([A-Z][A-Z0-9]*)\s*>|<([A-Z][A-Z0-9]*)\s[^<>=]*=")
_BROKEN = re.compile(rf"<()({_NAME})(\s[^<>\"'=]*=\s*[\"'][^<>]*+)")
"""A tag without its `>`, but with an attribute."""
_DECLARATION = re.compile(r"<(?:!(?i:doctype)\b|!\[(?!CDATA\[)|/?!\s*--|\?[A-Za-z])[^<>]*>")
_SECTION = "<![CDATA["
_SECTION_END = "]]>"
_VALUE = re.compile(r"=\s*[\"']")
_AFTER_WORD = re.compile(r"\w\s")
_MARK = re.compile(r"<|\]\]>")


def only(text: str) -> str:
    """HTML in which each `<` begins a tag that hides no text, without attributes, comments and what is in scripts."""
    return _Tags(text).read()


class _Ends:
    """The next end of something in a text, asked for from left to right."""

    def __init__(self, text: str, end: str) -> None:
        self._text = text
        self._end = re.compile(end, re.IGNORECASE)
        self._found: re.Match[str] | None = None
        self._is_over = False

    def after(self, at: int) -> re.Match[str] | None:
        """The first one from a place; None if there is none."""
        if not self._is_over and (self._found is None or self._found.start() < at):
            self._found = self._end.search(self._text, at)
            self._is_over = self._found is None
        return self._found


class _Tags:
    """Reads a text from tag to tag."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._begun = set(_BEGUN.findall(text))
        self._ended = set(_ENDED.findall(text))
        self._begun_in_any = {name.lower() for name in self._begun}
        self._ended_in_any = {name.lower() for name in self._ended}
        capitals = (found[1] or found[2] for found in _IN_CAPITALS.finditer(text))
        self._has_capitals = any(name.lower() in _ELEMENTS for name in capitals)
        self._ends: dict[str, _Ends] = {}
        self._pieces: list[str] = []
        self._open: dict[str, list[int]] = {name: [] for name in DROPPED}
        """The pieces that are the start tags of elements that are dropped, and have not ended."""
        self._sections = 0

    def read(self) -> str:
        """The text as `only` has it."""
        at = 0
        while (mark := _MARK.search(self._text, at)) is not None:
            self._pieces.append(self._text[at : mark.start()])
            at = self._past(mark.start())
        self._pieces.append(self._text[at:])
        for piece in (one for pieces in self._open.values() for one in pieces):
            self._pieces[piece] = ""
        return "".join(self._pieces)

    def _past(self, at: int) -> int:
        """Add what begins at a `<` or ends a section; returns the place after it."""
        if self._text.startswith("<!--", at) and (end := self._end(r"--!?>", at + 2)) is not None:
            return end.end()
        if (tag := _TAG.match(self._text, at)) is not None and self._is_tag(tag):
            return self._past_tag(tag)
        if tag is None and (tag := _BROKEN.match(self._text, at)) is not None and tag[2].lower() in _ELEMENTS:
            return self._past_tag(tag)
        if (found := _DECLARATION.match(self._text, at)) is not None:
            return found.end()
        if self._text.startswith(_SECTION, at) and self._end(r"\]\]>", at) is not None:
            self._sections += 1
            return at + len(_SECTION)
        if self._sections and self._text.startswith(_SECTION_END, at):
            self._sections -= 1
            return at + len(_SECTION_END)
        self._pieces.append(self._text[at].replace("<", "&lt;"))
        return at + 1

    def _past_tag(self, tag: re.Match[str]) -> int:
        if tag[2].lower() in _RAW and not tag[1]:
            return self._past_raw(tag, tag[2].lower())
        name = tag[2].lower().rpartition(":")[2]
        if name in DROPPED:
            starts = self._open[name]
            if not tag[1]:
                starts.append(len(self._pieces))
            elif starts:
                starts.pop()
            else:
                return tag.end()
        self._pieces.append(f"<{tag[1]}{tag[2]}>")
        return tag.end()

    def _past_raw(self, tag: re.Match[str], name: str) -> int:
        """Add an element in which nothing is a tag; its start tag alone, unless it states more, is text."""
        end = self._end(rf"</{name}(?=[\s/>])[^<>]*>", tag.end())
        if end is None:
            self._pieces.append("" if _may_be_empty(tag[3]) else tag[0].replace("<", "&lt;"))
            return tag.end()
        is_dropped = name in DROPPED
        content = self._text[tag.end() : end.start()]
        self._pieces.append(f"<{name}></{name}>" if is_dropped else content.replace("<", "&lt;"))
        return end.end()

    def _is_tag(self, tag: re.Match[str]) -> bool:
        name, rest = tag[2].lower(), tag[3]
        if tag[1]:
            return name in _ELEMENTS or name in self._begun_in_any
        if name not in _ELEMENTS:
            return name in self._ended_in_any or _may_be_empty(rest)
        return tag[2].islower() or bool(rest.strip()) or self._is_in_capitals(tag[2], tag.start())

    def _is_in_capitals(self, name: str, at: int) -> bool:
        """True if the name of an element in capitals, which may be that of a company, can be a tag."""
        lower = name.lower()
        if lower == "p":
            after_word = _AFTER_WORD.fullmatch(self._text, max(0, at - 2), at) is not None
            return self._has_capitals or "p" not in self._begun or not after_word
        if lower in _ALONE:
            return True
        if name in self._ended or (lower in self._ended_in_any and lower not in self._begun):
            return True
        return any(around in self._begun_in_any for around in _WITHIN.get(lower, ()))

    def _end(self, pattern: str, at: int) -> re.Match[str] | None:
        if pattern not in self._ends:
            self._ends[pattern] = _Ends(self._text, pattern)
        return self._ends[pattern].after(at)


def _may_be_empty(rest: str) -> bool:
    """True if a tag closes itself, or has an attribute with a value in quotes, by what follows its name."""
    return rest == "/" or (rest[:1].isspace() and (rest.rstrip().endswith("/") or _VALUE.search(rest) is not None))
