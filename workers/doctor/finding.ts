/** What one look at one part found. A warning lets AutoHeal work; a failure doesn't, or not safely. */
export interface Finding {
  part: string;
  state: 'ok' | 'warn' | 'fail';
  detail: string;
  /** What to do about it. */
  advice?: string;
}

export const ok = (part: string, detail: string): Finding => ({ part, state: 'ok', detail });
export const warn = (part: string, detail: string, advice: string): Finding => ({
  part,
  state: 'warn',
  detail,
  advice,
});
export const fail = (part: string, detail: string, advice: string): Finding => ({
  part,
  state: 'fail',
  detail,
  advice,
});
