"""People, bodies and parties, as the events name them: those who act in duty, by id and name, and nobody else."""

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from contracts.base import AreaCode, Contract, CreditCode, EvidenceRef, Name, Token
from contracts.terms import PartyKind, Role


class Person(Contract):
    """Somebody who acts in duty. The id is ours; telephone and id-card numbers are in no event."""

    id: Token
    name: Name


class Signatory(Person):
    """Somebody whose name stands on a document, for a body; officers with their certificate 执法证号."""

    body: Token | None = None
    role: Role | None = None
    certificate: Name | None = None


class BodyRef(Contract):
    """A body of the state 单位. The id is the directory's; a published case may know only the name."""

    id: Token | None = None
    name: Name


class Finder(BodyRef):
    """One of the bodies that found it together; exactly one leads."""

    lead: bool = False


class Party(Contract):
    """Responsible party 责任单位. The id stays when name or code changes; the names stay in the history."""

    id: Token
    name: Name
    kind: PartyKind = PartyKind.ENTERPRISE
    credit_code: CreditCode | None = None
    staff: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    """Headcount 从业人员数; unknown is not zero."""
    head: Person | None = None
    """企业主要负责人."""
    body: Token | None = None
    """The directory's id where the party is a public body or village."""


class Principal(Contract):
    """For whom a recorder enters a signed paper 代录."""

    person: Person
    enterprise: Token | None = None
    paper: EvidenceRef | None = None


class Actor(Contract):
    """Who states the command. Whether he may say so is the business of the credentials that publish it."""

    id: Token
    name: Name
    roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=19)]
    body: Token | None = None
    area: AreaCode | None = None
    """The area of his office; it covers every area below."""
    enterprise: Token | None = None
    certificate: Name | None = None
    on_behalf_of: Principal | None = None

    @model_validator(mode="after")
    def _belongs_somewhere(self) -> Self:
        if self.enterprise and self.body:
            raise PydanticCustomError("two_sides", "经办人不能同时代表企业和部门：give body or enterprise, not both")
        return self
