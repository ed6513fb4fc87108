"""The kinds of aggregate that this service writes, each with its rules."""

from typing import Final

from services.hazard.aggregate.adoption import PolicyHistory, decide_policy, evolve_policy
from services.hazard.aggregate.decisions import decide, named_hazards
from services.hazard.aggregate.evolution import evolve
from services.hazard.aggregate.hazard import Hazard
from services.hazard.aggregate.visiting import visits_named
from services.hazard.decider import Decider, Deciders
from services.hazard.inspection.deciding import decide_inspection
from services.hazard.inspection.inspection import Inspection, evolve_inspection

HAZARD: Final = Decider("hazard", Hazard(), evolve, decide, named_hazards, visits_named)
POLICY: Final = Decider("policy", PolicyHistory(), evolve_policy, decide_policy)
INSPECTION: Final = Decider("inspection", Inspection(), evolve_inspection, decide_inspection)

RULES: Final = Deciders(HAZARD, POLICY, INSPECTION)
