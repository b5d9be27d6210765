"""What the tests share: folders that are gone at the end."""
import pathlib
import tempfile

import pytest


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory(prefix="vtoken-package-") as name:
        yield pathlib.Path(name)
