"""Robots' groups, closed after each test."""

from collections.abc import AsyncIterator

import pytest
from pytest_httpserver import HTTPServer
from robot_groups import Groups


@pytest.fixture
async def groups(httpserver: HTTPServer) -> AsyncIterator[Groups]:
    """One vendor of each kind may listen."""
    opened = Groups(httpserver)
    yield opened
    await opened.close()
