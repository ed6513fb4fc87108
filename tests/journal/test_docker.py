"""The store on NATS in a container, with our configuration mounted: where a Docker engine answers."""

import os
import socket
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from nats.aio.client import Client
from test_append import *  # noqa: F403 (the same tests, in a container)
from test_batch import *  # noqa: F403
from test_follow import *  # noqa: F403
from test_load import *  # noqa: F403

from services.journal import monitor, streams
from services.journal.binary import find_binary
from tests.servers import Node, Servers


def engine_answers() -> bool:
    """Whether somebody listens on the socket; an engine elsewhere is taken at its word."""
    host = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    if not host.startswith("unix://"):
        return True
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(host.removeprefix("unix://")) == 0


if not engine_answers():
    pytest.skip("no Docker engine answers, so the store was not tried in a container", allow_module_level=True)

pytestmark = [
    pytest.mark.docker,
    pytest.mark.filterwarnings("ignore:.*wait_container_is_ready:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The wait_for_logs function:DeprecationWarning"),
]

CONFIG = Path(__file__).parents[2] / "deploy" / "nats" / "single.conf"
IMAGE = "bihuan-test-nats:latest"
DOCKERFILE = b'FROM scratch\nCOPY nats-server /nats-server\nENTRYPOINT ["/nats-server"]\n'


@pytest.fixture(scope="module")
def container() -> Iterator[Node]:
    """NATS in a container; its image is made of the binary at hand, nothing is pulled."""
    import docker  # noqa: PLC0415 (it looks for an engine)
    from testcontainers.community.nats import NatsContainer  # noqa: PLC0415
    from testcontainers.core.config import testcontainers_config  # noqa: PLC0415

    testcontainers_config.ryuk_disabled = True
    engine = docker.from_env()
    engine.images.build(fileobj=build_context(), custom_context=True, tag=IMAGE, rm=True)
    engine.close()
    nats = NatsContainer(IMAGE).with_volume_mapping(str(CONFIG), "/nats.conf").with_command("-c /nats.conf")
    with nats as running:
        ports = (int(running.get_exposed_port(port)) for port in (4222, 8222))
        yield Node(Path(), "bihuan", *ports)


@pytest.fixture
def servers(container: Node) -> Servers:
    """One server, which is not ours to kill; takes the place of the one and the three."""
    return Servers([container])


async def test_our_configuration_is_safe(container: Node, nc: Client) -> None:
    """The file that we ship makes a server that our own check accepts, with the streams as declared."""
    await monitor.check_servers(container.monitor_url)
    assert await streams.declare(nc) == []
    assert nc.max_payload == 8 * 2**20


def build_context() -> BytesIO:
    """What the image is built from: the binary, and nothing else."""
    context = BytesIO()
    with tarfile.open(fileobj=context, mode="w") as archive:
        archive.add(find_binary(), "nats-server")
        dockerfile = tarfile.TarInfo("Dockerfile")
        dockerfile.size = len(DOCKERFILE)
        archive.addfile(dockerfile, BytesIO(DOCKERFILE))
    context.seek(0)
    return context
