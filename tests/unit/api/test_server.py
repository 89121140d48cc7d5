"""The socket that the server listens on."""

import asyncio
import socket

from tubeseek.api.server import listening_socket


def test_answers_are_sent_without_waiting_for_more():
    assert asyncio.run(_nodelay_of_an_accepted_connection()) != 0


async def _nodelay_of_an_accepted_connection() -> int:
    accepted: asyncio.Future[asyncio.StreamWriter] = asyncio.get_running_loop().create_future()

    def on_connection(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.set_result(writer)

    listening = listening_socket("127.0.0.1", 0)
    async with await asyncio.start_server(on_connection, sock=listening):
        _, client = await asyncio.open_connection(*listening.getsockname())
        server = await accepted
        connection = server.get_extra_info("socket")
        nodelay = int(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        for writer in (client, server):
            writer.close()
            await writer.wait_closed()
    return nodelay
