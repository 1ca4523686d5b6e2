/** A secret's place in the folded text. */
export interface Span {
  from: number;
  to: number;
}

/**
 * One walk through a text, from left to right. What a rule has taken is not looked at again, and what a rule only
 * looks at is of bounded length: so the whole is linear. The budget is the second net under that.
 */
export class Scan {
  readonly text: string;
  readonly spans: Span[] = [];
  /** Where the line begins that the walk is in. */
  lineBegin = 0;
  /** A program with options that hold secrets, where one was named on this line. */
  command: { name: string; from: number } | null = null;
  /** Where a manifest of secrets began, whose data hold nothing else. */
  readonly isSecretManifest: boolean;
  /** Up to where words were tried as base64. */
  decodedTo = 0;
  #steps = 0;
  #lineFrom = 0;
  #lineTo = -1;
  readonly #runs = new Map<RegExp, Span>();
  #wordFrom = 0;
  #wordTo = 0;
  readonly #budget: number;

  constructor(text: string, budget: number) {
    this.text = text;
    this.#budget = budget;
    this.isSecretManifest = /^kind:[ \t]*Secret\b|"kind"\s{0,9}:\s{0,9}"Secret"/m.test(text);
  }

  /** @returns the end of it, where the walk goes on */
  hide(from: number, to: number): number {
    if (to > from) this.spans.push({ from, to });
    return Math.max(from, to);
  }

  /** Counts work: about a character looked at, each. */
  spend(steps: number): void {
    this.#steps += steps;
  }

  get isSpent(): boolean {
    return this.#steps > this.#budget;
  }

  /** A pattern at this very place. It must be sticky, and bounded or taking what it reads. */
  match(pattern: RegExp, at: number): RegExpExecArray | null {
    pattern.lastIndex = at;
    const found = pattern.exec(this.text);
    this.spend(found === null ? 4 : found[0].length + 4);
    return found;
  }

  /** Where the line ends that a place is in. Asked often for one line, it is looked for once. */
  lineEnd(at: number): number {
    if (at < this.#lineFrom || at > this.#lineTo) {
      const end = this.text.indexOf('\n', at);
      this.#lineFrom = at;
      this.#lineTo = end === -1 ? this.text.length : end;
      this.spend(this.#lineTo - at);
    }
    return this.#lineTo;
  }

  /** How far signs of one kind reach from a place, which is the same for all places among them. */
  runEnd(kind: RegExp, at: number): number {
    const known = this.#runs.get(kind);
    if (known !== undefined && at >= known.from && at <= known.to) return known.to;
    const found = this.match(kind, at);
    const to = at + (found?.[0].length ?? 0);
    this.#runs.set(kind, { from: at, to });
    return to;
  }

  /** The same for a word whose end was found before: where it ends doesn't depend on where one begins to look. */
  wordEnd(at: number, find: () => number): number {
    if (at < this.#wordFrom || at >= this.#wordTo) {
      this.#wordTo = find();
      this.#wordFrom = at;
    }
    return this.#wordTo;
  }

  /** What stands before a place, on its line, at most so many characters. */
  before(at: number, most: number): string {
    return this.text.slice(Math.max(this.lineBegin, at - most), at);
  }
}

/** Takes what begins at a lexeme. @returns where the walk goes on; 0 where it is not for this rule */
export type Rule = (scan: Scan, from: number, to: number) => number;
