"""What may become of a hazard, chapter by chapter, with the shares in which it does; days are averages."""

from typing import Final

from contracts.terms import AssignmentKind, Grade
from tests.lives import beginning, endings, mending, overlays
from tests.lives.story import Story

GRADES: Final = (Grade.GENERAL, Grade.SUSPECTED_MAJOR, Grade.MAJOR)


def plot(story: Story) -> None:
    """A whole life. Each chapter says whether it goes on; one that ends it leaves the others unwritten."""
    story.do(beginning.found, suspected=story.chance(0.1), old_paper=story.old, words=story.draw(6))
    chapters = (
        _judge,
        _mend_the_record,
        _leave,
        _hand_on,
        _order,
        _judge_again,
        *endings.CHAPTERS,
    )
    if all(chapter(story) for chapter in chapters):
        endings.finish(story)


def _judge(story: Story) -> bool:
    """Some are never graded, some stay suspected."""
    story.wait(1)
    if story.chance(0.07):
        return True
    if story.chance(0.19):
        story.do(beginning.graded, Grade.SUSPECTED_MAJOR)
        story.wait(3)
        if story.chance(0.85):
            story.do(beginning.regraded, Grade.MAJOR if story.chance(0.8) else Grade.GENERAL)
        return True
    story.do(beginning.graded, Grade.MAJOR if story.chance(0.27) else Grade.GENERAL)
    return True


def _mend_the_record(story: Story) -> bool:
    if story.chance(0.05):
        story.wait(2)
        story.do(beginning.corrected, story.draw(story.life.version) + 1)
    if story.chance(0.01):
        story.do(beginning.ruled_self)
    return True


def _leave(story: Story) -> bool:
    """Withdrawn, now and then in error; or merged."""
    if story.chance(0.03):
        story.wait(4)
        story.do(beginning.withdrawn)
        if story.chance(0.8):
            return False
        story.wait(6)
        story.do(beginning.reinstated)
        story.no_earlier()
    elif story.before and story.chance(0.02):
        story.do(beginning.merged, story.before)
        return False
    return True


def _hand_on(story: Story) -> bool:
    if story.chance(0.04):
        story.wait(2)
        story.do(overlays.offered)
        story.wait(4)
        if story.chance(0.75):
            story.do(overlays.accepted)
        else:
            story.do(overlays.sent_back)
            story.do(overlays.decided_above)
    return True


def _order(story: Story) -> bool:
    """A few are never assigned to anybody."""
    story.wait(2)
    if story.chance(0.04):
        return False
    kinds = (AssignmentKind.INTERNAL, AssignmentKind.NOTICE, AssignmentKind.ORDER)
    story.do(mending.assigned, kinds[story.draw(3)])
    return True


def _judge_again(story: Story) -> bool:
    """Up, down, and sometimes back."""
    if not story.life.grade:
        if story.chance(0.5):
            story.do(beginning.graded, GRADES[story.draw(3)])
    elif story.chance(0.12 if story.life.grade is Grade.MAJOR else 0.05):
        for _ in range(1 + story.draw(3) // 2):
            story.wait(5)
            story.do(beginning.regraded, Grade.GENERAL if story.life.grade is Grade.MAJOR else Grade.MAJOR)
    return True
