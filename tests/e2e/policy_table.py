"""Reads tests/policy/cases.txt, which says how it is written."""
import json
import pathlib
import re

FILE = pathlib.Path(__file__).parents[1] / "policy" / "cases.txt"
QUESTION = re.compile(r"(create|read|update|delete|list) (\S+)(?: (\{.*\}))?(?: wrap=(\d+))? : (allowed|denied)")


class Section:
    def __init__(self, title):
        self.title = title
        self.policies = {}  # name: text
        self.refused = []
        self.questions = []  # (line, token's policies, function that asks)


def sections():
    found, text, token = [], None, None
    for number, line in enumerate(FILE.read_text().splitlines(), 1):
        if line.startswith("| ") or line == "|":
            text.append(line[2:])
            continue
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if words[0] == "==":
            found.append(Section(line[3:]))
        elif words[0] == "policy":
            text = found[-1].policies.setdefault(words[1], [])
        elif words[0] == "refuse":
            text = []
            found[-1].refused.append((number, text))
        elif words[0] == "token":
            token = words[1:]
        elif words[0] == "capabilities":
            found[-1].questions.append((number, token, ("capabilities", words[1]), words[3:]))
        else:
            match = QUESTION.fullmatch(line)
            assert match, f"line {number}: {line}"
            operation, path, data, wrap, answer = match.groups()
            question = (operation, path, json.loads(data) if data else None, int(wrap or 0))
            found[-1].questions.append((number, token, question, answer))
    return found
