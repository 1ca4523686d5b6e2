/** Docker asks every 30 s by default; scenes can't wait that long. */
const intervalMs = 200;
const retries = 2;

/** Asks a container's program whether it is well, over and over, and keeps what docker would say about it. */
export class HealthCheck {
  state: 'starting' | 'healthy' | 'unhealthy' = 'starting';
  failingStreak = 0;
  readonly #ask: () => void;
  readonly #timer: NodeJS.Timeout;
  #waiting = true;

  constructor(ask: () => void) {
    this.#ask = ask;
    this.#ask();
    this.#timer = setInterval(() => this.#tick(), intervalMs);
  }

  answered(): void {
    this.#waiting = false;
    this.failingStreak = 0;
    this.state = 'healthy';
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    if (this.#waiting) {
      // The question still stands: another one would only fill the pipe of a program that hangs.
      if (++this.failingStreak >= retries) this.state = 'unhealthy';
      return;
    }
    this.#waiting = true;
    this.#ask();
  }
}
