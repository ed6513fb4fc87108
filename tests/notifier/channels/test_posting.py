"""One POST: what its answer means."""

import pytest
from pytest_httpserver import HTTPServer
from raw_servers import outcome
from werkzeug import Response


@pytest.mark.parametrize(
    ("status", "headers", "final", "wait"),
    [
        (302, {"Location": "https://elsewhere.example/"}, False, None),
        (400, {}, True, None),
        (401, {}, False, None),
        (403, {}, False, None),
        (404, {}, False, None),
        (408, {}, False, None),
        (413, {}, True, None),
        (429, {}, False, 60.0),
        (429, {"Retry-After": "17"}, False, 17.0),
        (429, {"Retry-After": "0"}, False, 1.0),
        (429, {"Retry-After": "999999999999"}, False, 3600.0),
        (429, {"Retry-After": "Thu, 05 Mar 2026 01:32:00 GMT"}, False, 120.0),
        (429, {"Retry-After": "soon"}, False, 60.0),
        (500, {}, False, None),
        (502, {}, False, None),
        (503, {"Retry-After": "30"}, False, 30.0),
    ],
)
async def test_what_a_status_means(
    status: int,
    headers: dict[str, str],
    final: bool,  # noqa: FBT001 (a column of the table)
    wait: float | None,
    httpserver: HTTPServer,
) -> None:
    """Busy: again, when it says. The wrong address: again, for a person will mend it. Any other refusal: final."""
    httpserver.expect_request("/robot/send").respond_with_response(Response("<html>no</html>", status, headers))
    wrong = await outcome(httpserver.url_for("/robot/send"))
    assert (wrong.final, wrong.wait) == (final, wait)
    assert wrong.unusable is (status in {302, 401, 403, 404, 407})
    assert len(httpserver.log) == 1, "a redirect was followed"


@pytest.mark.parametrize(
    "body",
    [b"", b"ok", b"<html>login</html>", b"[0]", b"null", b'{"errcode":', b"\xff\xfe{}", b"[" * 60_000, b"0" * 100_000],
)
async def test_an_answer_that_makes_no_sense_is_no_success(body: bytes, httpserver: HTTPServer) -> None:
    """HTTP 200 with anything but the vendor's JSON: nobody knows whether it was taken, so it goes again."""
    httpserver.expect_request("/robot/send").respond_with_response(Response(body, 200))
    wrong = await outcome(httpserver.url_for("/robot/send"))
    assert (wrong.final, "看不懂" in wrong.reason) == (False, True)


async def test_an_error_status_beats_a_code_of_success(httpserver: HTTPServer) -> None:
    """A proxy that fails with the body of a success sent nothing."""
    httpserver.expect_request("/robot/send").respond_with_response(Response('{"errcode":0}', 502))
    assert not (await outcome(httpserver.url_for("/robot/send"))).final
