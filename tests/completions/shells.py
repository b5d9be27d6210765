"""bash, zsh and fish in a pseudo-terminal, with vtoken's completion as a user has it."""
import fcntl
import os
import pathlib
import pty
import re
import select
import shutil
import struct
import subprocess
import termios
import time

from processes import die_with_parent

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
VTOKEN = pathlib.Path(os.environ["VTOKEN"]).resolve()
COMPLETIONS = ROOT / "completions"

# Takes the place of vtoken: completion gets the program itself, and what is run leaves its arguments in a file.
RECORDER = f"""#!/bin/sh
case $1 in
  __*) exec '{VTOKEN}' "$@" ;;
esac
printf '%s\\0' "$@" >"$HOME/run.new"
mv "$HOME/run.new" "$HOME/run"
"""

BASH = """PS1='ready> '
bind 'set bell-style none' 'set show-all-if-ambiguous on' 'set completion-query-items 0' 'set page-completions off'
bind 'set enable-bracketed-paste off'
"""
ZSH = """PROMPT='ready> '
unsetopt zle_bracketed_paste 2>/dev/null
zstyle ':completion:*' list-prompt ''
LISTMAX=0
fpath=($HOME/functions $fpath)
autoload -Uz compinit
compinit -u -D
"""
FISH = """function fish_prompt; echo 'ready> '; end
function fish_greeting; end
"""


def prepare(kind, home):
    """Puts the completion where the shell looks for it, and returns the command that starts the shell."""
    if kind.startswith("bash"):
        load = f". '{COMPLETIONS}/vtoken.bash'\n"
        if kind == "bash with bash-completion":  # which loads it by itself
            folder = home / ".local/share/bash-completion/completions"
            folder.mkdir(parents=True)
            shutil.copy(COMPLETIONS / "vtoken.bash", folder / "vtoken")
            load = ". /usr/share/bash-completion/bash_completion\n"
        (home / "rc").write_text(BASH + load)
        return ["bash", "--noprofile", "--rcfile", str(home / "rc"), "-i"]
    if kind == "zsh":
        (home / "functions").mkdir()
        shutil.copy(COMPLETIONS / "_vtoken", home / "functions")
        (home / ".zshrc").write_text(ZSH)
        return ["zsh", "-d", "-i"]
    (home / ".config/fish/completions").mkdir(parents=True)
    shutil.copy(COMPLETIONS / "vtoken.fish", home / ".config/fish/completions")
    (home / ".config/fish/config.fish").write_text(FISH)
    return ["fish", "-i"]


def plain(text):
    """Without what a terminal acts on."""
    return re.sub(r"\x1b\[[0-9;?>]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>]|\x1b\][^\a]*\a|[\r\x0f]", "", text)


class Shell:
    """One that waits for what is typed. Its folder is its home; more variables may be given."""

    KINDS = ("bash", "bash with bash-completion", "zsh", "fish")

    def __init__(self, kind, home, **environment):
        self.kind, self.home, self.text = kind, home, ""
        (home / "bin").mkdir(parents=True)
        for name, text in (("vtoken", RECORDER), ("onlyprogram-here", "#!/bin/sh\n")):
            (home / "bin" / name).write_text(text)
            (home / "bin" / name).chmod(0o755)
        command = prepare(kind, home)
        self.ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 200, 180, 0, 0))
        variables = {"HOME": str(home), "PATH": f"{home}/bin:/usr/bin:/bin", "TERM": "xterm", "LC_ALL": "C.UTF-8", **environment}

        def child():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            die_with_parent()

        self.process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=home, env=variables,
                                        preexec_fn=child)
        os.close(theirs)
        self.wait_for(lambda: "ready> " in self.text, "its prompt")

    def stop(self):
        self.process.kill()
        self.process.wait()
        os.close(self.ours)

    def read(self, seconds):
        ready, _, _ = select.select([self.ours], [], [], seconds)
        if ready:
            self.text += os.read(self.ours, 65536).decode(errors="replace")
        return bool(ready)

    def wait_for(self, done, what, seconds=int(os.environ.get("VTOKEN_PATIENCE", "60"))):
        end = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < end, f"{self.kind}: {what} did not come:\n{plain(self.text)}"
            self.read(0.05)

    def type(self, text):
        os.write(self.ours, text.encode())

    def run(self, typed):
        """Types a line with TAB in it and RETURN behind it: the arguments that vtoken was run with."""
        record = self.home / "run"
        record.unlink(missing_ok=True)
        self.text = ""
        self.type(typed + "\r")
        self.wait_for(record.exists, f"{typed!r}")
        self.wait_for(lambda: "ready> " in self.text[self.text.rfind("\n") + 1:] or not self.read(0.1), "the next prompt")
        return record.read_text().split("\0")[:-1]

    def becomes(self, typed, wanted):
        """Whether that is so; names that are asked for may take too long on a busy machine, and are asked for again."""
        for _ in range(3):
            self.last = self.run(typed)
            if self.last == wanted:
                return True
        return False

    def list(self, typed, *wanted):
        """Types, and waits until all wanted texts are to be seen behind what was typed; then takes the line back."""
        self.text = ""
        self.type(typed)
        self.wait_for(lambda: all(text in plain(self.text) for text in wanted), f"{wanted} for {typed!r}")
        seen = plain(self.text)
        self.text = ""
        if self.kind == "fish":  # leaves its list first
            self.type("\x1b")
            while self.read(0.3):
                pass
        self.text = ""
        self.type("\x15\r")
        self.wait_for(lambda: "ready> " in self.text[self.text.rfind("\n") + 1:] or "ready> \r\n" in self.text, "a new prompt")
        return seen
