"""Patterns for tokens that other scanners publish, each with the place it is from."""
import dataclasses
import math
import re


@dataclasses.dataclass(frozen=True)
class Rule:
    pattern: str  # as published; its first group is the token
    entropy: float = 0.0  # bits a character that a match has to have more of
    keywords: tuple = ()  # one of which the file has to hold
    allowed: tuple = ()  # matches of these are no findings


@dataclasses.dataclass(frozen=True)
class Scanner:
    name: str
    source: str
    rules: tuple


GITLEAKS_SOURCE = ("gitleaks/gitleaks, `config/gitleaks.toml` at commit b58d3f102cf3a2c84cb7f923d05c25c9b1aed84b, rules "
                   "`vault-service-token` and `vault-batch-token`")
GITLEAKS_SERVICE = r"""\b((?:hvs\.[\w-]{90,120}|s\.(?i:[a-z0-9]{24})))(?:[\x60'"\s;]|\\[nr]|$)"""
GITLEAKS_BATCH = r"""\b(hvb\.[\w-]{138,300})(?:[\x60'"\s;]|\\[nr]|$)"""
OLDER = r"(?i:vault|client|token|key|api).{0,15}\b(%s\.[A-Za-z0-9]{24,100})\b"

SCANNERS = (
    Scanner("gitleaks, patterns", GITLEAKS_SOURCE, (Rule(GITLEAKS_SERVICE), Rule(GITLEAKS_BATCH))),
    Scanner("gitleaks, with its filters", GITLEAKS_SOURCE,
            (Rule(GITLEAKS_SERVICE, entropy=3.5, keywords=("hvs.", "s."), allowed=(r"s\.[A-Za-z]{24}",)),
             Rule(GITLEAKS_BATCH, entropy=4.0, keywords=("hvb.",)))),
    Scanner("TruffleHog",
            "trufflesecurity/trufflehog, `pkg/detectors/hashicorpvaulttoken/hashicorpvaulttoken.go` at commit "
            "cb389e47f076807e996b4e5da95e0d0aed91a7c4 and `pkg/detectors/hashicorpvaultbatchtoken/hashicorpvaultbatchtoken.go` "
            "at commit 4b2495d695873c9d619d1a6f68363bb4d984a689",
            (Rule(r"\b(hvs\.[A-Za-z0-9_-]{90,120}|s\.[A-Za-z0-9_-]{18,40})(?:$|[^A-Za-z0-9_-])", keywords=("hvs.", "vault")),
             Rule(r"\b(hvb\.[A-Za-z0-9_.-]{50,300})\b", keywords=("hvb.",)))),
    Scanner("Nosey Parker",
            "praetorian-inc/noseyparker, `crates/noseyparker/data/default/builtin/rules/hashicorp.yml` at commit "
            "486a5fe290829233a2c7a23e55f96b04659b92ed, rules np.hashicorp.1 to 6",
            (*(Rule(OLDER % letter) for letter in "sbr"),
             *(Rule(r"\b(hv%s\.[A-Za-z0-9]{24,100})\b" % letter) for letter in "sbr"))),
    Scanner("plain pattern", "the pattern that the speed of `vtoken scan` is compared with",
            (Rule(r"(hv[sbr]\.[A-Za-z0-9_-]{24,})"),)),
)


def entropy(text):
    """Shannon's, in bits a character, as gitleaks counts it."""
    return -sum(text.count(c) / len(text) * math.log2(text.count(c) / len(text)) for c in set(text))


def concerns(rule, text):
    """Whether the rule is tried on a file of this text at all."""
    lower = text.lower()
    return not rule.keywords or any(word in lower for word in rule.keywords)


def passes(rule, token):
    """Whether a match of the rule gets past the rule's filters."""
    if rule.entropy and entropy(token) <= rule.entropy:
        return False
    return not any(re.search(pattern, token) for pattern in rule.allowed)
