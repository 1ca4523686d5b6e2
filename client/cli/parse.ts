import { UsageProblem } from './output.ts';

/** @throws UsageProblem naming the option */
export function parseSeconds(option: string, text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && Number.isFinite(seconds) && seconds >= 0 && seconds <= 7 * 86_400) return seconds;
  throw new UsageProblem(`${option}: a number of seconds, 0 or more, not "${text}"`);
}

/** @throws UsageProblem naming the option */
export function parseCount(option: string, text: string, max: number): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= max) return count;
  throw new UsageProblem(`${option}: a whole number from 1 to ${max}, not "${text}"`);
}

const unitsMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `90s`, `30m`, `2h`, `1d`, `2h30m`. @throws UsageProblem naming the option @returns milliseconds */
export function parseDuration(option: string, text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smhdw])/g)];
  const ms = parts.reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * unitsMs[unit as keyof typeof unitsMs],
    0,
  );
  if (ms > 0 && parts.map(([whole]) => whole).join('') === text) return ms;
  throw new UsageProblem(`${option}: a duration as 30m, 2h or 1d, not "${text}"`);
}

/** An ISO time. One without an offset is local time. @throws UsageProblem naming the option */
export function parseTime(option: string, text: string): Date {
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? new Date(text) : new Date(NaN);
  if (!Number.isNaN(time.getTime())) return time;
  throw new UsageProblem(`${option}: an ISO time as 2026-05-01T06:00:00+08:00, not "${text}"`);
}

/** `--label k=v`. @throws UsageProblem naming the label */
export function parseLabels(labels: string[] | undefined): Record<string, string> | undefined {
  if (labels === undefined) return undefined;
  return Object.fromEntries(
    labels.map((label) => {
      const at = label.indexOf('=');
      if (at < 1) throw new UsageProblem(`--label: key=value, not "${label}"`);
      return [label.slice(0, at), label.slice(at + 1)];
    }),
  );
}
