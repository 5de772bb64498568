"""The phone: Google's Bumble on a virtual controller. What it decodes, it decodes by its own profiles."""

import asyncio
from contextlib import asynccontextmanager

from bumble.core import UUID
from bumble.device import Advertisement, Connection, ConnectionParametersPreferences, Device, Peer
from bumble.hci import HCI_LE_1M_PHY, Address
from bumble.keys import MemoryKeyStore
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.profiles.battery_service import BatteryServiceProxy
from bumble.profiles.device_information_service import DeviceInformationServiceProxy
from bumble.profiles.heart_rate_service import HeartRateService, HeartRateServiceProxy

from air import Air, HciPort
from band_process import BandProcess
from noble_process import NobleProcess

BAND_ADDRESS = "C0:5E:11:BA:4D:01"
FOUND_S_MAX = 10
PHONE_ADDRESS = "F0:F1:F2:F3:F4:F5"
SUPERVISION_TIMEOUT_MS = 2000
MEASUREMENT = UUID.from_16_bits(0x2A37)

Measurement = HeartRateService.HeartRateMeasurement


class _Source:
    """What a controller says, as Bumble takes it."""

    def __init__(self) -> None:
        self.terminated = asyncio.get_running_loop().create_future()
        self._sink = None

    def set_packet_sink(self, sink) -> None:
        self._sink = sink

    def on_hci(self, packet: bytes) -> None:
        # Later, because Bumble may answer at once, and the controller must not be entered from its own callback.
        asyncio.get_running_loop().call_soon(self._sink.on_packet, packet)


class Visit:
    """One connection."""

    def __init__(self, connection: Connection, peer: Peer) -> None:
        self.connection = connection
        self.peer = peer
        self.measurements: list[Measurement] = []
        self._heart_rate: HeartRateServiceProxy | None = None
        self._hear = self.measurements.append

    async def discover(self) -> None:
        await self.peer.discover_services()
        for service in self.peer.services:
            await self.peer.discover_characteristics(service=service)

    @property
    def heart_rate(self) -> HeartRateServiceProxy:
        if self._heart_rate is None:
            self._heart_rate = self.peer.create_service_proxy(HeartRateServiceProxy)
        return self._heart_rate

    @property
    def battery(self) -> BatteryServiceProxy:
        return self.peer.create_service_proxy(BatteryServiceProxy)

    @property
    def device_information(self) -> DeviceInformationServiceProxy:
        return self.peer.create_service_proxy(DeviceInformationServiceProxy)

    async def subscribe(self) -> None:
        await self.heart_rate.heart_rate_measurement.subscribe(self._hear)

    async def unsubscribe(self) -> None:
        await self.heart_rate.heart_rate_measurement.unsubscribe(self._hear)

    @property
    def rr(self) -> list[int]:
        """All intervals heard, 1/1024 s."""
        return [round(rr * 1024) for each in self.measurements for rr in each.rr_intervals or ()]


class Bench:
    """The band, the phone, and the air between them."""

    air: Air
    port: HciPort
    device: Device
    band: BandProcess
    controller: str

    @classmethod
    async def open(cls) -> "Bench":
        bench = cls()
        bench.air = Air()
        controller = bench.air.controller("00:00:00:00:00:02")
        source = _Source()
        controller.on_hci = source.on_hci
        bench.device = Device.with_hci("phone", Address(PHONE_ADDRESS), source, controller)
        await bench.device.power_on()
        bench.device.keystore = MemoryKeyStore()  # nothing of it outlives the lane
        bench.port = HciPort(bench.air, "00:00:00:00:00:01")
        bench.controller = await bench.port.open()
        bench.band = await BandProcess.start(bench.controller)
        return bench

    async def close(self) -> None:
        await self.band.stop()
        self.port.close()
        self.air.close()

    def bond_as_phone(self) -> None:
        """Pairs as a phone without keyboard does, and keeps the keys."""
        delegate = PairingDelegate(PairingDelegate.NO_OUTPUT_NO_INPUT)
        self.device.pairing_config_factory = lambda _connection: PairingConfig(
            sc=True, mitm=False, bonding=True, delegate=delegate, identity_address_type=PairingConfig.AddressType.RANDOM
        )

    async def forget_band(self) -> None:
        """As a phone's "forget this device"."""
        await self.device.keystore.delete_all()

    async def restart_band(self) -> None:
        """Another process, another firmware, another capture."""
        await self.band.stop()
        self.band = await BandProcess.start(self.controller)

    async def scan(self, active: bool) -> Advertisement:
        """The next advertisement of the band."""
        heard: asyncio.Future[Advertisement] = asyncio.get_running_loop().create_future()

        def on_advertisement(advertisement: Advertisement) -> None:
            if str(advertisement.address).startswith(BAND_ADDRESS) and not heard.done():
                heard.set_result(advertisement)

        self.device.on("advertisement", on_advertisement)
        await self.device.start_scanning(active=active)
        try:
            return await asyncio.wait_for(heard, FOUND_S_MAX)
        except asyncio.TimeoutError:
            raise AssertionError(f"no advertisement within {FOUND_S_MAX} s") from None
        finally:
            await self.device.stop_scanning()
            self.device.remove_listener("advertisement", on_advertisement)

    async def connect(self) -> Visit:
        preferences = ConnectionParametersPreferences(
            connection_interval_min=15,
            connection_interval_max=30,
            supervision_timeout=SUPERVISION_TIMEOUT_MS,
        )
        connection = await self.device.connect(
            Address(BAND_ADDRESS),
            connection_parameters_preferences={HCI_LE_1M_PHY: preferences},
            timeout=FOUND_S_MAX,
        )
        return Visit(connection, Peer(connection))

    @asynccontextmanager
    async def visit(self, mtu: int | None = None):
        """Connected and discovered, and afterwards disconnected, with the band on the air again."""
        visit = await self.connect()
        try:
            if mtu is not None:
                await visit.peer.request_mtu(mtu)
            await visit.discover()
            yield visit
        finally:
            since = len(self.band.lines)
            if visit.connection.handle in self.device.connections:
                await visit.connection.disconnect()
                await self.band.said("link", 10, since, link="advertising")

    @asynccontextmanager
    async def noble(self):
        """Another phone, with a controller of its own, and afterwards the band on the air again."""
        port = HciPort(self.air, "00:00:00:00:00:03")
        await port.open()
        noble = await NobleProcess.start(port.number)
        since = len(self.band.lines)
        try:
            yield noble
            await noble.ask("disconnect")
            await self.band.said("link", 10, since, link="advertising")
        finally:
            await noble.stop()
            port.close()

    async def walk_away(self) -> None:
        """Out of reach without a word, and back when both sides have given up the link."""
        await self.air.part(BAND_ADDRESS, PHONE_ADDRESS, SUPERVISION_TIMEOUT_MS / 1000)

    def lose_band(self) -> None:
        """The phone's link times out, as it does when the band has lost its controller."""
        self.air.time_out(BAND_ADDRESS, PHONE_ADDRESS)

    async def run(self, band_s: float, speed: float) -> None:
        """That much of the band's time, after which it stands still."""
        began = (await self.band.tell("speed", speed=speed))["atMs"]
        left_ms = band_s * 1000
        while left_ms > 0:
            await asyncio.sleep(max(0.02, left_ms / 1000 / speed))
            left_ms = band_s * 1000 - ((await self.band.tell("speed", speed=speed))["atMs"] - began)
        await self.pause()

    async def pause(self) -> float:
        """The band's clock stands still; what is on its way arrives. Returns what it shows, ms."""
        at_ms = (await self.band.tell("speed", speed=0))["atMs"]
        await asyncio.sleep(0.2)
        return at_ms


async def until(what: str, is_true, timeout_s: float) -> None:
    """Looks every 20 ms."""
    deadline = asyncio.get_running_loop().time() + timeout_s
    while not is_true():
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"not within {timeout_s} s: {what}")
        await asyncio.sleep(0.02)
