/** The end of a stream, of at most so many bytes: what a program says last is why it failed. */
export class OutputEnd {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    // Joined only now and then, so that a program that writes a lot costs little.
    if (this.#bytes > 2 * this.#maxBytes) this.#cut();
  }

  /** A character that the cut went through is left out. */
  text(): string {
    this.#cut();
    return Buffer.concat(this.#chunks)
      .toString('utf8')
      .replace(/^\uFFFD+/, '');
  }

  #cut(): void {
    const end = Buffer.concat(this.#chunks).subarray(-this.#maxBytes);
    this.#chunks = [end];
    this.#bytes = end.length;
  }
}
