"""移送 · 指定监管 · 办理结果反馈: whose hazard it is."""

from contracts import commands, events
from contracts.parties import Actor
from services.hazard.aggregate.hazard import Hazard, Transfer
from services.hazard.aggregate.persons import PAIR, as_person, keep_apart
from services.hazard.aggregate.record import record, require
from services.hazard.aggregate.refusals import NotPermitted, RuleBroken
from services.hazard.aggregate.scope import is_competent, require_body
from services.hazard.aggregate.world import World

COUNTY_DIGITS = 6


def transfer(command: commands.TransferHazard, hazard: Hazard, world: World) -> list[events.HazardTransferred]:
    """The sender keeps it until it is accepted; after two refusals the county assigns."""
    if hazard.transfer:
        raise RuleBroken("移送正在办理", code="pending")
    if hazard.binding:
        raise RuleBroken("已由上级指定监管单位，不能再移送", code="binding")
    if hazard.transfers_refused >= PAIR:
        raise RuleBroken("已两次退回，应提请安委办指定监管单位", code="assign_competence")
    sender = require_body(command)
    if hazard.competent and not is_competent(sender, hazard, world):
        raise NotPermitted("应由现监管单位移送", code="other_body", field="actor.body")
    to = command.to_body.id
    if to is None or (world.directory.bodies and world.directory.body(to) is None):
        raise RuleBroken("机构目录中没有接收单位", code="unknown_body", field="to_body.id")
    if to == sender:
        raise RuleBroken("不能移送给本单位", code="own_body", field="to_body.id")
    if to in hazard.party_ids:
        raise RuleBroken("不能移送给责任单位", code="other_party", field="to_body.id")
    if hazard.party:
        require(command, party_told_on=command.party_told_on)
    require(command, evidence=command.evidence or command.document)
    return record(events.HazardTransferred, command, world, from_body=command.actor.body)


def accept(command: commands.AcceptTransfer, hazard: Hazard, world: World) -> list[events.TransferAccepted]:
    """By the receiving body."""
    _check_receiver(command.actor, hazard)
    return record(events.TransferAccepted, command, world, by_body=command.actor.body)


def refuse(command: commands.RefuseTransfer, hazard: Hazard, world: World) -> list[events.TransferRefused]:
    """Naming the competent body: "not ours" alone is no answer."""
    _check_receiver(command.actor, hazard)
    if command.competent_body.id is not None and command.competent_body.id == command.actor.body:
        raise RuleBroken("退回须指明另一有权单位", code="own_body", field="competent_body.id")
    return record(events.TransferRefused, command, world, by_body=command.actor.body)


def _check_receiver(actor: Actor, hazard: Hazard) -> None:
    pending: Transfer | None = hazard.transfer
    if pending is None:
        raise RuleBroken("没有待接收的移送", code="none_pending")
    if actor.body is None or actor.body != pending.to_body:
        raise NotPermitted("应由接收单位办理", code="other_body", field="actor.body")
    keep_apart(as_person(actor), "移送人", *pending.askers)


def assign(command: commands.AssignCompetence, hazard: Hazard, world: World) -> list[events.CompetenceAssigned]:
    """Binding; from a superior, its result is reported back before closing."""
    to = command.to_body.id
    if to is None or (world.directory.bodies and world.directory.body(to) is None):
        raise RuleBroken("机构目录中没有该单位", code="unknown_body", field="to_body.id")
    _check_assigner(command, to, hazard, world)
    return record(events.CompetenceAssigned, command, world)


def _check_assigner(command: commands.AssignCompetence, to: str, hazard: Hazard, world: World) -> None:
    """The county or above; what a body above has assigned, nobody below assigns again."""
    own = require_body(command)
    body = world.directory.body(own)
    area = body.area if body else command.actor.area or ""
    if len(area) > COUNTY_DIGITS:
        raise NotPermitted("指定监管应由县级以上办理", code="area", field="actor.area")
    if to in hazard.party_ids:
        raise RuleBroken("不能指定责任单位监管本单位的隐患", code="other_party", field="to_body.id")
    above = {hazard.competent, *hazard.handed_down_by}
    lower = any(world.directory.is_above(one, own) for one in above)
    if hazard.binding and lower and own not in above:
        raise NotPermitted("已由上级指定，应由其变更", code="binding", field="actor.body")


def report(command: commands.ReportResult, hazard: Hazard, world: World) -> list[events.ResultReported]:
    """By the body that accepted it, to the superior that handed it down, or to whoever waits for it."""
    if not is_competent(command.actor.body, hazard, world):
        raise NotPermitted("应由承办单位反馈", code="other_body", field="actor.body")
    above = hazard.handed_down_by
    if above and command.to_body.id not in above:
        raise RuleBroken("应先向交办的上级反馈", code="other_superior", field="to_body.id")
    return record(events.ResultReported, command, world)
