"""Other websites and other host names are kept out of the control API and the page."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
import pytest

FOREIGN = [
    pytest.param({"Origin": "https://evil.example"}, id="origin"),
    pytest.param({"Origin": "null"}, id="null-origin"),
    pytest.param({"Origin": "http://127.0.0.1:1"}, id="other-port"),
    pytest.param({"Origin": "http://tea.localhost:8080"}, id="mini-app"),
    pytest.param({"Host": "evil.example"}, id="host"),
    pytest.param({"Host": "127.0.0.1.evil.example"}, id="host-looks-local"),
    pytest.param({"Host": "192.168.0.7:8081"}, id="host-of-the-network"),
    pytest.param({"Sec-Fetch-Site": "cross-site"}, id="fetched-by-a-site"),
    pytest.param({"Sec-Fetch-Site": "same-site"}, id="fetched-by-a-neighbour"),
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("path", ["/play/v1/state", "/play/v1/faults", "/page/js/main.js", "/play/v1/nothing"])
async def test_a_foreign_request_is_refused(playground_url: str, headers: dict[str, str], path: str) -> None:
    async with httpx.AsyncClient(base_url=playground_url, trust_env=False) as http:
        answer = await http.request("DELETE" if path.endswith("faults") else "GET", path, headers=headers)
    assert answer.status_code == 403
    assert "The playground" in answer.json()["error"]


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]", "127.0.0.2"])
async def test_the_names_of_this_machine_are_taken(playground_url: str, name: str) -> None:
    host = f"{name}:{urlsplit(playground_url).port}"
    headers = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
    async with httpx.AsyncClient(base_url=playground_url, trust_env=False) as http:
        assert (await http.get("/play/v1/state", headers=headers)).status_code == 200


async def test_the_page_may_be_visited_by_a_link_and_asks_nothing_from_outside(playground_url: str) -> None:
    visit = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    async with httpx.AsyncClient(base_url=playground_url, trust_env=False) as http:
        page = await http.get("/", headers=visit)
        framed = await http.get("/", headers={**visit, "Sec-Fetch-Mode": "no-cors"})
    assert page.status_code == 200
    assert framed.status_code == 403
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


async def test_assets_are_cached_by_their_content_and_end_at_their_folder(playground_url: str) -> None:
    async with httpx.AsyncClient(base_url=playground_url, trust_env=False) as http:
        script = await http.get("/page/js/main.js")
        again = await http.get("/page/js/main.js", headers={"If-None-Match": script.headers["etag"]})
        outside = await http.get("/page/%2e%2e/people.py")
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert again.status_code == 304
    assert outside.status_code == 404
