"""The later chapters of a life: under supervision, mended, gone or closed, and opened again."""

from contracts.terms import DelistingGround, Grade
from tests.lives import beginning, mending, overlays
from tests.lives.story import Story


def _supervise(story: Story) -> bool:
    """Listed once, or twice; some listings end early, and a grade may fall after that."""
    if story.life.grade is not Grade.MAJOR or not story.chance(0.25):
        return True
    if story.chance(0.5):
        story.do(overlays.proposed)
        story.wait(4)
    for _ in range(1 if story.chance(0.8) else 2):
        listing = story.do(overlays.listed)
        if story.chance(0.3):
            story.do(overlays.published, listing)
    if story.chance(0.1):
        story.wait(10)
        _delist(story, DelistingGround.REVOKED)
        if story.chance(0.3):
            story.do(beginning.regraded, Grade.GENERAL)
    return True


def _plan(story: Story) -> bool:
    story.wait(3)
    if story.chance(0.6):
        story.do(mending.planned)
    if story.chance(0.3):
        story.do(mending.started)
    if story.chance(0.05):
        story.do(mending.controlled)
    for _ in range(story.draw(4) // 2):
        story.wait(5)
        story.do(mending.progressed)
    if story.chance(0.07):
        story.do(mending.asked_for_time)
        story.wait(3)
        story.do(mending.given_time, granted=story.chance(0.7))
    return True


def _cease(story: Story) -> bool:
    """Gone with its place; a few of these were not."""
    if not story.chance(0.04):
        return True
    story.wait(10)
    _delist(story, DelistingGround.CEASED)
    story.do(mending.ceased)
    story.wait(20)
    if not story.chance(0.1):
        return False
    story.do(mending.reopened)
    return True


def finish(story: Story) -> None:
    """Submitted, verified, closed, and in some lives opened again, once or twice; in others nothing more is heard."""
    for _ in range(3):
        if not _verified(story):
            return
        if story.chance(0.88):
            _close(story)
        if not story.chance(0.08):
            return
        story.wait(30)
        story.do(mending.reopened)


def _verified(story: Story) -> bool:
    for _ in range(3):
        story.wait(8)
        if story.chance(0.1):
            return False
        story.do(mending.submitted)
        story.wait(4)
        if story.chance(0.86):
            story.do(mending.passed)
            return True
        story.do(mending.failed)
    return False


def _close(story: Story) -> None:
    story.wait(3)
    if story.life.grade is Grade.MAJOR:
        story.do(overlays.reported_above)
        story.do(overlays.reported_inside)
    _delist(story, DelistingGround.RECTIFIED)
    story.do(mending.closed)


def _delist(story: Story, ground: DelistingGround) -> None:
    for listing in tuple(story.life.listings):
        story.do(overlays.delisted, listing, ground)


CHAPTERS = (_supervise, _plan, _cease)
"""Each says whether the life goes on."""
