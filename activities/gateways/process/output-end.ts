import { afterSeam } from '../../../domain/redact/seam.ts';

/** The end of a stream, of at most so many bytes: what a program says last is why it failed. */
export class OutputEnd {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #isCut = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    // Joined only now and then, so that a program that writes a lot costs little.
    if (this.#bytes > 2 * this.#maxBytes) this.#cut();
  }

  /** Without the line that the cut went through: half a secret would not be known as one. */
  text(): string {
    this.#cut();
    const text = Buffer.concat(this.#chunks).toString('utf8');
    return this.#isCut ? afterSeam(text) : text;
  }

  #cut(): void {
    if (this.#bytes > this.#maxBytes) this.#isCut = true;
    const end = Buffer.concat(this.#chunks).subarray(-this.#maxBytes);
    this.#chunks = [end];
    this.#bytes = end.length;
  }
}
