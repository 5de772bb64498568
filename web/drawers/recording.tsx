import { signal } from "@preact/signals";
import { upload } from "../connection.js";

const told = signal("");

/** A file that was dropped or chosen: played, or refused with the reason; then what goes on goes on. */
export async function play(file: File | undefined): Promise<void> {
  if (file === undefined) return;
  told.value = `${file.name}: is being read …`;
  told.value = (await upload(file)) ? `${file.name} is played into the sensor.` : "";
}

/** A recording instead of a person. */
export function RecordingDrawer() {
  return (
    <>
      <p>
        Drop a pulse recording anywhere on this page, or choose one. It is played into the sensor from its beginning, as
        light on the photodiode; the band is a new one.
      </p>
      <label class="choice">
        Recording, .csv or .csv.gz
        <input
          type="file"
          id="recording"
          accept=".csv,.gz"
          onChange={(event) => {
            void play(event.currentTarget.files?.[0]);
            event.currentTarget.value = "";
          }}
        />
      </label>
      <p class="quiet">
        First line <code># fs=100 polarity=up</code>, then the columns' names, one of them <code>ppg</code>. The file
        recordings/README.md has the whole form. The file goes to the simulator on this machine and nowhere else.
      </p>
      <p role="status" id="recording-told">
        {told.value}
      </p>
    </>
  );
}
