"""What the tests share."""
import pathlib
import tempfile

import pytest


@pytest.fixture
def home():
    with tempfile.TemporaryDirectory(prefix="vtoken-sweep-") as name:
        yield pathlib.Path(name)
