/** What has been opened, to be closed in the opposite order, whatever went wrong in between. */
export class Closers {
  readonly #steps: (() => Promise<unknown>)[] = [];

  add(close: () => Promise<unknown>): void {
    this.#steps.push(close);
  }

  /** @throws the first error, after everything has been tried */
  async close(): Promise<void> {
    const errors: unknown[] = [];
    for (const step of this.#steps.splice(0).reverse()) {
      await step().catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) throw errors[0];
  }
}
