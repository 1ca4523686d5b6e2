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
}

export const met = ({ value, goal }: Figure): boolean => goal === undefined || value <= goal;

export function figureTable(figures: readonly Figure[]): string {
  const table = new Table({ head: ['what', 'measured', 'goal', ''], style: { head: [], border: [] } });
  for (const figure of figures) {
    const { what, value, unit, goal } = figure;
    const shown = goal === undefined ? '' : `at most ${goal} ${unit}`.trim();
    const verdict = goal === undefined ? '' : met(figure) ? 'met' : 'MISSED';
    table.push([what, `${value} ${unit}`.trim(), shown, verdict]);
  }
  return table.toString();
}

export function figureJson(figures: readonly Figure[]): string {
  const values = Object.fromEntries(figures.map(({ name, value }) => [name, value]));
  const goals = figures.filter(({ goal }) => goal !== undefined);
  const missed = goals.filter((figure) => !met(figure)).map(({ name }) => name);
  return JSON.stringify({ ok: missed.length === 0, missed, figures: values });
}
