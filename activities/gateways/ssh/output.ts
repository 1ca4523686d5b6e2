import { afterSeam, beforeSeam } from '../../../domain/redact/seam.ts';

/** Bounds of one stream: the first and the last half of the limit are kept, what lies between is counted. */
export class BoundedOutput {
  readonly #half: number;
  #head = Buffer.alloc(0);
  #tail = Buffer.alloc(0);
  #droppedBytes = 0;

  constructor(maxBytes: number) {
    this.#half = Math.max(1, Math.floor(maxBytes / 2));
  }

  get truncated(): boolean {
    return this.#droppedBytes > 0;
  }

  add(chunk: Buffer): void {
    const room = this.#half - this.#head.length;
    if (room > 0) this.#head = Buffer.concat([this.#head, chunk.subarray(0, room)]);
    const rest = room > 0 ? chunk.subarray(room) : chunk;
    if (rest.length === 0) return;
    const tail = Buffer.concat([this.#tail, rest.subarray(-this.#half)]);
    this.#droppedBytes += this.#tail.length + rest.length - Math.min(tail.length, this.#half);
    this.#tail = tail.subarray(-this.#half);
  }

  /** The text without the white space around it; a cut in the middle says how much is missing. */
  text(): string {
    if (!this.truncated) return Buffer.concat([this.#head, this.#tail]).toString('utf8').trim();
    // Where it was cut, a secret may have been cut through: half of one would not be known as such.
    const head = beforeSeam(this.#head.toString('utf8'));
    const tail = afterSeam(this.#tail.toString('utf8'));
    return `${head.trimStart()}\n[… ${this.#droppedBytes} bytes left out …]\n${tail.trimEnd()}`;
  }
}
