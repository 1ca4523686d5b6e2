/** Turns texts into vectors, so that similar ones are found (ADR-013 A12, A16). */
export interface Embedder {
  /** Kept with each vector: vectors of different models are never compared. */
  readonly model: string;
  /** One vector for each text, in their order. Never throws. */
  embed(texts: readonly string[]): Promise<Embedded>;
}

export type Embedded =
  | { ok: true; vectors: number[][] }
  /** `refused`: one of the texts is at fault, alone the others may pass. `message` is for people. */
  | { ok: false; kind: 'away' | 'refused'; message: string };
