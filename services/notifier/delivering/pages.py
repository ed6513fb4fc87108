"""The page of a notice: what it is about, whether it was seen, a button. No script, no picture, no other host."""

from base64 import b64encode
from datetime import datetime, tzinfo
from hashlib import sha256
from html import escape
from typing import Final

from services.notifier.delivering.life import Life

STYLE: Final = (
    'body{font:16px/1.6 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;'
    "max-width:40em;margin:1em auto;padding:0 1em;overflow-wrap:anywhere}"
    "pre{white-space:pre-wrap;font:inherit}button{font:inherit;padding:.5em 2em}small{color:#555}"
)
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    f"style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


def _html(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>{body}</body></html>"
    )


UNKNOWN: Final = _html(
    "链接无效",
    "<h1>链接无效</h1><p>这个链接不完整，或已失效：请从原通知里重新打开，或与发送单位联系。</p>"
    "<p><small>This link is not valid.</small></p>",
)
AWAY: Final = _html(
    "请稍后再试",
    "<h1>请稍后再试</h1><p>系统暂时没有应答，没有记下任何内容：请过一会儿再打开。</p>"
    "<p><small>Nothing was recorded; try again later.</small></p>",
)
NOTE: Final = (
    "<p><small>点击只表示您已看到本通知，不停止任何期限，也不是对隐患的处理或答复。"
    "Seen is seen: no deadline stops.</small></p>"
)


def page(life: Life, zone: tzinfo) -> str:
    """Of a life that has a notice."""
    notice = life.notice
    if notice is None:
        return UNKNOWN
    seen = life.acknowledged
    said = f"<h1>{escape(notice.title)}</h1><p>{escape(notice.person.name)}：</p><pre>{escape(notice.text)}</pre>"
    if seen is not None:
        return _html(notice.title, f"{said}<p>{_minute(seen.at, zone)} {escape(seen.person.name)} 已阅。</p>{NOTE}")
    return _html(notice.title, f'{said}<form method="post"><button>已阅，知道了</button></form>{NOTE}')


def _minute(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).isoformat(" ", "minutes")[:16]
