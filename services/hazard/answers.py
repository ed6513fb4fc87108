"""The refusals that do not come from the rules of the loop, each with its sentence; codes are stable."""

from contracts.base import MAX_EVENT
from contracts.replies import Refused
from services.hazard.aggregate.refusals import Refusal


def refused(refusal: Refusal, command_id: str | None) -> Refused:
    """A refusal as the reply that says it."""
    return Refused(code=refusal.code, reason=refusal.reason, field=refusal.field, command_id=command_id)


def unknown_hazard(hazard_id: str) -> Refusal:
    """Nothing was ever stored under that id."""
    return Refusal(f"没有这条隐患：no hazard has the id {hazard_id}", code="unknown_hazard", field="hazard_id")


def unknown_inspection(inspection_id: str) -> Refusal:
    """The same of a visit."""
    reason = f"没有这次检查记录：no visit has the id {inspection_id}"
    return Refusal(reason, code="unknown_visit", field="inspection_id")


def stale_version(expected: int, found: int) -> Refusal:
    """The asker decided on something that is no longer so."""
    return Refusal(
        f"该记录已有新的办理（第{found}版，您看到的是第{expected}版），请刷新后重办："
        f"it is at version {found}, not {expected}; look again",
        code="stale_version",
        field="expected_version",
    )


def command_id_reused(command_id: str) -> Refusal:
    """The same id with the same body would get its first answer again."""
    return Refusal(
        f"该命令编号已用于另一内容：the command id {command_id} was used for another body; take a new one",
        code="command_id_reused",
        field="command_id",
    )


def too_large(size: int, limit: int = MAX_EVENT) -> Refusal:
    """Bytes in UTF-8."""
    return too_large_for_store(f"{size} bytes are more than {limit}")


def too_large_for_store(why: str) -> Refusal:
    """The same, with the store's own words."""
    return Refusal(f"内容过大，请精简文字或将附件另存：too large ({why})", code="too_large")


def conflict(command_id: str) -> Refused:
    """Others were faster, every time."""
    reason = "同时有他人办理该记录，请稍后重新提交：others are writing to it at the same time; ask again"
    return Refused(code="conflict", reason=reason, command_id=command_id)


def unavailable(command_id: str, why: str) -> Refused:
    """The store does not answer, and this attempt stored nothing."""
    reason = f"存储暂不可用，本次未作任何记录，请稍后以同一编号重新提交：nothing was stored; ask again ({why})"
    return Refused(code="unavailable", reason=reason, command_id=command_id)


def store_refused(command_id: str, why: str) -> Refused:
    """The store answered no, for a reason that asking again will not mend."""
    reason = f"存储拒绝写入，本次未作任何记录，请联系管理员：nothing was stored ({why})"
    return Refused(code="store_refused", reason=reason, command_id=command_id)


def fault(command_id: str | None) -> Refused:
    """Our mistake, before anything was stored; the log has the traceback."""
    reason = "系统故障，本次未作任何记录，请联系管理员：a fault of ours, nothing was stored; the log says more"
    return Refused(code="fault", reason=reason, command_id=command_id)


def busy(limit: int) -> Refused:
    """Said at once, before the command is read."""
    reason = f"系统繁忙，请稍后重新提交：more than {limit} commands are being handled; ask again in a moment"
    return Refused(code="busy", reason=reason)
