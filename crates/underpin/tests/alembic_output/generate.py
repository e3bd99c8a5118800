"""Asks the real Alembic how it writes graphs of revisions, for the test in `src/cli/render`.

Usage: generate.py > golden.json

It needs a Python with Alembic, and writes the graphs, the commands and what they print. Two things
are changed on the way: sets are sorted, since Alembic lists them in no order, and the directory of
the files is replaced by `migrations`.
"""

import io
import json
import os
import re
import sys
import tempfile

import alembic
from alembic import command, util
from alembic.config import Config
from alembic.script import base
from alembic.script.revision import Revision


class Sorted(frozenset):
    """What follows a revision, in order."""

    def __iter__(self):
        return iter(sorted(super().__iter__()))

    def union(self, other):
        return Sorted(frozenset.union(self, other))


def format_as_comma(value):
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (set, frozenset)):
        value = sorted(value)
    return ", ".join(value)


Revision.nextrev = Sorted()
Revision._all_nextrev = Sorted()
util.format_as_comma = format_as_comma
base.util.format_as_comma = format_as_comma


def revision(text):
    """`m(a,b;d)#x`: an id, its parents, its dependencies, its labels."""
    found = re.fullmatch(r"(\w+)(?:\(([\w,]*)(?:;([\w,]+))?\))?((?:#\w+)*)", text)
    split = lambda part: [name for name in (part or "").split(",") if name]
    return {
        "id": found[1],
        "parents": split(found[2]),
        "depends_on": split(found[3]),
        "labels": [label for label in found[4].split("#") if label],
        "message": f"message of {found[1]}",
    }


CASES = [
    ("0001 0002(0001) 0003(0002)", ["0002:0003", "0002:", ":0002"], ["0002", "head", "base"], ["0002"]),
    ("r a(r) b(r)", ["r:a", "a:"], ["heads", "r"], ["a"]),
    ("r a(r) b(r) m(a,b)", ["a:m", "r:"], ["m", "r", "head"], ["m"]),
    ("r a(r)#left b(r)#right a2(a) m(a2,b)#both", ["left@base:"], ["a", "r", "right"], ["a2"]),
    ("a1#users a2(a1) c1#billing c2(c1;a1) c3(c2;users)", ["c1:c3"], ["c2", "c3", "users"], ["c3"]),
    ("a1 c1(;a1)", [], ["a1", "c1"], ["c1"]),
    ("r a(r) b(r) m(a,b) x(m) y(m) z(x,y)#top", ["m:"], ["m", "z"], ["x"]),
    ("3f9a0c12b7e4 77be41d01111(3f9a0c12b7e4) 88be41d02222(3f9a0c12b7e4)#side", [], ["side", "3f9a"], []),
    ("", [], [], []),
]

TEMPLATE = '''"""{message}

Revision ID: {id}
Revises: {revises}
Create Date: 2026-11-20 11:03:00+00:00

"""
revision = {id!r}
down_revision = {parents!r}
branch_labels = {labels!r}
depends_on = {depends_on!r}


def upgrade():
    pass


def downgrade():
    pass
'''

ENVIRONMENT = """
from alembic import context
from sqlalchemy import create_engine

engine = create_engine("sqlite:///" + context.config.get_main_option("database"))
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""


def project(directory, revisions):
    versions = os.path.join(directory, "versions")
    os.makedirs(versions)
    with open(os.path.join(directory, "env.py"), "w") as file:
        file.write(ENVIRONMENT)
    for entry in revisions:
        values = dict(entry, revises=", ".join(entry["parents"]))
        for key in ("parents", "labels", "depends_on"):
            values[key] = tuple(entry[key]) or None
        with open(os.path.join(versions, entry["id"] + "_x.py"), "w") as file:
            file.write(TEMPLATE.format(**values))
    return versions


def ask(directory, function, **arguments):
    output = io.StringIO()
    config = Config(stdout=output)
    config.set_main_option("script_location", directory)
    config.set_main_option("database", os.path.join(directory, "database"))
    function(config, **arguments)
    text = output.getvalue()
    text = text.replace(os.path.join(directory, "versions"), "migrations")
    return text.replace("_x.py\n", "_x.sql\n")


def case(text, ranges, shown, current):
    revisions = [revision(entry) for entry in text.split()]
    answers = []

    def add(name, function, **arguments):
        answers.append({"command": name, "output": ask(directory, function, **arguments)})

    with tempfile.TemporaryDirectory() as directory:
        project(directory, revisions)
        for verbose in (False, True):
            flag = " -v" if verbose else ""
            add("heads" + flag, command.heads, verbose=verbose)
            add("heads --resolve-dependencies" + flag, command.heads, verbose=verbose, resolve_dependencies=True)
            add("branches" + flag, command.branches, verbose=verbose)
            add("history" + flag, command.history, verbose=verbose)
            for bounds in ranges:
                add(f"history -r {bounds}" + flag, command.history, verbose=verbose, rev_range=bounds)
        for name in shown:
            add(f"show {name}", command.show, rev=name)
        for name in current:
            ask(directory, command.stamp, revision=name)
            for verbose in (False, True):
                flag = " -v" if verbose else ""
                add(f"history -i {name}" + flag, command.history, verbose=verbose, indicate_current=True)
    return {"graph": text, "revisions": revisions, "answers": answers}


json.dump({"alembic": alembic.__version__, "cases": [case(*parts) for parts in CASES]}, sys.stdout, indent=1)
print()
