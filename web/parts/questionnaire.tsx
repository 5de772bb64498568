import { useState } from "preact/hooks";
import { post } from "../connection.js";
import type { QuestionnaireInfo, SumsTold } from "../messages.js";
import { refusal } from "../model.js";

const today = (): string => {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
};

/** What a sum can and cannot say. */
const NO_CUT_OFF =
  "There is no number that parts well from unwell. If you are worried about yourself, talk to a clinician.";

export interface QuestionnaireProps {
  readonly form: QuestionnaireInfo;
  readonly onKept: () => void;
}

/** Answers by item number: the wording is others' and is not here; a file of one's own is shown beside the numbers. */
export function Questionnaire({ form, onKept }: QuestionnaireProps) {
  const { name, title, itemCount, answerMin, answerMax } = form;
  const [answers, setAnswers] = useState<readonly (number | undefined)[]>(Array(itemCount).fill(undefined));
  const [items, setItems] = useState<readonly string[]>([]);
  const [date, setDate] = useState(today());
  const [sums, setSums] = useState<SumsTold | undefined>();
  const missing = answers.filter((answer) => answer === undefined).length;
  const scale = Array.from({ length: answerMax - answerMin + 1 }, (_, i) => answerMin + i);
  const load = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const lines = (await file.text()).split("\n").map((line) => line.trim());
    const found = lines.filter((line) => line !== "");
    if (found.length === itemCount) setItems(found);
    refusal.value =
      found.length === itemCount
        ? ""
        : `${file.name} has ${found.length} lines; ${title} has ${itemCount} items, one a line`;
  };
  return (
    <details class="card questionnaire" id={name}>
      <summary>
        {title}: {itemCount} items, by their numbers
      </summary>
      <p class="quiet">
        Fill the form in on paper, or load your own text of it, one item a line: it stays in this page and is sent
        nowhere.
      </p>
      <label class="choice">
        Your own text of the items
        <input
          type="file"
          accept=".txt,text/plain"
          onChange={(event) => {
            void load(event.currentTarget.files?.[0]);
            event.currentTarget.value = "";
          }}
        />
      </label>
      <div class="items">
        {answers.map((answer, i) => (
          <fieldset key={i} class="item">
            <legend class="unseen">{`${title}, item ${i + 1}`}</legend>
            <span>
              {i + 1}. {items[i] ?? ""}
            </span>
            <span class="scale">
              {scale.map((value) => (
                <label key={value}>
                  <input
                    type="radio"
                    name={`${name}-${i}`}
                    value={value}
                    checked={answer === value}
                    onChange={() => setAnswers(answers.map((before, at) => (at === i ? value : before)))}
                  />
                  {value}
                </label>
              ))}
            </span>
          </fieldset>
        ))}
      </div>
      <label class="choice">
        Day
        <input type="date" value={date} onInput={(event) => setDate(event.currentTarget.value)} />
      </label>
      <button
        type="button"
        class="main"
        disabled={missing > 0}
        onClick={async () => {
          setSums(await post<SumsTold>("/score", { name, date, answers }));
          onKept();
        }}
      >
        {missing > 0 ? `${missing} items have no answer yet` : "Add up"}
      </button>
      {sums === undefined ? null : (
        <div role="status">
          <ul>
            {sums.map(({ key, sum, says }) => (
              <li key={key}>
                {sum}: {says}
              </li>
            ))}
          </ul>
          <p>{NO_CUT_OFF}</p>
        </div>
      )}
    </details>
  );
}
