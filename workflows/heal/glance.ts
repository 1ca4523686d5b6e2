import { CancellationScope } from '@temporalio/workflow';
import type { Sight } from '../../activities/look-at-container.ts';
import { looking } from '../proxies.ts';

/** Shorter than any wait for a lease: whoever held it may have acted meanwhile, so the look is taken again. */
const freshForMs = 400;

export interface Seen {
  host: string;
  /** Name or full id. */
  container: string;
}

export function lookAtPlace({ host, container }: Seen): Promise<Sight> {
  const summary = `look at ${container} on ${host}`;
  return looking.lookAtContainer.executeWithOptions({ summary }, [{ host, container }]);
}

/**
 * A look that is taken while the guard is asked: each takes some round trips, and neither waits for the other. It
 * only notes the intent; `executeSsh` looks once more, by id, right before it acts.
 */
export class Glance {
  readonly #scope = new CancellationScope();
  readonly #begunMs = Date.now();
  readonly #sight: Promise<Sight>;

  constructor(place: Seen) {
    this.#sight = this.#scope.run(() => lookAtPlace(place));
    // Nobody may want it any more.
    this.#sight.catch(() => undefined);
  }

  /** @returns null where it is too old by now */
  take(): Promise<Sight> | null {
    if (Date.now() - this.#begunMs <= freshForMs) return this.#sight;
    this.drop();
    return null;
  }

  /** Not wanted any more: what is settled now must not wait for a host that doesn't answer. */
  drop(): void {
    this.#scope.cancel();
  }
}
