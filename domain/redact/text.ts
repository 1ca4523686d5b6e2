import { findSecrets } from './find-secrets.ts';
import { fold } from './fold.ts';
import { removed, unread } from './mark.ts';
import type { Span } from './scan.ts';

/** How many characters may be looked at for one text, all told: about a second's work, and fifty times what a megabyte of prose takes. */
const budgetOfText = 60_000_000;

/** A text that doesn't settle is one that somebody made for that. */
const passes = 4;

/**
 * Text without its secrets. Linear in the text. What is left when the budget is spent is replaced, never passed on;
 * done again it changes nothing more.
 */
export function redactText(original: string, budget = budgetOfText): string {
  let text = original;
  for (let pass = 0; pass < passes; pass += 1) {
    const next = onePass(text, budget);
    if (next === text) return text;
    text = next;
  }
  return unread;
}

function onePass(original: string, budget: number): string {
  const { text, placeOf } = fold(original);
  const { spans, readTo } = findSecrets(text, budget);
  if (spans.length === 0 && readTo === text.length) return original;
  const pieces: string[] = [];
  let at = 0;
  for (const { from, to } of joined(spans)) {
    const begin = placeOf(from);
    pieces.push(original.slice(at, begin), removed);
    // Behind the last sign that was hidden, so that what nobody sees in between goes with it.
    at = placeOf(to - 1) + 1;
  }
  if (readTo < text.length) pieces.push(original.slice(at, Math.max(at, placeOf(readTo))), unread);
  else pieces.push(original.slice(at));
  return pieces.join('');
}

/** In order, and those that touch or overlap as one. */
function joined(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else all.push({ ...span });
  }
  return all;
}
