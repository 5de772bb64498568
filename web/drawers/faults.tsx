import { send } from "../connection.js";
import type { FaultInfo } from "../messages.js";
import { hello, isConnected, state } from "../model.js";

const TITLES: Readonly<Record<string, string>> = {
  bus: "Wires to the sensor",
  line: "Interrupt line",
  sensor: "Sensor",
  light: "Light",
  wearer: "Wearer",
  host: "Processor",
  motor: "Motor",
  battery: "Battery",
  button: "Button",
  radio: "Radio",
  flash: "Memory",
};

/** What can go wrong with a band: one click each, for some fifteen seconds. */
export function FaultsDrawer() {
  const faults = hello.value?.faults ?? [];
  const raging = state.value?.faults ?? [];
  const parts = [...new Set(faults.map(({ part }) => part))];
  return (
    <>
      <p id="raging" role="status">
        {raging.length === 0
          ? "Nothing is broken. What you click breaks for some fifteen seconds; then the band must be well again in its time."
          : `Broken now: ${raging.map((name) => wordsFor(faults, name)).join("; ")}.`}
      </p>
      <div class="deeds">
        {parts.map((part) => (
          <fieldset key={part}>
            <legend>{TITLES[part] ?? part}</legend>
            {faults
              .filter((fault) => fault.part === part)
              .map(({ name, says, must }) => (
                <button
                  key={name}
                  type="button"
                  class="fault"
                  id={`fault-${name}`}
                  aria-pressed={raging.includes(name)}
                  disabled={!isConnected.value || raging.includes(name)}
                  title={`The band must: ${must}`}
                  onClick={() => void send({ do: "break", fault: name })}
                >
                  {says}
                </button>
              ))}
          </fieldset>
        ))}
      </div>
    </>
  );
}

const wordsFor = (faults: readonly FaultInfo[], name: string): string =>
  faults.find((fault) => fault.name === name)?.says ?? name;
