import { signal } from "@preact/signals";
import { send } from "../connection.js";
import { hello, isTruthShown, state } from "../model.js";

/** What can be done to the body, in its words and in those that the simulator understands. */
const DEEDS: readonly (readonly [group: string, readonly (readonly [title: string, words: string])[]])[] = [
  [
    "Place",
    [
      ["on the wrist", "place wrist"],
      ["on a finger", "place finger"],
      ["take it off", "place air"],
      ["lay it on the desk", "place desk"],
      ["under a lamp", "place lamp"],
      ["on a banana", "place banana"],
    ],
  ],
  [
    "Strap",
    [
      ["snug", "strap 1"],
      ["loosen it", "strap 0.3"],
      ["too tight", "strap 1.8"],
      ["let it slip", "slip 0.1 3"],
    ],
  ],
  [
    "Arm",
    [
      ["hold still", "move still"],
      ["type", "move typing"],
      ["walk", "move walking"],
      ["run", "move running"],
    ],
  ],
  [
    "Breath",
    [
      ["follow the motor", "breathe follow wave"],
      ["breathe freely", "breathe free"],
      ["talk", "breathe speech"],
      ["hold it, 20 s", "breathe hold 20"],
      ["yawn", "yawn"],
      ["too deeply", "depth 1.8"],
      ["softly", "depth 1"],
    ],
  ],
  [
    "Heart and skin",
    [
      ["two minutes of stress", "load 1 120"],
      ["fibrillate", "fibrillate on"],
      ["beat evenly", "fibrillate off"],
      ["cold hands", "temperature 22"],
      ["warm hands", "temperature 33"],
    ],
  ],
  [
    "Light around",
    [
      ["a room", "light 300 50 0.5"],
      ["dark", "light 0"],
      ["sun", "light 60000 0"],
    ],
  ],
];

const wished = signal<{ person: string; seed: number } | undefined>(undefined);

/** Who wears the band, how that person is now, and what can happen to them. */
export function PersonDrawer() {
  const wearer = state.value?.wearer ?? null;
  return (
    <>
      <Chooser />
      {wearer === null ? (
        <p>A recording has no person behind it: choose one above, and there is somebody who feels the motor.</p>
      ) : (
        <>
          <p class="quiet" id="wearer">
            Now: {wearer.place}, {wearer.motion}, strap {wearer.strapPressure.toFixed(1)} (1 is right), skin{" "}
            {wearer.skinCelsius.toFixed(0)} °C, breathing: {wearer.breathing}
            {wearer.isFollowing ? ", in step with the motor" : ""}, load {wearer.load.toFixed(1)}, CO₂{" "}
            {wearer.co2Mmhg.toFixed(0)} mmHg.
          </p>
          <div class="deeds">
            {DEEDS.map(([group, deeds]) => (
              <fieldset key={group}>
                <legend>{group}</legend>
                {deeds.map(([title, words]) => (
                  <button
                    key={words}
                    type="button"
                    class="small"
                    onClick={() => void send({ do: "happen", what: words })}
                  >
                    {title}
                  </button>
                ))}
              </fieldset>
            ))}
          </div>
          <label class="tick">
            <input
              type="checkbox"
              id="truth"
              checked={isTruthShown.value}
              onChange={(event) => {
                isTruthShown.value = event.currentTarget.checked;
              }}
            />
            Lay the truth under what the band says
          </label>
        </>
      )}
    </>
  );
}

function Chooser() {
  const known = hello.value;
  if (known === undefined) return null;
  const { person, seed } = wished.value ?? { person: known.person ?? known.people[0]?.name ?? "", seed: known.seed };
  const says = known.people.find(({ name }) => name === person)?.says;
  const begin = (who: string, chance: number): void => {
    wished.value = undefined;
    void send({ do: "begin", person: who, seed: chance });
  };
  return (
    <div class="chooser">
      <label class="choice">
        Person
        <select
          id="person"
          value={person}
          onChange={(event) => {
            wished.value = { person: event.currentTarget.value, seed };
          }}
        >
          {known.people.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label class="choice">
        Seed of all chance
        <input
          type="number"
          id="seed"
          min={0}
          max={4294967295}
          value={seed}
          onChange={(event) => {
            wished.value = { person, seed: Math.max(0, Math.floor(event.currentTarget.valueAsNumber || 0)) };
          }}
        />
      </label>
      <button type="button" id="wear" class="main" onClick={() => begin(person, seed)}>
        Begin anew with this person
      </button>
      <p class="quiet">{says}</p>
    </div>
  );
}
