"""What a notice says 措辞, in Chinese: what is late since when, what to do, how to see it; who reported it, never."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from contracts import words
from contracts.base import MAX_NAME
from contracts.notices import Notice
from services.notifier.letters.occasion import Occasion, told_word
from services.notifier.letters.recipients import NOBODY, Recipient

REMINDER: Final = f"【{words.word('reminder')}】"
PROPOSAL: Final = f"【{words.word('proposal')}】"
SECRET: Final = "内容保密：请凭编号在系统内查看，不得向责任单位和无关人员透露。"  # noqa: S105 (a sentence)
ANSWERS: Final = (
    "答复（bihuan send）：签发文书 sign_document（answers: {0}），登记处置 record_measure（answers: {0}），"
    "或说明理由不予采纳 decline_measure（proposal: {0}）。长期不答复的，将另行提请。"
)
UNTOLD: Final = "目录里没有可通知的人：请补充机构目录，再用 bihuan notices replay 重发。"
SHOWN: Final = 30
"""Lines of a digest; the rest is counted."""
DESCRIPTION: Final = 120
LONGEST: Final = 16_000


class Words(NamedTuple):
    """A title of one line, and the text."""

    title: str
    text: str


def reminder(occasion: Occasion, one: Recipient) -> Words:
    """L0-L1: what the machine may send by itself."""
    title = f"{REMINDER}L{occasion.level} {_title(occasion)} {occasion.number}"
    lines = [
        REMINDER,
        _salutation(one),
        *_urgency(occasion),
        *_matter(occasion),
        *_lateness(occasion),
        *_demand(occasion),
        *_reason(one),
        f"查看：bihuan history {occasion.number}",
        "本提醒由系统自动发出，供及时办理，不是执法文书，也不改变任何期限。",
    ]
    return Words(_cut(title), "\n".join(lines)[:LONGEST])


def proposal(occasion: Occasion, one: Recipient) -> Words:
    """L2 and above: that a draft waits for whoever may sign it, and how to answer."""
    key, document = occasion.event.proposal, occasion.document
    title = f"{PROPOSAL}L{occasion.level} 《{document}》 {occasion.number}"
    lines = [
        PROPOSAL,
        _salutation(one),
        f"有一份《{document}》（草稿）待您签发或说明不予采纳。",
        *_urgency(occasion),
        *_matter(occasion),
        *_lateness(occasion),
        *_demand(occasion),
        *_label(occasion),
        *_reason(one),
        f"提请编号：{key}",
        ANSWERS.format(key),
        f"查看：bihuan history {occasion.number}",
        "草稿由系统根据记录生成，未经签发没有效力。",
    ]
    return Words(_cut(title), "\n".join(lines)[:LONGEST])


def digest(items: Sequence[Notice], day: date) -> Words:
    """A person's reminders of a day in one: how many of each level, the highest first, the rest counted."""
    title = f"{REMINDER}{day.isoformat()} 每日汇总（{len(items)} 条）"
    tally = Counter(item.level for item in items)
    levels = "，".join(f"L{level} {tally[level]} 条" for level in sorted(tally, reverse=True))
    ranked = sorted(items, key=lambda item: -item.level)
    lines = [f"{number}. {one.title.removeprefix(REMINDER)}" for number, one in enumerate(ranked[:SHOWN], 1)]
    rest = [f"……另有 {len(items) - SHOWN} 条，请在系统中查看。"] if len(items) > SHOWN else []
    how = "查看每一条：bihuan history 编号"
    return Words(_cut(title), "\n".join([REMINDER, f"今日共 {len(items)} 条：{levels}", *lines, *rest, how])[:LONGEST])


def shortened(text: str, longest: int = DESCRIPTION) -> str:
    """On one line."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _title(occasion: Occasion) -> str:
    return occasion.rule.title if occasion.rule else "有事项待办"


def _cut(title: str) -> str:
    return shortened(title, MAX_NAME)


def _salutation(one: Recipient) -> str:
    return f"{one.member.name}：" + (f"（代{one.deputy_for.name}）" if one.deputy_for else "")


def _urgency(occasion: Occasion) -> list[str]:
    return [f"紧急：{words.word('imminent_danger')}，请立即处置。"] if occasion.is_urgent else []


def _matter(occasion: Occasion) -> list[str]:
    """Which hazard; of a confidential one its number alone."""
    case = occasion.case
    if occasion.is_confidential:
        return [f"隐患编号：{occasion.number}", SECRET]
    said = {
        "隐患编号": occasion.number,
        "责任单位": "、".join(party.name for party in case.parties),
        "地点": case.place,
        "隐患": shortened(case.description),
        "等级": words.grade(case.grade) if case.grade else None,
        "环节": words.stage(case.stage) if case.stage else None,
    }
    return [f"{name}：{what}" for name, what in said.items() if what]


def _lateness(occasion: Occasion) -> list[str]:
    """What is late, since when."""
    rule, event = occasion.rule, occasion.event
    what = f"{rule.title}（{rule.id}，" if rule else "（"
    lines = [f"事项：{what}{words.term(occasion.ladder)} L{occasion.level}）"]
    deadline, left = occasion.case.deadline, occasion.days_left()
    if deadline and left is not None and (occasion.counts_to_deadline() or rule is None):
        state = f"还有 {left} 天" if left > 0 else "今日到期" if left == 0 else f"已逾期 {-left} 天"
        lines.append(f"整改期限：{deadline.day.isoformat()}（{state}）")
    elif started := occasion.started():
        lines.append(f"起算：{occasion.minute(started.at)} {started.fact}")
    elif event.due_at:
        lines.append(f"应办时间：{occasion.minute(event.due_at)}")
    if lacking := occasion.lacking():
        lines.append(f"至今未见：{'、'.join(lacking)}")
    return lines


def _demand(occasion: Occasion) -> list[str]:
    return [f"请办：{occasion.step.action}"] if occasion.step and occasion.step.action else []


def _label(occasion: Occasion) -> list[str]:
    label = occasion.rule.label if occasion.rule else None
    return [f"提示：{label}。仅供有管辖权的单位核查，裁定前不得公开。"] if label else []


def _reason(one: Recipient) -> list[str]:
    """Why it is he who is told."""
    if one.member.id == NOBODY.id:
        return [f"应通知：{'、'.join(map(told_word, one.missing))}", UNTOLD]
    lines = [f"您的身份：{told_word(one.as_role)}"]
    if one.missing:
        lines.append(
            f"另请注意：目录里没有可通知的{'、'.join(map(told_word, one.missing))}，故通知上一级，请补充机构目录。"
        )
    return lines
