import assert from "node:assert/strict";
import { SensorSettings } from "ppg/max30102-settings";

describe("sensor settings", () => {
  it("begin as the project's choice: 100 Hz, 411 us, 4096 nA, 7.2 mA, A_FULL at 17 unread, rollover off", () => {
    const settings = new SensorSettings();
    assert.equal(settings.fifoConfig, 0x0f);
    assert.equal(settings.modeConfig, 0x03);
    assert.equal(settings.spo2Config, 0x27);
    assert.equal(settings.led1Code, 0x24);
    assert.equal(settings.led2Code, 0x24);
    assert.equal(settings.periodQuarterMs, 40);
  });

  it("name each rate and averaging by its codes", () => {
    // SPO2_CONFIG: range 1 is 0x20, SR codes 0 .. 3 (50 .. 400) times 4, width 3. FIFO_CONFIG: average code times 32.
    const cases = [
      [25, 2, 0x23, 0x2f, 160],
      [25, 8, 0x2b, 0x6f, 160],
      [50, 1, 0x23, 0x0f, 80],
      [50, 4, 0x2b, 0x4f, 80],
      [100, 1, 0x27, 0x0f, 40],
      [100, 4, 0x2f, 0x4f, 40],
      [200, 1, 0x2b, 0x0f, 20],
      [200, 2, 0x2f, 0x2f, 20],
      [400, 1, 0x2f, 0x0f, 10],
    ] as const;
    for (const [rateHz, averaging, spo2, fifo, quarterMs] of cases) {
      const settings = new SensorSettings();
      settings.merge({ rateHz, averaging });
      assert.equal(settings.spo2Config, spo2, `${rateHz} x ${averaging}`);
      assert.equal(settings.fifoConfig, fifo, `${rateHz} x ${averaging}`);
      assert.equal(settings.periodQuarterMs, quarterMs, `${rateHz} x ${averaging}`);
    }
  });

  it("name each range, the swapped LEDs and the sleep", () => {
    const settings = new SensorSettings();
    for (const [rangeCode, spo2] of [
      [0, 0x07],
      [1, 0x27],
      [2, 0x47],
      [3, 0x67],
    ] as const) {
      settings.merge({ rangeCode });
      assert.equal(settings.spo2Config, spo2);
    }
    settings.merge({ redCode: 1, irCode: 255 });
    assert.deepEqual([settings.led1Code, settings.led2Code], [1, 255]);
    settings.merge({ ledsSwapped: true });
    assert.deepEqual([settings.led1Code, settings.led2Code], [255, 1]);
    settings.merge({ asleep: true });
    assert.equal(settings.modeConfig, 0x83);
  });

  it("change only by the keys that are named", () => {
    const settings = new SensorSettings();
    settings.merge({ rateHz: 200, redCode: 7, ledsSwapped: true, asleep: true, rangeCode: 3 });
    settings.merge({ irCode: 9 });
    assert.deepEqual(
      { ...settings },
      { rateHz: 200, averaging: 1, redCode: 7, irCode: 9, rangeCode: 3, ledsSwapped: true, asleep: true },
    );
  });

  it("refuse what the sensor cannot do, name it, and change nothing", () => {
    const settings = new SensorSettings();
    const refused = [
      [{ rateHz: 25 }, /25 x averaging 1/],
      [{ rateHz: 800 }, /rateHz 800/],
      [{ rateHz: Number.NaN }, /rateHz NaN/],
      [{ averaging: 3 }, /averaging 3/],
      [{ averaging: 16 }, /averaging 16/],
      [{ rateHz: 400, averaging: 2 }, /400 x averaging 2/],
      [{ redCode: 256 }, /redCode 256/],
      [{ redCode: -1 }, /redCode -1/],
      [{ irCode: 0.5 }, /irCode 0.5/],
      [{ rangeCode: 4 }, /rangeCode 4/],
    ] as const;
    for (const [change, message] of refused) {
      assert.throws(() => settings.merge({ asleep: true, ...change }), { name: "RangeError", message });
      assert.deepEqual({ ...settings }, { ...new SensorSettings() });
    }
    settings.merge({ redCode: 0, irCode: 255, rangeCode: 3, rateHz: 400 }); // the last that fit
  });
});
