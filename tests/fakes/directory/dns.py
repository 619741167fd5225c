"""A DNS server on this machine that knows a handful of TXT records, over UDP."""

import socketserver
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


class DnsServer:
    """One server.

    Attributes:
        records: The texts of each name, without the dot at its end.
        is_silent: Whether it answers nothing at all.
    """

    def __init__(self) -> None:
        self.records: dict[str, list[str]] = {}
        self.is_silent = False
        self._server = socketserver.UDPServer(("127.0.0.1", 0), _handler(self))
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}
        )
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, asked: dns.message.Message) -> dns.message.Message:
        reply = dns.message.make_response(asked)
        reply.flags |= dns.flags.RA
        question = asked.question[0]
        texts = self.records.get(question.name.to_text(omit_final_dot=True))
        if texts is None:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        elif texts:
            quoted = [f'"{one}"' for one in texts]
            reply.answer.append(
                dns.rrset.from_text(question.name, 60, "IN", "TXT", *quoted)
            )
        return reply


def _handler(server: DnsServer) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data, socket = self.request
            if not server.is_silent:
                reply = server.answer(dns.message.from_wire(data))
                socket.sendto(reply.to_wire(), self.client_address)

    return Handler
