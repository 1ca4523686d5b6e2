/** Docker asks every 30 s by default; scenes can't wait that long. */
const intervalMs = 200;
const retries = 2;
/** Until it is first well, a failing check doesn't count for so long: a busy machine starts a program late. */
const startPeriodMs = 3000;

/** As `docker container inspect` tells it, in nanoseconds. */
export const healthcheckConfig = {
  Test: ['CMD', 'ping'],
  Interval: intervalMs * 1e6,
  Timeout: intervalMs * 1e6,
  StartPeriod: startPeriodMs * 1e6,
  Retries: retries,
};

/** Asks a container's program whether it is well, over and over, and keeps what docker would say about it. */
export class HealthCheck {
  state: 'starting' | 'healthy' | 'unhealthy' = 'starting';
  failingStreak = 0;
  readonly #ask: () => void;
  readonly #timer: NodeJS.Timeout;
  readonly #begunMs = performance.now();
  #waiting = true;
  #suspended = false;
  #answersCount = true;

  constructor(ask: () => void) {
    this.#ask = ask;
    this.#ask();
    this.#timer = setInterval(() => this.#tick(), intervalMs);
  }

  /** Whether answers count: a program that is up may refuse all the same. */
  setAnswers(count: boolean): void {
    this.#answersCount = count;
  }

  answered(): void {
    this.#waiting = false;
    if (!this.#answersCount) return this.#failed();
    this.failingStreak = 0;
    this.state = 'healthy';
  }

  /** Docker asks nobody that is paused, and keeps saying what it said last. */
  suspend(): void {
    this.#suspended = true;
  }

  resume(): void {
    this.#suspended = false;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    if (this.#suspended) return;
    if (this.#waiting) {
      // The question still stands: another one would only fill the pipe of a program that hangs.
      return this.#failed();
    }
    this.#waiting = true;
    this.#ask();
  }

  #failed(): void {
    if (this.state === 'starting' && performance.now() - this.#begunMs < startPeriodMs) return;
    if (++this.failingStreak >= retries) this.state = 'unhealthy';
  }
}
