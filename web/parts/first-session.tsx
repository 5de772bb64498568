import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { hello } from "../model.js";

/** What was ticked. It stays on this page and is forgotten with it. */
const ticked = signal<readonly number[]>([]);

/** What has to be read before a first session: the firmware's own words. @param onDone  whether it is to begin */
export function FirstSession({ onDone }: { readonly onDone: (isWanted: boolean) => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const texts = hello.value?.texts;
  if (texts === undefined) return null;
  return (
    <dialog ref={dialog} id="first-session" aria-labelledby="first-title" onCancel={() => onDone(false)}>
      <h2 id="first-title">Before a first session</h2>
      <p>{texts.frame}</p>
      <p class="strong">{texts.softly}</p>
      <ul>
        {texts.firstSession.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <details>
        <summary>Does any of this apply to whoever wears it?</summary>
        <div class="ticks">
          {texts.screening.map((line, i) => (
            <label key={line}>
              <input
                type="checkbox"
                checked={ticked.value.includes(i)}
                onChange={(event) => {
                  ticked.value = event.currentTarget.checked
                    ? [...ticked.value, i]
                    : ticked.value.filter((one) => one !== i);
                }}
              />
              {line}
            </label>
          ))}
        </div>
        <p class="quiet">Nothing of this is sent or kept.</p>
      </details>
      {ticked.value.length > 0 ? (
        <p role="alert" class="notice">
          {texts.screeningAdvice}
        </p>
      ) : null}
      <p>{texts.neverWhile}</p>
      <p>{texts.crisis}</p>
      <div class="pair">
        <button type="button" class="main" id="begin" onClick={() => onDone(true)}>
          Read: start
        </button>
        <button type="button" id="not-now" onClick={() => onDone(false)}>
          Not now
        </button>
      </div>
    </dialog>
  );
}
