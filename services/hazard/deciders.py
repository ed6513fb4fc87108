"""The two kinds of aggregate that this service writes, each with its rules."""

from typing import Final

from services.hazard.aggregate.adoption import PolicyHistory, decide_policy, evolve_policy
from services.hazard.aggregate.decisions import decide, named_hazards
from services.hazard.aggregate.evolution import evolve
from services.hazard.aggregate.hazard import Hazard
from services.hazard.decider import Decider

HAZARD: Final = Decider("hazard", Hazard(), evolve, decide, named_hazards)
POLICY: Final = Decider("policy", PolicyHistory(), evolve_policy, decide_policy)
