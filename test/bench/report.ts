import Table from 'cli-table3';

/** One line of the benchmark's result. */
export interface Figure {
  /** Stable name in the JSON. */
  name: string;
  what: string;
  value: number;
  unit: 'ms' | '×' | '/s' | 'MB' | '';
  /** What it must not exceed. */
  goal?: number;
  /** What it must reach. */
  least?: number;
}

export const met = ({ value, goal, least }: Figure): boolean =>
  (goal === undefined || value <= goal) && (least === undefined || value >= least);

export function figureTable(figures: readonly Figure[]): string {
  const table = new Table({ head: ['what', 'measured', 'goal', ''], style: { head: [], border: [] } });
  for (const figure of figures) {
    const { what, value, unit, goal, least } = figure;
    const wanted = goal === undefined ? `at least ${least} ${unit}` : `at most ${goal} ${unit}`;
    const hasGoal = goal !== undefined || least !== undefined;
    const shown = hasGoal ? wanted.trim() : '';
    const verdict = hasGoal ? (met(figure) ? 'met' : 'MISSED') : '';
    table.push([what, `${value} ${unit}`.trim(), shown, verdict]);
  }
  return table.toString();
}

export function figureJson(figures: readonly Figure[]): string {
  const values = Object.fromEntries(figures.map(({ name, value }) => [name, value]));
  const missed = figures.filter((figure) => !met(figure)).map(({ name }) => name);
  return JSON.stringify({ ok: missed.length === 0, missed, figures: values });
}
