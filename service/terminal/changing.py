"""Commands that change an index itself, whose runs its audit log has; what they store on its desk is there anyway."""

from __future__ import annotations

from typing import Any

import click

from search.errors import IndexProblem
from search.values.article import make_id
from service.terminal.arguments import decoded


class Changing(click.Command):
    """A command whose run is in the audit log: its name, its flags and the ids that it was given, and nothing else.

    Args:
        before: True if it is recorded before it runs, so that a crash leaves no change without an entry; otherwise
            when it has succeeded.
        of: the parameter that names the index; that of the group of commands, if there is none.
        unless: the option with which it changes nothing.
    """

    def __init__(self, *given: Any, before: bool = False, of: str = "index", unless: str = "", **named: Any) -> None:
        super().__init__(*given, **named)
        self._before, self._of, self._unless = before, of, unless

    def invoke(self, ctx: click.Context) -> Any:
        """Run it."""
        if ctx.params.get(self._unless):
            return super().invoke(ctx)
        if self._before:
            self._note(ctx)
        done = super().invoke(ctx)
        if not self._before:
            try:
                self._note(ctx)
            except IndexProblem as problem:  # it is done; nobody may write there, or the desk is another index's
                click.echo(f"It is not in the audit log. {problem}", err=True)
        return done

    def _note(self, ctx: click.Context) -> None:
        from desk.audit.store import Audit  # only if it is needed: it loads what stores the desk

        flags = (one for one in self.params if isinstance(one, click.Option) and one.is_flag)
        given = [one.opts[0] for one in flags if ctx.params[str(one.name)]]
        ids = [make_id(decoded(one)) for one in ctx.params.get("ids", ())]
        names: list[str] = []
        at: click.Context | None = ctx
        while at is not None and at.parent is not None:
            names, at = [str(at.info_name), *names], at.parent
        with Audit(ctx.params.get(self._of, ctx.obj)) as log:
            log.note(" ".join(names), [*given, *ids])
