"""Two of Android's virtual Bluetooth controllers (rootcanal) and the air between them.

rootcanal's own program listens on every network interface; its library does the same with no socket at all. So the
controllers live here, the central is joined to one by function calls, and the band reaches the other by HCI on H4 over
a port of the loopback interface: what a controller on a TCP port is to a host stack, byte for byte.
"""

import asyncio
import ctypes
from collections.abc import Callable

from rootcanal import binaries
from rootcanal.bluetooth import Address
from rootcanal.packets import ll

ACL = 2
EVENT = 4
NUMBER_OF_COMPLETED_PACKETS = 0x13
CONNECTION_TIMEOUT = 0x08
# Read LE Host Support, whose lack in rootcanal ends the whole program, and the answer: it does support it.
READ_LE_HOST_SUPPORT = bytes.fromhex("016c0c00")
LE_HOST_SUPPORTED = bytes.fromhex("040e06016c0c000100")
LOW_ENERGY = 0
TICK_S = 0.002
RSSI = -60

_SEND_HCI = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.POINTER(ctypes.c_ubyte), ctypes.c_size_t)
_SEND_LL = ctypes.CFUNCTYPE(
    None, ctypes.POINTER(ctypes.c_ubyte), ctypes.c_size_t, ctypes.c_int, ctypes.c_int
)
_library = ctypes.CDLL(binaries.get_package_binary_resource_path("librootcanal_ffi.so"))
_library.ffi_controller_new.restype = ctypes.c_void_p


class Controller:
    """One virtual controller. `on_hci` gets what it tells its host, as whole H4 packets."""

    def __init__(self, air: "Air", address: str) -> None:
        self.on_hci: Callable[[bytes], None] = lambda _packet: None
        self._air = air
        # Kept here: the library calls them for as long as the controller lives.
        self._callbacks = (_SEND_HCI(self._from_hci), _SEND_LL(self._from_air))
        address_bytes = bytes.fromhex(address.replace(":", ""))[::-1]
        self._instance = ctypes.c_void_p(
            _library.ffi_controller_new(ctypes.c_char_p(address_bytes), *self._callbacks)
        )

    def _from_hci(self, kind: int, data, length: int) -> None:
        self.on_hci(bytes([kind]) + bytes(data[:length]))

    def _from_air(self, data, length: int, phy: int, _tx_power: int) -> None:
        self._air.send(self, bytes(data[:length]), phy)

    # Bumble's name for what takes packets for the controller.
    def on_packet(self, packet: bytes) -> None:
        _library.ffi_controller_receive_hci(
            self._instance, packet[0], ctypes.c_char_p(packet[1:]), len(packet) - 1
        )

    def receive(self, packet: bytes, phy: int) -> None:
        _library.ffi_controller_receive_ll(
            self._instance, ctypes.c_char_p(packet), len(packet), phy, RSSI
        )

    def tick(self) -> None:
        _library.ffi_controller_tick(self._instance)

    def close(self) -> None:
        _library.ffi_controller_delete(self._instance)


class Air:
    """What one controller sends the others hear."""

    def __init__(self) -> None:
        self._silent = False
        self._controllers: list[Controller] = []
        self._loop = asyncio.get_running_loop()
        self._ticking = asyncio.create_task(self._tick())

    def controller(self, address: str) -> Controller:
        controller = Controller(self, address)
        self._controllers.append(controller)
        return controller

    def remove(self, controller: Controller) -> None:
        self._controllers.remove(controller)
        # Not from inside a call of the library.
        self._loop.call_soon(controller.close)

    def send(self, sender: Controller, packet: bytes, phy: int) -> None:
        if not self._silent:
            # Later, because the library must not be entered from its own callback.
            self._loop.call_soon(self._deliver, sender, packet, phy)

    def _deliver(self, sender: Controller, packet: bytes, phy: int) -> None:
        for controller in list(self._controllers):
            if controller is not sender:
                controller.receive(packet, phy)

    async def part(self, one: str, other: str, timeout_s: float) -> None:
        """Two devices with a link move out of each other's reach, and back when both have given it up."""
        self._silent = True
        await asyncio.sleep(timeout_s)
        self.time_out(one, other)
        self.time_out(other, one)
        self._silent = False

    def time_out(self, gone: str, left: str) -> None:
        """The supervision timer, which rootcanal has not: `left` loses its link with `gone`."""
        packet = ll.Disconnect(
            source_address=Address(gone), destination_address=Address(left), reason=CONNECTION_TIMEOUT
        ).serialize()
        for controller in self._controllers:
            controller.receive(packet, LOW_ENERGY)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            for controller in list(self._controllers):
                controller.tick()

    def close(self) -> None:
        self._ticking.cancel()
        for controller in self._controllers:
            controller.close()
        self._controllers.clear()


class HciPort:
    """A port of the loopback interface behind which a fresh controller waits for whoever connects."""

    def __init__(self, air: Air, address: str) -> None:
        self._air = air
        self._address = address
        self._server: asyncio.Server | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._held: list[bytes] | None = None

    async def open(self) -> str:
        """Returns the band's word for where it is."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"tcp:127.0.0.1:{self.number}"

    @property
    def number(self) -> int:
        assert self._server is not None
        return self._server.sockets[0].getsockname()[1]

    def stall(self) -> None:
        """The controller tells no more of packets that the other side has taken, as if it took none."""
        self._held = []

    def resume(self) -> None:
        held, self._held = self._held or [], None
        for packet in held:
            self._send(packet)

    def drop(self) -> None:
        """The cable is pulled; it can be put in again at once."""
        if self._writer is not None:
            self._writer.close()

    def close(self) -> None:
        self.drop()
        if self._server is not None:
            self._server.close()

    def _from_controller(self, packet: bytes) -> None:
        if self._held is not None and packet[:2] == bytes([EVENT, NUMBER_OF_COMPLETED_PACKETS]):
            self._held.append(packet)
        else:
            self._send(packet)

    def _send(self, packet: bytes) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(packet)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        controller = self._air.controller(self._address)
        self._writer = writer
        controller.on_hci = self._from_controller
        try:
            while True:
                head = await reader.readexactly(1)
                # Command: opcode, length. ACL: handle, length of two bytes. A host sends nothing else.
                head += await reader.readexactly(4 if head[0] == ACL else 3)
                length = int.from_bytes(head[3:], "little")
                packet = head + await reader.readexactly(length)
                if packet == READ_LE_HOST_SUPPORT:
                    self._send(LE_HOST_SUPPORTED)
                else:
                    controller.on_packet(packet)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the host has gone
        finally:
            self._air.remove(controller)
            writer.close()
            if self._writer is writer:
                self._writer = None
