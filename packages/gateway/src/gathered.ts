import {setImmediate as nextTurn} from 'node:timers/promises';

interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly answered: (answer: Answer) => void;
  readonly failed: (reason: unknown) => void;
}

/** How questions are put together. */
export interface Gathering {
  /** How many go together at most; 200 unless told. */
  readonly most?: number;
  /** How many such may be under way at a time; one unless told, so that what they do has an order. */
  readonly lanes?: number;
  /** Whether a failure may be one question's own doing: then each of those that went together is asked again alone. */
  readonly isOnes?: (thrown: unknown) => boolean;
}

/**
 * Makes one of many questions that are asked at about the same time: those of one turn go together, and those that come while
 * others are under way go together next.
 *
 * @param ask - answers each, in their order.
 */
export function gathered<Question, Answer>(
  ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  {most = 200, lanes = 1, isOnes = () => false}: Gathering = {},
): (question: Question) => Promise<Answer> {
  const waiting: Waiting<Question, Answer>[] = [];
  let busy = 0;

  async function settle(batch: readonly Waiting<Question, Answer>[]): Promise<void> {
    try {
      const answers = await ask(batch.map(({question}) => question));
      for (const [index, {answered}] of batch.entries()) answered(answers[index]!);
    } catch (thrown) {
      if (batch.length > 1 && isOnes(thrown)) for (const one of batch) await settle([one]);
      else for (const {failed} of batch) failed(thrown);
    }
  }

  async function drain(): Promise<void> {
    await nextTurn();
    while (waiting.length > 0) await settle(waiting.splice(0, most));
    busy--;
  }

  return (question) =>
    new Promise((answered, failed) => {
      waiting.push({question, answered, failed});
      if (busy === lanes) return;
      busy++;
      void drain();
    });
}

/** Whether the database refused what it was given (SQLSTATE classes 22 and 23), and not for a state of its own. */
export const isOfTheData = (thrown: unknown): boolean =>
  /^2[23]/.test(String((thrown as {code?: unknown} | null)?.code));

/**
 * Makes one query of what several reads look for at once. Where the database refuses what one of them looks for, e.g. an id
 * that holds a zero, only that one fails: the others are somebody else's.
 *
 * @param query - gives the rows of all; `position` says which of the questions one answers.
 */
export const gatheredRows = <Question, Row extends {readonly position: number}>(
  query: (questions: readonly Question[]) => Promise<{readonly rows: readonly Row[]}>,
): ((question: Question) => Promise<readonly Row[]>) =>
  gathered(
    async (questions) => {
      const {rows} = await query(questions);
      const found = questions.map((): Row[] => []);
      for (const row of rows) found[row.position]!.push(row);
      return found;
    },
    {most: 50, lanes: 4, isOnes: isOfTheData},
  );
