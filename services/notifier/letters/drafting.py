"""The documents that wait for a signature 文书草稿, as plain text: facts, what is asked, the statute, blanks.

Whatever a rule rests on from memory or by the project's own choice is in none of them: no rule's delay, title, action
or label is printed, and of its bases only those read in full. A machine sets no date, no number, no name of a signer.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from contracts import words
from contracts.terms import Ladder
from services.notifier.letters.occasion import Occasion, told_word
from services.notifier.letters.recipients import Recipient

BLANK: Final = "____________"
DATE: Final = "____年__月__日"
FACTS: Final = 60
"""The latest ones; the others are in the history."""
LONGEST: Final = 16_000


class Form(NamedTuple):
    """What differs between documents: known by a part of the name."""

    name: str
    to: str
    """`party`, or who else it is addressed to."""
    demand: str
    anonymous: bool = False
    """Goes to others: names nobody."""


PARTY: Final = "party"
GENERAL: Final = Form("", BLANK, "请研究处理，并将结果反馈。")
FORMS: Final = (
    Form(
        "停止供电",
        PARTY,
        "经现场核实拒不执行停产停用决定且有现实危险的，提请主要负责人审批；批准后依法提前书面通知你单位和有关供应单位。",
    ),
    Form(
        "现场处理",
        PARTY,
        f"根据现场核实的情况，责令你单位{BLANK}（撤出作业人员、暂时停产停业或者停止使用，由执法人员在现场填写）。",
    ),
    Form(
        "责令限期整改",
        PARTY,
        f"责令你单位于{DATE}前完成整改；整改期间采取防范措施，确保安全；整改完成后书面报告，接受复查。",
    ),
    Form("警示提醒", PARTY, "请你单位重视上述情况，立即采取防范措施，完成整改，并书面报告结果。"),
    Form(
        "约谈",
        PARTY,
        f"请主要负责人于{DATE}__时到{BLANK}接受约谈，说明未完成的原因和下一步措施；请本人到场。",
    ),
    Form("挂牌", "挂牌机关", "建议对该隐患实施挂牌督办，请审定；不予挂牌的，请说明理由。"),
    Form("督办", BLANK, "请按职责督促落实，并将进展和结果报告签发单位。"),
    Form("履职提示", BLANK, "请按职责办理上述事项，并将结果报告签发单位。"),
    Form("核查提请", "有管辖权的单位", "请指派两名执法人员核查，听取陈述申辩；裁定前不得公开，不作不利对待。"),
    Form("行业警示", "本行业各企业", "请对照同类隐患自查，举一反三，及时整改。", anonymous=True),
    Form("关闭", "有关人民政府", "提请依法研究是否决定予以关闭。"),
    Form("停产整顿", "有执法权的单位", "建议到现场核实，依法决定是否责令撤出人员、暂时停产停业或者停止使用。"),
    Form("处罚建议", "行政处罚承办人员", "上述情况供裁量时考虑；是否从宽，由有权机关依法决定。"),
    Form("移送", "有权处理的单位", "现将上述情况和有关证据移送，请依法审查处理，并反馈结果。"),
    Form("移交", "有权处理的单位", "现将上述情况和有关证据移交，请依法审查处理，并反馈结果。"),
)


def draft(occasion: Occasion, addressees: Sequence[Recipient]) -> str:
    """For its signer to change, complete and sign, or to decline."""
    form = next((one for one in FORMS if one.name in occasion.document), GENERAL)
    hides = form.anonymous or occasion.is_confidential
    lines = [
        f"{occasion.document}（草稿）",
        f"{words.word('proposal')}　提请编号：{occasion.event.proposal}",
        f"文号：{BLANK}",
        "",
        f"主送：{_addressee(occasion, form, hides=hides)}",
        *([] if form.anonymous else _people(addressees)),
        "",
        *([] if form.anonymous else [f"隐患编号：{occasion.number}"]),
        *_matter(occasion, hides=hides),
        "",
        *([] if hides else ["事实（括号内为系统记录的序号）：", *_facts(occasion)]),
        "",
        f"要求：{form.demand}",
        f"依据：{_basis(occasion)}",
        "",
        f"签发人：{BLANK}　日期：{DATE}",
        f"（{words.word('not_a_document')}；草稿由系统根据记录生成，未经签发没有效力）",
    ]
    return "\n".join(lines)[:LONGEST]


def _addressee(occasion: Occasion, form: Form, *, hides: bool) -> str:
    if form.to != PARTY:
        return form.to
    if hides or occasion.ladder is Ladder.AUTHORITY:
        return BLANK
    return "、".join(party.name for party in occasion.case.parties) or BLANK


def _people(addressees: Sequence[Recipient]) -> list[str]:
    names = [f"{one.member.name}（{told_word(one.as_role)}）" for one in addressees]
    return [f"拟送达：{'；'.join(names)}"] if names else []


def _matter(occasion: Occasion, *, hides: bool) -> list[str]:
    case = occasion.case
    if hides:
        return [f"情况：{BLANK}（由承办人填写，不得泄露应当保密的内容）"]
    said = {
        "责任单位": "、".join(party.name for party in case.parties) or BLANK,
        "地点": case.place,
        "隐患": " ".join(case.description.split()),
        "等级": words.grade(case.grade) if case.grade else None,
    }
    return [f"{name}：{what}" for name, what in said.items() if what]


def _facts(occasion: Occasion) -> list[str]:
    facts, case = occasion.facts(), occasion.case
    left_out = [f"（此前 {len(facts) - FACTS} 项见完整记录）"] if len(facts) > FACTS else []
    told = [f"{occasion.minute(one.at)} {one.fact}（第{one.version}号）" for one in facts[-FACTS:]]
    if case.deadline:
        told.append(f"整改期限 {case.deadline.day.isoformat()}（第{case.deadline.version}号）")
    if lacking := occasion.lacking():
        told.append(f"截至 {occasion.minute(occasion.now)}，未见：{'、'.join(lacking)}")
    if case.stage:
        told.append(f"现处环节：{words.stage(case.stage)}")
    return [*left_out, *(f"{number}. {fact}；" for number, fact in enumerate(told, 1))]


def _basis(occasion: Occasion) -> str:
    known = [one.text for one in occasion.rule.basis if one.tag == "L"] if occasion.rule else []
    return "、".join(known) if known else f"{BLANK}（由签发人填写）"
