"""Properties that are computed when they are first asked for, and then cached in the object.

`cached_property` is for objects of one thread, such as a query, `shared_property` for those of several: the first
to ask computes, and the others wait. Not `functools.cached_property`: in Python 3.11 it computes an attribute of one
object of a class at a time, so that of several threads with a query each one worked; in later versions several threads
compute the same at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from functools import cached_property
    from functools import cached_property as shared_property
else:
    import functools
    import threading

    class cached_property(functools.cached_property):
        """A property of an object that one thread uses."""

        def __get__(self, instance, owner=None):
            """The value; the property itself for a class."""
            if instance is None:
                return self
            found = instance.__dict__[self.attrname] = self.func(instance)
            return found

    class shared_property(functools.cached_property):
        """A property of an object that several threads use; an object computes one of them at a time."""

        def __get__(self, instance, owner=None):
            """The value; the property itself for a class."""
            if instance is None:
                return self
            with instance.__dict__.setdefault("_computing", threading.RLock()):
                if self.attrname not in instance.__dict__:
                    instance.__dict__[self.attrname] = self.func(instance)
                return instance.__dict__[self.attrname]


__all__ = ["cached_property", "shared_property"]
