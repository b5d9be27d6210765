"""Flags that the pages name in their sentences, and that no command has."""
import json
import re
import subprocess

INLINE = re.compile(r"`([^`\n]+)`")
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def known(program):
    """{command: its flags}, and all flags under ""."""
    described = json.loads(subprocess.run([program, "__describe"], check=True, stdout=subprocess.PIPE).stdout)
    flags = {each["name"]: {name for flag in each["flags"] for name in (flag["name"], flag.get("alias")) if name} | {"help"}
             for each in described["commands"]}
    return flags | {"": set().union(*flags.values())}


def unknown(text, flags):
    """Texts in code marks that begin with a flag or a command, and have a flag that this command, or none, has."""
    for span in INLINE.findall(FENCED.sub("", text)):
        words = span.removeprefix("vtoken ").split()
        command = next((" ".join(words[:n]) for n in (3, 2, 1) if " ".join(words[:n]) in flags), None)
        if command is None and not span.startswith(("-", "vtoken ")):
            continue
        named = [match.group(1) for word in words if (match := re.match(r"--?([a-z][a-z-]*)", word))]
        if set(named) - flags[command or ""]:
            yield span
