/** Turns texts into vectors, so that similar ones are found (ADR-013 A12, A16). */
export interface Embedder {
  /** The model's name. What is kept with each vector is the name and the dimension (`modelKey`). */
  readonly model: string;
  /** One vector for each text, in their order. Never throws. */
  embed(texts: readonly string[]): Promise<Embedded>;
}

export type Embedded =
  | { ok: true; vectors: number[][] }
  /** `refused`: one of the texts is at fault, alone the others may pass. `message` is for people. */
  | { ok: false; kind: 'away' | 'refused'; message: string };

/** A model is its name and its dimension: vectors are compared where both are the same, and only there. */
export const modelKey = (model: string, dimensions: number): string => `${model}/${dimensions}`;

/** Whether a vector points anywhere: one of zeros is as like to everything as to nothing. */
export const hasDirection = (vector: readonly number[]): boolean =>
  vector.length > 0 && vector.every(Number.isFinite) && vector.some((value) => value !== 0);
