"""挂牌督办: several bodies may list one hazard, each ends its own listing."""

from typing import Annotated

from pydantic import Field

from contracts.base import CalendarDate, Contract, DocumentRef, EvidenceRef, Name, Text, Token
from contracts.parties import BodyRef, Signatory
from contracts.terms import DelistingGround, PublicationKind


class ListingProposal(Contract):
    """提请挂牌."""

    reasons: Text
    to_body: Token | None = None


class ListingDeclined(Contract):
    """不予挂牌."""

    proposal: Token | None = None
    reasons: Text


class Listing(Contract):
    """挂牌督办."""

    deadline: CalendarDate | None = None
    document: DocumentRef | None = None
    supervisor: BodyRef | None = None
    """督办单位."""
    proposal: Token | None = None
    reasons: Text | None = None


class ListingFiling(Contract):
    """挂牌备案."""

    listing: Token | None = None
    filed_with: BodyRef
    filed_on: CalendarDate | None = None


class ListingPublication(Contract):
    """公告, again on delisting in the same medium."""

    listing: Token | None = None
    kind: PublicationKind
    medium: Name
    link: Name | None = None
    published_on: CalendarDate | None = None


class PublicationRecall(Contract):
    """撤回公开."""

    publication: Token | None = None
    reasons: Text
    medium: Name


class DelistingApplication(Contract):
    """申请摘牌."""

    listing: Token | None = None
    statement: Text
    evidence: Annotated[tuple[EvidenceRef, ...], Field(max_length=20)] = ()


class DelistingRefusal(Contract):
    """不予摘牌."""

    listing: Token | None = None
    reasons: Text


class Delisting(Contract):
    """解除挂牌（摘牌）."""

    listing: Token | None = None
    ground: DelistingGround = DelistingGround.RECTIFIED
    signed_by: Signatory | None = None
    document: DocumentRef | None = None
    opinion: Text | None = None
