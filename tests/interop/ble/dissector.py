"""Wireshark's dissectors (tshark) on the HCI that the band has exchanged: what a third party reads in it."""

import shutil
import subprocess
from pathlib import Path

NOTIFICATION = "btatt.opcode == 0x1b"
MEASUREMENT_FIELDS = (
    "btatt.heart_rate_measurement.value.8",
    "btatt.heart_rate_measurement.flags.sensor_contact_status.contact",
    "btatt.heart_rate_measurement.rr_interval",
)


class NoDissector(AssertionError):
    pass


def _tshark(capture: Path, *words: str) -> list[list[str]]:
    program = shutil.which("tshark")
    if program is None:
        raise NoDissector("tshark is missing: apt-get install --no-install-recommends tshark")
    out = subprocess.run(
        [program, "-r", str(capture), *words], capture_output=True, text=True, timeout=60, check=True
    ).stdout
    return [line.split("\t") for line in out.splitlines()]


def fields(capture: Path, display_filter: str, *names: str) -> list[list[str]]:
    """One row a packet that the filter takes, one column a field; several values of a field have commas."""
    return _tshark(capture, "-Y", display_filter, "-T", "fields", *(word for name in names for word in ("-e", name)))


def measurements(capture: Path) -> list[tuple[int, bool, list[int]]]:
    """Every heart rate measurement that was notified: beats a minute, contact, intervals in 1/1024 s."""
    rows = fields(capture, f"{NOTIFICATION} && btatt.heart_rate_measurement.flags", *MEASUREMENT_FIELDS)
    return [(int(rate), contact in ("1", "True"), [int(rr) for rr in rrs.split(",") if rr]) for rate, contact, rrs in rows]


def malformed(capture: Path) -> list[str]:
    """Packets that the dissector cannot make sense of, a line each."""
    return ["\t".join(row) for row in _tshark(capture, "-Y", "_ws.malformed || _ws.expert.severity == error")]
