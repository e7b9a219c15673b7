"""The few pages and answers the gateway gives itself, in words a person understands."""

from __future__ import annotations

from html import escape

from starlette.responses import HTMLResponse, JSONResponse, Response

from bot_runtime.catalogue import Catalogue

_STYLE = """
:root{color-scheme:light dark}
body{margin:0;min-height:100vh;display:grid;place-content:center;justify-items:center;gap:12px;padding:24px;
font:17px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;text-align:center;
background:light-dark(#fff,#18222d);color:light-dark(#111,#f5f5f5)}
h1{font-size:22px;margin:0}p{margin:0;max-width:24em;color:light-dark(#6b7680,#a4b1bd)}
a{margin-top:12px;padding:12px 28px;border-radius:10px;background:#2481cc;color:#fff;text-decoration:none}
"""
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


class Pages:
    """Answers for a person (HTML) or for a Mini App's own request (JSON), by what was asked for."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._say = catalogue.plain

    def unknown(self, *, as_json: bool) -> Response:
        """404: no such bot."""
        return self._answer(404, "gateway.unknown_title", "gateway.unknown_text", as_json=as_json, again=False)

    def down(self, *, as_json: bool) -> Response:
        """503: the bot is not running."""
        response = self._answer(503, "gateway.down_title", "gateway.down_text", as_json=as_json, again=True)
        response.headers["retry-after"] = "10"
        return response

    def refused(self, status: int, key: str, **values: int | str) -> Response:
        """A JSON error with one sentence."""
        return JSONResponse({"error": self._say(key, None, **values)}, status, headers=_HEADERS)

    def _answer(self, status: int, title: str, text: str, *, as_json: bool, again: bool) -> Response:
        if as_json:
            return self.refused(status, text)
        link = f'<a href="">{escape(self._say("gateway.again"))}</a>' if again else ""
        body = (
            '<!doctype html><html lang="en"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{escape(self._say(title))}</title><style>{_STYLE}</style>"
            f"<h1>{escape(self._say(title))}</h1><p>{escape(self._say(text))}</p>{link}</html>"
        )
        return HTMLResponse(body, status, headers=_HEADERS)
