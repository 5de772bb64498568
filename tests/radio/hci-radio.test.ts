import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { HciAddress } from "../../hosts/sim/radio/hci-address.node.js";
import { HciRadio } from "../../hosts/sim/radio/hci-radio.node.js";
import { wholeBand } from "../ble-gatt/rig.js";
import { Opcode, ScriptedController, until } from "./scripted-controller.js";

/** flags, appearance, three services, "Calm Band": 27 of 31 bytes, written out in tests/ble-gatt/end-to-end.test.ts. */
const ADVERT = "02010603194003" + "07030d180f180a18" + "0a0943616c6d2042616e64";
const SECOND_US = 1_000_000;

describe("the simulated band on a controller", () => {
  let controller: ScriptedController;
  let address: HciAddress;
  let rig: ReturnType<typeof wholeBand>;
  let radio: HciRadio;
  let notes: string[];

  beforeEach(async () => {
    controller = new ScriptedController();
    address = await controller.listen();
    rig = wholeBand();
    notes = [];
    const note = (text: string) => notes.push(text);
    radio = new HciRadio({ radio: rig.radio, controller: address, note, readyMsMax: 200 });
  });
  afterEach(() => {
    radio.close();
    controller.close();
  });

  const onAir = async (): Promise<void> => {
    await radio.start();
    await until("the band advertises", () => controller.parametersOf(Opcode.SET_ADVERTISING_ENABLE).includes("01"));
  };

  it("advertises the firmware's bytes, under an address that is static random", async () => {
    await onAir();
    const length = (ADVERT.length / 2).toString(16);
    const padded = `${length}${ADVERT}`.padEnd(64, "0");
    assert.deepEqual(controller.parametersOf(Opcode.SET_ADVERTISING_DATA), [padded]);
    assert.deepEqual(controller.parametersOf(Opcode.SET_SCAN_RESPONSE_DATA), ["00".padEnd(64, "0")]);
    // 30 ms, 60 ms in units of 0.625 ms; ADV_IND; own address random
    assert.deepEqual(
      controller.parametersOf(Opcode.SET_ADVERTISING_PARAMETERS).map((hex) => hex.slice(0, 12)),
      ["300060000001"],
    );
  });

  it("sends one notification, and the next when the controller has sent that one", async () => {
    await onAir();
    controller.connectCentral();
    await until("the link", () => rig.radio.linkText === "connected");
    rig.clock.runFor(1000);
    rig.heartRate.measured(true, 72);
    controller.sendAtt("12 0d 00 01 00"); // write the configuration of 2A37: handle 9, and 4 of the stack's own before
    await until("the subscription", () => rig.radio.linkText === "subscribed");
    rig.clock.runFor(SECOND_US);
    // Handle Value Notification of handle 12: contact, 72 a minute. One buffer, which the answer to the write has.
    await until("the answer", () => controller.data.length === 1);
    assert.deepEqual(controller.data, ["0100040013"]);
    controller.complete();
    await until("the first packet", () => controller.data.length === 2);
    assert.equal(controller.data[1], "050004001b0c000648");
    for (let second = 0; second < 3; second++) {
      rig.band.second();
      rig.clock.runFor(SECOND_US);
    }
    assert.equal(controller.data.length, 2);
    controller.complete();
    await until("the notification is done", () => rig.radio.counters.notifications === 1);
    rig.clock.runFor(1000);
    rig.band.second();
    rig.clock.runFor(1000);
    await until("the next packet", () => controller.data.length === 3);
  });

  it("takes the link down and comes back when the controller is lost", async () => {
    await onAir();
    controller.connectCentral();
    await until("the link", () => rig.radio.linkText === "connected");
    controller.send("00"); // no packet begins so
    await until("the link's end", () => rig.radio.linkText !== "connected");
    rig.clock.runFor(1000); // the firmware hears of it and advertises again
    await until("the controller again", () => radio.counters.sessions === 2);
    await until("on the air again", () => controller.parametersOf(Opcode.SET_ADVERTISING_ENABLE).length === 2);
    await until("the note", () => notes.length === 2);
    assert.match(notes.join("\n"), /lost \(no HCI packet starts with 0x00\).*\n.*back$/);
  });

  it("counts and tells what the controller refuses", async () => {
    controller.refusals.set(Opcode.SET_ADVERTISING_ENABLE, 0x0c);
    await radio.start();
    await until("the refusal", () => radio.counters.controllerErrors === 1);
    assert.match(notes.join("\n"), /refuses start advertising: COMMAND_DISALLOWED/);
  });

  it("does not start on a controller that refuses to be reset, closes, or is not there", async () => {
    controller.refusals.set(Opcode.RESET, 0x03);
    await assert.rejects(radio.start(), /Reset failed with status: HARDWARE_FAILURE/);
    controller.isBroken = true;
    await assert.rejects(radio.start(), /closed|ECONNRESET/);
    controller.close();
    await assert.rejects(radio.start(), /ECONNREFUSED/);
    assert.equal(radio.counters.sessions, 0);
  });

  it("does not wait for ever for a controller that says nothing", async () => {
    controller.isMute = true;
    await assert.rejects(radio.start(), /does not answer/);
    assert.equal(controller.commands.length, 1);
  });
});
