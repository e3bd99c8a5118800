"""Asks the real Alembic what it makes of graphs of revisions, for the test beside this file.

Usage: alembic_oracle.py CASES.json ANSWERS.json

Everything happens in memory: Alembic plans over a RevisionMap, and its own HeadMaintainer carries
the rows of alembic_version from step to step, without a database. The form of the two files is
that of `tests/alembic/cases.rs`.
"""

import json
import signal
import sys
import types
import warnings

import alembic
from alembic import util
from alembic.runtime.migration import HeadMaintainer
from alembic.script.base import ScriptDirectory
from alembic.script.revision import Revision, RevisionError, RevisionMap

SECONDS_PER_QUESTION = 5


class Hang(BaseException):
    """Alembic did not answer in time."""


def on_alarm(*_):
    raise Hang()


class Statement:
    """Stands for the version table and every statement on it."""

    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self

    def __eq__(self, other):
        return self


class Context:
    """What HeadMaintainer needs of a MigrationContext; the rows themselves are its `heads`."""

    as_sql = True
    version_table = "alembic_version"
    _version = Statement()
    impl = types.SimpleNamespace(_exec=lambda *args, **kwargs: None)


def nothing():
    """The upgrade and the downgrade of every revision."""


MODULE = types.SimpleNamespace(upgrade=nothing, downgrade=nothing)


def directory(revisions):
    def generate():
        for entry in revisions:
            revision = Revision(
                entry["id"],
                tuple(entry["parents"]) or None,
                tuple(entry["depends_on"]) or None,
                tuple(entry["labels"]) or None,
            )
            revision.module = MODULE
            revision.doc = ""
            yield revision

    script = ScriptDirectory.__new__(ScriptDirectory)
    script.revision_map = RevisionMap(generate)
    script.revision_map._revision_map
    return script


def follow(steps, rows):
    maintainer = HeadMaintainer(Context, rows)
    for step in steps:
        maintainer.update_to_step(step)
    return sorted(maintainer.heads)


def parents(script, targets, splice):
    """The checks of ScriptDirectory.generate_revision, which would write a file."""
    with script._catch_revision_errors():
        heads = script.revision_map.get_revisions(targets)
    if len(set(heads)) != len(heads):
        raise util.CommandError("Duplicate head revisions specified")
    for head in heads:
        if not splice and not head.is_head:
            raise util.CommandError("not a head revision")
    return [head.revision for head in heads]


def ask(script, question):
    kind, rows, targets = question["kind"], tuple(question["rows"]), tuple(question["targets"])
    answer = {}
    if kind == "upgrade":
        steps = script._upgrade_revs(targets[0], rows)
        answer["steps"] = [step.revision.revision for step in steps]
    elif kind == "downgrade":
        steps = script._downgrade_revs(targets[0], rows)
        answer["steps"] = [step.revision.revision for step in steps]
    elif kind == "stamp":
        steps = script._stamp_revs(targets, rows)
    elif kind == "history":
        base, head = targets
        walk = script.walk_revisions(base=base or "base", head=head or "heads")
        return {"steps": [revision.revision for revision in walk]}
    elif kind in ("parents", "splice"):
        return {"steps": parents(script, targets, kind == "splice")}
    else:
        raise ValueError(kind)
    try:
        answer["rows"] = follow(steps, rows)
    except Exception as error:
        answer["rows_crash"] = repr(error)
    return answer


def guarded(function, *arguments):
    """The answer, or which way it failed: `error` as a user would read it, `crash`, or `hang`."""
    signal.alarm(SECONDS_PER_QUESTION)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                answer = function(*arguments)
            finally:
                signal.alarm(0)
        texts = [str(warning.message) for warning in caught]
        if any("ambiguous" in text for text in texts):
            answer["warned"] = True
        return answer
    except (util.CommandError, RevisionError) as error:
        return {"error": str(error)}
    except Hang:
        return {"hang": True}
    except Exception as error:
        return {"crash": repr(error)}


def describe(script):
    graph = script.revision_map
    revisions = [revision for key, revision in graph._revision_map.items() if revision and key == revision.revision]
    return {
        "heads": list(graph.heads),
        "effective_heads": list(graph._real_heads),
        "bases": list(graph.bases),
        "branch_points": [revision.revision for revision in revisions if revision.is_branch_point],
        "merge_points": [revision.revision for revision in revisions if revision.is_merge_point],
        "labels": {revision.revision: sorted(revision.branch_labels) for revision in revisions},
    }


def examine(case):
    scripts = []

    def load():
        scripts.append(directory(case["revisions"]))
        return describe(scripts[0])

    loaded = guarded(load)
    answers = []
    if "heads" in loaded:
        answers = [guarded(ask, scripts[0], question) for question in case["questions"]]
    return {"graph": loaded, "answers": answers}


def main():
    signal.signal(signal.SIGALRM, on_alarm)
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    answers = {"version": alembic.__version__, "cases": [examine(case) for case in cases]}
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(answers, file)


if __name__ == "__main__":
    main()
