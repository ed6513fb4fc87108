import asyncio

from services.notifier.running.turns import MANY, Turns


async def test_what_is_due_goes_first_while_it_comes_in_crowds() -> None:
    """Few wake-ups hold nobody up; a crowd does, until its last ones are worked off."""
    turns = Turns(patience=60)
    turns.begins(MANY - 1)
    await turns.come()
    turns.begins(MANY)
    telling = asyncio.create_task(turns.come())
    await asyncio.sleep(0)
    turns.begins(MANY)
    await asyncio.sleep(0)
    assert not telling.done()
    turns.begins(1)
    await asyncio.wait_for(telling, 60)


async def test_nobody_waits_for_ever() -> None:
    """A crowd that ends evenly is followed by nothing; one that does not end lets the others in now and then."""
    turns = Turns(patience=0.01)
    for _ in range(3):
        turns.begins(MANY)
        await asyncio.wait_for(turns.come(), 60)
    await asyncio.wait_for(asyncio.gather(*(turns.come() for _ in range(1_000))), 60)
