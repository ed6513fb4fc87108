"""What a mail server's refusal means.

4xx, time-out, broken connection (even after DATA)   again: whoever gets it twice sees one Message-ID
530, 534, 535, 538, a refused sender                 again: our account is wrong, not the letter
5xx to the recipient or the message                  final
"""

import ssl
from typing import Final

import aiosmtplib

from services.notifier.channels.base import LATER, NotDelivered

_ACCOUNT: Final = frozenset({530, 534, 535, 538})
_PERMANENT: Final = 500


def reason(wrong: Exception) -> NotDelivered:
    """What to tell, and whether to try again."""
    if isinstance(wrong, aiosmtplib.SMTPRecipientsRefused):
        return _answered(wrong.recipients[0].code, "收件地址")
    if isinstance(wrong, aiosmtplib.SMTPResponseException):
        return _refused(wrong)
    return _broken(wrong)


def _refused(wrong: aiosmtplib.SMTPResponseException) -> NotDelivered:
    code = wrong.code
    match wrong:
        case aiosmtplib.SMTPAuthenticationError():
            return _account(code)
        case aiosmtplib.SMTPSenderRefused() if code >= _PERMANENT and code not in _ACCOUNT:
            return _ours(f"发件人被拒（{code}）：请核对渠道文件的 from。Our sender is refused.")
        case aiosmtplib.SMTPDataError() | aiosmtplib.SMTPSenderRefused():
            return _answered(code, "邮件")
        case _:
            return NotDelivered(f"邮件服务器暂不接待（{code}），将重发。The server is not serving; it goes again.")


def _broken(wrong: Exception) -> NotDelivered:
    match wrong:
        case ssl.SSLError():
            return NotDelivered("邮件服务器证书无效：请核对域名和根证书。Its certificate is not valid.")
        case aiosmtplib.SMTPConnectError():
            return NotDelivered("邮件服务器连不上：请检查网络、端口和证书。It cannot be reached.")
        case OSError():
            return NotDelivered("连接中断或超时，不知是否送达，将以同一编号重发。The connection broke; it goes again.")
        case _:
            return _ours("邮件服务器不支持所设的加密或登录：请核对渠道文件。TLS or login is not offered.")


def _answered(code: int, what: str) -> NotDelivered:
    if code in _ACCOUNT:
        return _account(code)
    if code >= _PERMANENT:
        return NotDelivered(f"{what}被拒收（{code}）：请核对名录里的邮箱。Refused for good.", final=True)
    return NotDelivered(f"{what}暂未被接受（{code}），将重发。Not now; it goes again.")


def _account(code: int) -> NotDelivered:
    return _ours(f"登录失败（{code}）：请核对渠道文件的 user 和 password。Check user and password.")


def _ours(reason: str) -> NotDelivered:
    """Our own settings are wrong, and no letter gets through until they are mended."""
    return NotDelivered(reason, wait=LATER, unusable=True)
