"""Reads tests/policy/cases, which tests/policy/README.md explains."""
import json
import pathlib
import re

FOLDER = pathlib.Path(__file__).parents[1] / "policy" / "cases"
QUESTION = re.compile(r"(create|read|update|delete|list) (\S+)(?: (\{.*\}))?(?: wrap=(\d+))? : (allowed|denied)")


class Section:
    def __init__(self, title):
        self.title = title
        self.policies = {}  # name: text
        self.refused = []
        self.questions = []  # (line, token's policies, question, answer)


def sections():
    return [section for file in sorted(FOLDER.iterdir()) for section in read(file)]


def read(file):
    found, text, token = [], None, None
    for number, line in enumerate(file.read_text().splitlines(), 1):
        if line.startswith("| ") or line == "|":
            text.append(line[2:])
            continue
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if words[0] == "==":
            found.append(Section(f"{file.stem}: {line[3:]}"))
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
            assert match, f"{file}, line {number}: {line}"
            operation, path, data, wrap, answer = match.groups()
            question = (operation, path, json.loads(data) if data else None, int(wrap or 0))
            found[-1].questions.append((number, token, question, answer))
    return found
