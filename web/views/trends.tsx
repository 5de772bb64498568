import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { addressOf, read } from "../connection.js";
import type { TrendsTold } from "../messages.js";
import { hello, state } from "../model.js";
import { Questionnaire } from "../parts/questionnaire.js";
import { TrendChart } from "../parts/trend-chart.js";

const told = signal<TrendsTold | undefined>(undefined);
const refresh = async (): Promise<void> => {
  told.value = await read<TrendsTold>("/trends");
};

/** What is usual for this person, and how they say they are. */
export function Trends() {
  const ended = state.value?.sessionsEnded;
  useEffect(() => void refresh(), [ended]);
  const trends = told.value;
  return (
    <main class="page">
      <h2>Trends</h2>
      <section class="card" aria-label="What is usual">
        {trends === undefined ? null : <TrendChart trends={trends} />}
        {trends === undefined ? (
          <p class="quiet">The log is being read.</p>
        ) : (
          <ul class="trend-lines" id="trend-lines">
            {trends.lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
        <p class="quiet">
          The band sums up each day once a phone has set its clock; below five days it says so. A simulated band keeps
          its log from run to run with <code>--log FILE</code>.
        </p>
      </section>
      {(hello.value?.questionnaires ?? []).map((form) => (
        <Questionnaire key={form.name} form={form} onKept={() => void refresh()} />
      ))}
      {trends === undefined || trends.scores.length === 0 ? null : (
        <p>
          <a class="button small" href={addressOf("/scores")} download>
            Download the scores, for band trends
          </a>
        </p>
      )}
    </main>
  );
}
