import { decide, type Decision, type Facts, type Place } from '../../domain/incident/decide.ts';
import { thinking } from '../proxies.ts';
import type { Outcome } from './run.ts';
import { suppress } from './suppress.ts';

/** A pause that is set while an action is on its way stops it, as long as it was set this long before. */
const freshForMs = 2000;

type Known = Omit<Facts, 'pauses'>;

/**
 * Decides, with the pauses that lie over the place where the action would be: that is mostly the incident's own, but
 * a playbook may name another target, and a code fix has a host of its own.
 * @param over the pauses over the incident's own place
 */
export async function decideUnpaused(facts: Known, own: Place, over: Facts['pauses']): Promise<Decision> {
  const decision = decide({ ...facts, pauses: over });
  const at = placeOf(decision);
  if (at === null || (at.host === own.host && at.target === own.target)) return decision;
  const pauses = await thinking.readPauses({ host: at.host, target: at.target });
  return pauses.length === 0 ? decision : decide({ ...facts, pauses });
}

/** Watches for pauses while something with a side effect is on its way. */
export class PauseWatch {
  readonly #at: { host: string | null; target: string | null };
  #readAtMs: number;

  /** @param readAtMs when the pauses over this place were read last */
  constructor(at: { host: string | null; target: string | null }, readAtMs: number) {
    this.#at = at;
    this.#readAtMs = readAtMs;
  }

  /** Looks again, unless that was done a moment ago. @returns null where nothing is paused */
  async stops(): Promise<Outcome | null> {
    if (Date.now() - this.#readAtMs < freshForMs) return null;
    const [pause] = await thinking.readPauses({ host: this.#at.host, target: this.#at.target });
    this.#readAtMs = Date.now();
    if (pause === undefined) return null;
    const until = pause.until === null ? 'until it is lifted' : `until ${pause.until}`;
    return suppress(pause, `paused meanwhile by ${pause.owner} ${until}: ${pause.reason}`);
  }
}

function placeOf(decision: Decision): { host: string | null; target: string | null } | null {
  switch (decision.kind) {
    case 'restart':
    case 'diagnose':
      return decision.place;
    case 'code_fix':
      return { host: decision.host, target: null };
    case 'suppress':
    case 'refuse':
    case 'alert':
    case 'wait':
      return null;
  }
}
