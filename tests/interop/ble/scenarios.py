"""What any heart-rate app may expect of the band, from the firmware in XS to a stack that nobody here wrote.

Expected values are from docs/ble.md and the specifications it names. Every scenario begins with the band on the air and
nobody connected, and ends so. Each returns a few words with its figures.
"""

import asyncio

from bumble.att import ATT_Error
from bumble.core import UUID
from bumble.gatt import GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR as CONFIGURATION

from band_process import NODE
import dissector
from central import MEASUREMENT, Bench, Visit, until
from line_process import ROOT

LIVE_STATE = UUID("5e110002-ba4d-4c61-8d3e-9f0b7a2c6e10")
# Core specification, Vol 3, Part F, 3.4.1.1.
INSUFFICIENT_AUTHENTICATION = 0x05
INSUFFICIENT_ENCRYPTION = 0x0F

# Heartbeats that may wait, 1/1024 s, and the longest that a heart of 30 a minute makes.
BACKLOG_TICKS_MAX = 10_240
RR_TICKS_MAX = 2048
# A connection's objects take several kilobytes; the heap's own figure moves by some hundred bytes.
LEAK_BYTES_MAX = 100
# The stack puts its Generic Attribute service before the firmware's handles.
SHIFT = 4
SERVICES = {
    0x180D: (6, 11, {0x2A37: 8, 0x2A38: 11}),
    0x180F: (12, 15, {0x2A19: 14}),
    0x180A: (16, 26, {0x2A29: 18, 0x2A24: 20, 0x2A25: 22, 0x2A27: 24, 0x2A26: 26}),
}


def equal(what: str, is_now, expected) -> None:
    assert is_now == expected, f"{what}: {is_now!r}, not {expected!r}"


async def advertisement(bench: Bench) -> str:
    primary = bytes((await bench.scan(active=False)).data)
    equal(
        "primary packet",
        primary.hex(" "),
        "02 01 06 03 19 40 03 07 03 0d 18 0f 18 0a 18 05 09 42 61 6e 64",  # "Band"
    )
    heard = await bench.scan(active=True)
    assert heard.is_connectable and heard.is_legacy, "connectable, in the legacy form that every phone hears"
    both = bytes(heard.data)
    assert both.startswith(primary), f"with a scan response: {both.hex(' ')}"
    response = both[len(primary) :]
    # Room for the 128-bit services alone.
    assert response == b"" or (response[1] == 0x07 and response[0] + 1 == len(response)), response.hex(" ")
    return f"{len(primary)} bytes, scan response {len(response)}"


async def discovery(bench: Bench) -> str:
    async with bench.visit() as visit:
        for number, (first, last, characteristics) in SERVICES.items():
            [service] = [each for each in visit.peer.services if each.uuid == UUID.from_16_bits(number)]
            equal(f"{number:04X}", (service.handle, service.end_group_handle), (first + SHIFT, last + SHIFT))
            found = {each.uuid: each.handle for each in service.characteristics}
            wanted = {UUID.from_16_bits(uuid): handle + SHIFT for uuid, handle in characteristics.items()}
            equal(f"characteristics of {number:04X}", found, wanted)
        return f"{len(visit.peer.services)} services"


async def standing_data(bench: Bench) -> str:
    async with bench.visit() as visit:
        await bench.run(2, 10)  # the battery has been measured
        equal("place", await visit.heart_rate.body_sensor_location.read_value(), 2)  # wrist
        level = await visit.battery.battery_level.read_value()
        told = [line for line in bench.band.lines if line["type"] == "second"][-1]["batteryPercent"]
        equal("battery", level, told)
        information = visit.device_information
        texts = [
            await each.read_value()
            for each in (
                information.manufacturer_name,
                information.model_number,
                information.serial_number,
                information.hardware_revision,
                information.firmware_revision,
            )
        ]
        assert all(text and text.isprintable() and text.isascii() for text in texts), texts
        [name] = visit.peer.get_characteristics_by_uuid(UUID.from_16_bits(0x2A00))
        equal("name", await name.read_value(), b"Band")
        return f"{' / '.join(texts)}, battery {level} %"


def same_intervals(bench: Bench, visit: Visit, from_ms: float, to_ms: float) -> int:
    """All that the firmware accepted has arrived, once and in order; the last second's may still be waiting."""
    told = bench.band.accepted_rr(from_ms, to_ms)
    due = bench.band.accepted_rr(from_ms, to_ms - 1100)
    heard = visit.rr
    for i, (one, other) in enumerate(zip(heard, told)):
        assert one == other, f"interval {i}: heard {one}, told {other}"
    assert len(due) <= len(heard) <= len(told), f"{len(heard)} intervals heard, {len(due)} to {len(told)} told"
    return len(heard)


async def every_interval_once(bench: Bench) -> str:
    async with bench.visit() as visit:
        from_ms = await bench.pause()
        await visit.subscribe()
        await bench.run(1, 1)
        first = len(visit.measurements)
        assert 1 <= first <= 2, f"{first} packets in the first second"
        await bench.run(599, 10)
        to_ms = await bench.pause()
        count = same_intervals(bench, visit, from_ms, to_ms)
        packets = len(visit.measurements)
        assert count > 600, f"{count} intervals in ten minutes"
        assert 598 <= packets <= 602, f"{packets} packets in 600 s"
        assert all(each.energy_expended is None for each in visit.measurements)
        return f"{count} intervals in {packets} packets, 600 s of the band at 10 times real time"


async def contact(bench: Bench) -> str:
    async with bench.visit() as visit:
        await visit.subscribe()
        await bench.run(12, 10)
        assert visit.measurements[-1].sensor_contact_detected, "worn, but no contact"
        assert visit.measurements[-1].heart_rate > 0
        try:
            await bench.band.tell("worn", worn=False)
            await bench.run(3, 10)
            visit.measurements.clear()
            await bench.run(5, 10)
            assert len(visit.measurements) >= 4, "it goes on telling"
            for each in visit.measurements:
                equal("off the wrist", (each.sensor_contact_detected, each.heart_rate, each.rr_intervals), (False, 0, None))
            visit.measurements.clear()
        finally:
            on_ms = (await bench.band.tell("worn", worn=True))["atMs"]
        await bench.run(12, 10)
        last = visit.measurements[-1]
        assert last.sensor_contact_detected and last.heart_rate > 0, last
        return f"found again, {same_intervals(bench, visit, on_ms, await bench.pause())} intervals after it"


async def subscribe_again(bench: Bench) -> str:
    async with bench.visit() as visit:
        await visit.subscribe()
        await bench.run(5, 10)
        await visit.unsubscribe()
        await bench.run(1, 10)
        visit.measurements.clear()
        await bench.run(10, 10)
        equal("packets without a subscription", len(visit.measurements), 0)
        from_ms = await bench.pause()
        await visit.subscribe()
        await bench.run(10, 10)
        return f"{same_intervals(bench, visit, from_ms, await bench.pause())} intervals, none of them from before"


async def disconnect(bench: Bench) -> str:
    async with bench.visit() as visit:
        await visit.subscribe()
        await bench.run(3, 10)
    await bench.band.tell("speed", speed=1)
    await bench.scan(active=False)
    async with bench.visit() as visit:
        [measurement] = visit.peer.get_characteristics_by_uuid(MEASUREMENT)
        await measurement.discover_descriptors()
        configuration = measurement.get_descriptor(CONFIGURATION)
        equal("configuration after reconnecting", await visit.peer.read_value(configuration), b"\0\0")
        await bench.run(3, 10)
        equal("packets that nobody asked for", len(visit.measurements), 0)
    return "on the air again, no subscription left"


async def central_vanishes(bench: Bench) -> str:
    visit = await bench.connect()
    await visit.discover()
    await visit.subscribe()
    await bench.band.tell("speed", speed=1)
    since = len(bench.band.lines)
    await bench.walk_away()
    await bench.band.said("link", 10, since, link="advertising")
    await until("the phone notices too", lambda: not bench.device.connections, 10)
    async with bench.visit() as visit:
        await visit.subscribe()
        await bench.run(2, 10)
        assert visit.measurements
    return "link timed out, then found and heard again"


async def reads_during_notifications(bench: Bench) -> str:
    async with bench.visit() as visit:
        from_ms = await bench.pause()
        await visit.subscribe()
        running = asyncio.create_task(bench.run(60, 20))
        pairs = 0
        while not running.done():
            # Two at a time: the client's stack sends the second when the first is answered.
            level, model = await asyncio.gather(
                visit.battery.battery_level.read_value(), visit.device_information.model_number.read_value()
            )
            assert 0 <= level <= 100 and model == "band-1", (level, model)
            pairs += 1
        await running
        count = same_intervals(bench, visit, from_ms, await bench.pause())
        assert pairs >= 10, f"{pairs} pairs of reads"
        return f"{pairs} pairs of reads beside {count} intervals"


async def mtu(bench: Bench, asked: int | None, agreed: int, rr_per_packet_max: int) -> str:
    async with bench.visit(asked) as visit:
        equal("MTU", visit.peer.connection.att_mtu, agreed)
        from_ms = await bench.pause()
        await visit.subscribe()
        await bench.run(5, 10)
        # So that more intervals wait than one small packet holds, and none is older than the 10 s the band keeps: a tenth
        # of a second of this machine is 0.4 s of the band here.
        bench.port.stall()
        try:
            await bench.run(8.5, 4)
        finally:
            bench.port.resume()
        await bench.run(10, 10)
        count = same_intervals(bench, visit, from_ms, await bench.pause())
        most = max(len(each.rr_intervals or ()) for each in visit.measurements)
        assert most > 9 if rr_per_packet_max > 9 else most == rr_per_packet_max, f"{most} intervals in a packet"
        return f"MTU {agreed}, {count} intervals, at most {most} in a packet"


async def mtu_23(bench: Bench) -> str:
    return await mtu(bench, None, 23, 9)


async def mtu_247(bench: Bench) -> str:
    return await mtu(bench, 247, 247, 121)


async def mtu_517(bench: Bench) -> str:
    return await mtu(bench, 517, 247, 121)


async def stalled_central(bench: Bench) -> str:
    async with bench.visit(247) as visit:
        from_ms = await bench.pause()
        await visit.subscribe()
        await bench.run(10, 10)
        before = len(visit.rr)
        bench.port.stall()
        try:
            await bench.run(30, 10)
            stalled = len(visit.rr)
            queue = (await bench.band.tell("counters"))["air"]["queueMax"]
        finally:
            bench.port.resume()
        await bench.run(10, 10)
        heard, told = visit.rr, bench.band.accepted_rr(from_ms, await bench.pause())
        equal("before the gap", heard[:stalled], told[:stalled])
        # What came after it is the end of what was told; the last second's may still be waiting.
        after = heard[stalled:]
        ends = [end for end in range(len(told) - 5, len(told) + 1) if told[end - len(after) : end] == after]
        assert ends, f"after the gap {after}, told {told}"
        lost = ends[0] - len(after) - stalled
        bursts = [each for each in visit.measurements if len(each.rr_intervals or ()) > 5]
        assert len(bursts) == 1, f"{len(bursts)} packets with what has waited, not one"
        kept = round(sum(bursts[0].rr_intervals) * 1024)
        assert BACKLOG_TICKS_MAX - RR_TICKS_MAX < kept <= BACKLOG_TICKS_MAX, f"{kept} ticks kept"
        assert lost > 10 and queue <= 2, f"{lost} intervals lost, {queue} packets in the radio"
        return f"{before} before, {stalled - before} in the stalled packet, {lost} dropped, {kept / 1024:.2f} s kept"


async def refused(pairing) -> None:
    try:
        await asyncio.wait_for(pairing, 10)
    except Exception as error:  # of whatever kind Bumble's version makes it
        assert not isinstance(error, (asyncio.TimeoutError, AssertionError)), "no answer to a Pairing Request"
    else:
        raise AssertionError("the band has paired")


async def att_error(reading) -> int:
    """The code of the error that a request is refused with."""
    try:
        await reading
    except ATT_Error as error:
        return error.error_code
    raise AssertionError("not refused")


async def open_window(bench: Bench) -> None:
    """The button, held for 4 s from idle and let go."""
    await bench.band.tell("speed", speed=1)
    await bench.band.tell("hold", ms=4000)
    await bench.run(6, 2)
    await bench.band.tell("speed", speed=1)


async def pairing_refused(bench: Bench) -> str:
    async with bench.visit() as visit:
        await refused(visit.connection.pair())
        equal("place, after it", await visit.heart_rate.body_sensor_location.read_value(), 2)
        [state] = visit.peer.get_characteristics_by_uuid(LIVE_STATE)
        equal("a read of the live state", await att_error(state.read_value()), INSUFFICIENT_AUTHENTICATION)
    return "refused at once without the button's window, link usable, live state closed with 0x05"


async def bonding(bench: Bench) -> str:
    """LE Secure Connections; the bond is used again, outlives a restart, and is made anew after the phone lost it."""
    bench.bond_as_phone()
    async with bench.visit() as visit:
        await open_window(bench)
        await visit.connection.pair()
        assert visit.connection.is_encrypted and visit.connection.sc, "LE Secure Connections"
        [state] = visit.peer.get_characteristics_by_uuid(LIVE_STATE)
        value = await state.read_value()
        equal("live state", (len(value), value[0]), (20, 1))  # its version
    await bench.run(90, 20)  # the window has closed
    await bench.band.tell("speed", speed=1)
    async with bench.visit() as visit:
        [state] = visit.peer.get_characteristics_by_uuid(LIVE_STATE)
        assert await att_error(state.read_value()) in (INSUFFICIENT_AUTHENTICATION, INSUFFICIENT_ENCRYPTION)
        await visit.connection.encrypt()
        equal("live state with the bond", len(await state.read_value()), 20)
    await bench.band.tell("reboot")
    await bench.run(2, 1)
    await bench.band.tell("speed", speed=1)
    async with bench.visit() as visit:
        await visit.connection.encrypt()
        [state] = visit.peer.get_characteristics_by_uuid(LIVE_STATE)
        equal("live state after the band's restart", len(await state.read_value()), 20)
    await bench.forget_band()
    async with bench.visit() as visit:
        await refused(visit.connection.pair())
    async with bench.visit() as visit:
        await open_window(bench)
        await visit.connection.pair()
        [state] = visit.peer.get_characteristics_by_uuid(LIVE_STATE)
        equal("live state after pairing again", len(await state.read_value()), 20)
    await bench.forget_band()
    await bench.restart_band()  # whoever comes next knows nobody
    return "paired, found again by the bond, also after a restart; forgotten: refused, and paired again in the window"


async def controller_lost(bench: Bench) -> str:
    visit = await bench.connect()
    await visit.discover()
    await visit.subscribe()
    await bench.band.tell("speed", speed=1)
    await until("a packet", lambda: visit.measurements, 5)
    since = len(bench.band.lines)
    bench.port.drop()
    await bench.band.said("link", 10, since, link="advertising")
    bench.lose_band()
    await until("the phone notices", lambda: not bench.device.connections, 10)
    async with bench.visit() as visit:
        await visit.subscribe()
        await bench.run(3, 10)
        assert visit.measurements
    notes = [line["text"] for line in bench.band.lines[since:] if line["type"] == "note"]
    assert len(notes) == 2 and notes[-1].endswith("back"), notes
    return "found and heard again on the controller's return"


async def connect_cycles(bench: Bench) -> str:
    async def cycles(count: int) -> dict:
        for _ in range(count):
            async with bench.visit() as visit:
                await visit.subscribe()
                await until("the first packet", lambda: visit.measurements, 5)
        await bench.run(2, 1)
        # What V8 holds for a moment is no leak, and may be 240 KB: the least of a few looks.
        looks = []
        for _ in range(4):
            looks.append(await bench.band.tell("counters"))
            await bench.run(1, 1)
        await bench.band.tell("speed", speed=1)
        return min(looks, key=lambda each: each["memoryBytes"])

    await bench.band.tell("speed", speed=1)
    before = await cycles(20)
    after = await cycles(100)
    equal("connections", after["air"]["connections"] - before["air"]["connections"], 100)
    for what in ("slots", "chunkBytes", "keys"):
        grown = after["engine"][what] - before["engine"][what]
        assert grown <= 0, f"{grown} more {what} in XS after 100 connections"
    grown = after["memoryBytes"] - before["memoryBytes"]
    assert grown < 100 * LEAK_BYTES_MAX, f"{grown} bytes more in the simulator after 100 connections"
    return f"XS {after['engine']['slots']} slots, no more than before; simulator {grown:+} bytes"


async def dissected(bench: Bench) -> str:
    """Wireshark needs the discovery in the same capture, so this band is a fresh one."""
    await bench.restart_band()
    async with bench.visit() as visit:
        await visit.subscribe()
        await bench.run(20, 10)
        await bench.band.tell("worn", worn=False)
        try:
            await bench.run(5, 10)
        finally:
            await bench.band.tell("worn", worn=True)
        heard = [
            (each.heart_rate, each.sensor_contact_detected, [round(rr * 1024) for rr in each.rr_intervals or ()])
            for each in visit.measurements
        ]
        read = await asyncio.to_thread(dissector.measurements, bench.band.capture)
        equal("measurements", read, heard)
        equal("malformed packets", await asyncio.to_thread(dissector.malformed, bench.band.capture), [])
        assert any(not contact for _, contact, _ in read) and any(rr for *_, rr in read), read
        return f"tshark and Bumble read the same {len(read)} measurements"


def decoded(value: bytes) -> tuple[int, bool, list[int]]:
    """A heart rate measurement with an 8-bit rate and no energy, by the Heart Rate Service 1.0, section 3.1."""
    flags, rate, *rest = value
    assert flags & 0b1001 == 0, f"flags {flags:08b}"
    assert flags & 0b10000 or not rest, value.hex(" ")
    return rate, flags & 0b110 == 0b110, [rest[i] | rest[i + 1] << 8 for i in range(0, len(rest), 2)]


async def second_stack(bench: Bench) -> str:
    async with bench.noble() as noble:
        found = await noble.ask("connect", service="180d")
        equal("name", found["name"], "Band")
        properties = {each["uuid"]: each["properties"] for each in found["characteristics"]}
        assert {"180d", "180f", "180a"} <= set(found["services"]), found["services"]
        equal("measurement", properties["2a37"], ["notify"])
        equal("place", (await noble.ask("read", uuid="2a38"))["hex"], "02")
        equal("maker", bytes.fromhex((await noble.ask("read", uuid="2a29"))["hex"]), b"resilience-band")
        from_ms = await bench.pause()
        await noble.ask("subscribe", uuid="2a37")
        await bench.run(60, 10)
        to_ms = await bench.pause()
        told = bench.band.accepted_rr(from_ms, to_ms)
        due = bench.band.accepted_rr(from_ms, to_ms - 1100)
        heard = [rr for value in noble.values("2a37") for rr in decoded(value)[2]]
        equal("intervals", heard, told[: len(heard)])
        assert len(heard) >= len(due) > 60, f"{len(heard)} intervals heard, {len(due)} due"
        await noble.ask("unsubscribe", uuid="2a37")
        return f"noble found {len(found['services'])} services, MTU {found['mtu']}, heard {len(heard)} intervals"


async def command_line(bench: Bench) -> str:
    """`band sim --hci`, as a user starts it, instead of the lane's own band."""
    await bench.band.stop()
    process = await asyncio.create_subprocess_exec(
        *(NODE, "scripts/band.mjs", "sim", "--hci", bench.controller, "--duration", "60s", "--json"),
        cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        visit = await bench.connect()
        await visit.discover()
        await visit.subscribe()
        await until("an interval", lambda: visit.rr, 20)
        await visit.connection.disconnect()
    finally:
        if process.returncode is None:
            process.terminate()
        _, errors = await process.communicate()
    return f"{len(visit.measurements)} packets, then: {errors.decode().strip().splitlines()[-1]}"


SCENARIOS = (
    ("advertisement, byte by byte", advertisement),
    ("discovery, handles as documented", discovery),
    ("battery, device information, name, place", standing_data),
    ("every interval once over ten minutes", every_interval_once),
    ("contact lost and found", contact),
    ("unsubscribe and subscribe again", subscribe_again),
    ("disconnect and advertise again", disconnect),
    ("a central that vanishes", central_vanishes),
    ("two reads at a time during notifications", reads_during_notifications),
    ("MTU 23", mtu_23),
    ("MTU 247", mtu_247),
    ("MTU 517 asked for", mtu_517),
    ("a central stalled for 30 s", stalled_central),
    ("pairing refused outside the window", pairing_refused),
    ("controller lost in mid-notification", controller_lost),
    ("100 connections without a leak", connect_cycles),
    ("bonding", bonding),
    ("noble, a second stack", second_stack),
    ("Wireshark's reading of the same bytes", dissected),
    ("band sim --hci", command_line),
)
