import type { LookDeps, LookInput, Sight } from '../look-at-container.ts';
import { lookAt } from '../look-at-container.ts';
import { within } from '../within.ts';

/** How long a look beside something else may hold that up. A host that is slower is looked at in its own time. */
const glanceMs = 1500;

/** A look that was begun longer ago than this says nothing about now. */
const freshForMs = 2000;

interface Ahead {
  begunMs: number;
  sight: Promise<Sight>;
}

/**
 * Looks that are taken beside other work, for a heal that will need them in a moment: begun while its playbook is
 * being chosen, fetched when the guard is asked. They are this worker's own; one that is not there is simply taken anew.
 */
export class Glances {
  readonly #deps: LookDeps;
  readonly #ahead = new Map<string, Ahead>();

  constructor(deps: LookDeps) {
    this.#deps = deps;
  }

  /** Begins a look and comes back at once. @param run the workflow run that will ask for it */
  begin(run: string, input: LookInput): void {
    const key = keyOf(run, input);
    const begunMs = Date.now();
    const sight = lookAt(this.#deps, input);
    // Whoever fetches it hears of a failure; perhaps nobody does.
    sight.catch(() => undefined);
    this.#ahead.set(key, { begunMs, sight });
    const forget = (): void => {
      if (this.#ahead.get(key)?.begunMs === begunMs) this.#ahead.delete(key);
    };
    setTimeout(forget, freshForMs).unref();
  }

  /** Fetches the look that was begun for this run, or takes one now. @returns null where it takes too long */
  async take(run: string, input: LookInput): Promise<Sight | null> {
    const key = keyOf(run, input);
    const ahead = this.#ahead.get(key);
    this.#ahead.delete(key);
    const isFresh = ahead !== undefined && Date.now() - ahead.begunMs < freshForMs;
    return within(glanceMs, isFresh ? ahead.sight : lookAt(this.#deps, input));
  }
}

const keyOf = (run: string, { host, container }: LookInput): string => `${run} ${host} ${container}`;
