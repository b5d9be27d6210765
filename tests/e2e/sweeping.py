"""Sweeps with vtoken, and what they say."""
import json

MEMBERS = ["accessor", "outcome", "policies", "display_name", "path", "error"]


def sweep(run, *flags, **more):
    """Revokes what the flags choose, without a question."""
    return run.run("accessors", "revoke", *flags, "-yes", "-format=ndjson", **more)


def rows(done):
    """What `-format=ndjson` printed, by accessor; each has one line."""
    found = [json.loads(line) for line in done.out.splitlines()]
    assert all(list(row) == MEMBERS for row in found), found[:3]
    by_accessor = {row["accessor"]: row for row in found}
    assert len(by_accessor) == len(found), "an accessor has two lines"
    return by_accessor


def outcomes(done):
    """How many ended how."""
    counts = {}
    for row in rows(done).values():
        counts[row["outcome"]] = counts.get(row["outcome"], 0) + 1
    return counts


def accessors(tokens):
    return {token.accessor for token in tokens if token.accessor}
