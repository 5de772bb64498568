/**
 * Scoring of two questionnaires, by item numbers alone: the wording is others' and is not here.
 * Source: Cohen's Perceived Stress Scale, 10 items; Baer's Five Facet Mindfulness Questionnaire, 15 of its 39 items
 * (physiology 7.4). Neither has a cut-off that tells well from ill.
 */
export interface Questionnaire {
  readonly title: string;
  readonly itemCount: number;
  readonly answerMin: number;
  readonly answerMax: number;
  /** By the form's own numbers, from 1: scored from the other end. */
  readonly reversed: readonly number[];
  /** Sums, by the form's own numbers. */
  readonly scores: Readonly<Record<string, { readonly items: readonly number[]; readonly says: string }>>;
}

const ALL_TEN = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/**
 * FFMQ-15 asks its facets in turn, three times round. Of the FFMQ-39 its items are 6, 11, 15 (observe), 2, 16, 27
 * (describe), 8, 34, 38 (act aware), 10, 14, 30 (non-judge) and 19, 29, 33 (non-react); all of act aware and non-judge
 * are reversed there, and of describe item 16, which is the form's seventh.
 */
export const QUESTIONNAIRES = Object.freeze({
  pss10: {
    title: "PSS-10",
    itemCount: 10,
    answerMin: 0,
    answerMax: 4,
    reversed: [4, 5, 7, 8],
    scores: { stress: { items: ALL_TEN, says: "perceived stress in the last month, 0 to 40" } },
  },
  ffmq15: {
    title: "FFMQ-15",
    itemCount: 15,
    answerMin: 1,
    answerMax: 5,
    reversed: [3, 4, 7, 8, 9, 13, 14],
    scores: {
      observe: { items: [1, 6, 11], says: "observing, 3 to 15" },
      describe: { items: [2, 7, 12], says: "describing, 3 to 15" },
      actAware: { items: [3, 8, 13], says: "acting with awareness, 3 to 15" },
      nonJudge: { items: [4, 9, 14], says: "not judging, 3 to 15" },
      nonReact: { items: [5, 10, 15], says: "not reacting, 3 to 15" },
    },
  },
} satisfies Record<string, Questionnaire>);

export type QuestionnaireName = keyof typeof QUESTIONNAIRES;
export const QUESTIONNAIRE_NAMES = Object.keys(QUESTIONNAIRES) as QuestionnaireName[]; // its own keys

export type Scoring =
  | { readonly ok: true; readonly scores: Readonly<Record<string, number>> }
  | { readonly ok: false; readonly reason: string };

/** @param answers  in the form's order, all of them: a sum over what is missing would be a guess */
export function score(name: QuestionnaireName, answers: readonly number[]): Scoring {
  const form: Questionnaire = QUESTIONNAIRES[name];
  const { title, itemCount, answerMin, answerMax } = form;
  if (answers.length !== itemCount)
    return { ok: false, reason: `${title} has ${itemCount} items, and these are ${answers.length} answers` };
  const at = answers.findIndex((answer) => !Number.isInteger(answer) || answer < answerMin || answer > answerMax);
  if (at >= 0) return { ok: false, reason: `answer ${at + 1} is not a whole number from ${answerMin} to ${answerMax}` };
  const points = answers.map((answer, i) => (form.reversed.includes(i + 1) ? answerMin + answerMax - answer : answer));
  const sums = Object.entries(form.scores).map(([score, { items }]) => [
    score,
    items.reduce((sum, item) => sum + (points[item - 1] ?? 0), 0), // items lie within the form
  ]);
  return { ok: true, scores: Object.fromEntries(sums) };
}
