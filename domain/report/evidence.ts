import type { Chain, Link } from './chain.ts';
import { readCodes, type Codes } from './codes.ts';
import { readLines, type Line } from './lines.ts';
import { readChain } from './read-chain.ts';
import { withoutSeeAlso } from './see-also.ts';

/** What is read of each text, in characters: of a message its head and, above all, its end; of a traceback its end. */
export const messageHead = 8192;
export const textTail = 32_768;

/** A part of a report that is asked as one: what it says in words, and the standard codes in it. */
export interface Part {
  text: string;
  codes: Codes;
}

/**
 * A report, read once: the chain of exceptions that it ends in and, apart from it, the lines before. What decides
 * is looked for in the end first (domain/report/classify.ts).
 */
export interface Evidence {
  chain: Chain | null;
  /** From the outermost to the root; the report's own type and message come first where the chain lacks them. */
  links: Link[];
  /** The last exception with its causes; without one, the last words. */
  end: Part;
  /** What was being handled when it was thrown (Python). */
  context: Part;
  /** The lines right before and behind it, without stack frames and without what is said while nothing is wrong. */
  recent: Part;
  /** Everything before. */
  older: Part;
}

const endLines = 8;
/** A message of so many lines is all end: nobody writes a log that short. */
const shortMessage = 12;
const recentLines = 30;
const none: Part = { text: '', codes: {} };

/** Reads a report's texts once. Linear in them. */
export function readEvidence(error: {
  type?: string | undefined;
  message: string;
  traceback?: string | undefined;
}): Evidence {
  const messageLines = readLines(withoutSeeAlso(endsOf(error.message)));
  const traceLines = readLines(withoutSeeAlso((error.traceback ?? '').slice(-textTail)));
  const inTrace = readChain(traceLines);
  const inMessage = inTrace === null ? readChain(messageLines) : null;
  const chain = inTrace ?? inMessage;
  const spoken = withoutProgress(messageLines).filter(({ text }) => text.trim() !== '');
  const links = linksOf(error.type, error.message, chain, inMessage !== null);
  const said = inMessage === null ? lastWords(spoken) : { end: [], before: [] };
  const thrown = (chain === null ? [] : links).map(({ type, message }) =>
    type === '' ? message : `${type}: ${message}`,
  );
  const words =
    chain === null && (error.type ?? '') !== '' ? [`${error.type}: ${said.end.join('\n')}`] : said.end;
  const endText = [...thrown, chain?.fields ?? '', ...words].filter((text) => text !== '').join('\n');
  const around = aroundChain(
    inTrace === null ? (inMessage === null ? traceLines : messageLines) : traceLines,
    chain,
  );
  const recent = [...said.before.slice(-recentLines), ...around.recent];
  const older = [...said.before.slice(0, -recentLines), ...around.older];
  return {
    chain,
    links,
    end: partOf(endText),
    context: partOf((chain?.context ?? []).map(({ type, message }) => `${type}: ${message}`).join('\n')),
    recent: partOf(wordsOf(recent)),
    older: { text: wordsOf(older), codes: {} },
  };
}

const partOf = (text: string): Part => (text === '' ? none : { text, codes: readCodes(text) });

/** A long message has its head and its end: the reason mostly stands at the end. */
function endsOf(message: string): string {
  if (message.length <= messageHead + textTail) return message;
  return `${message.slice(0, messageHead)}\n${message.slice(-textTail)}`;
}

/** The report's own type and message are the outermost link, unless the chain begins with them. */
function linksOf(
  type: string | undefined,
  message: string,
  chain: Chain | null,
  messageIsLog: boolean,
): Link[] {
  const links = chain?.links ?? [];
  if (type === undefined || type === '') return links;
  const short = shortName(type);
  const at = links.findIndex((link) => shortName(link.type) === short);
  if (at >= 0) {
    // The caller cuts nothing and knows the module: its words count for that link.
    return links.map((link, index) => (index === at && !messageIsLog ? { ...link, type } : link));
  }
  return [{ type, message: messageIsLog ? '' : withoutSeeAlso(endsOf(message)), place: null }, ...links];
}

const shortName = (type: string): string => type.split(/[.:\\]/).at(-1) ?? type;

/** The last lines of a text without an exception, and what stands before them. */
function lastWords(lines: readonly Line[]): { end: string[]; before: Line[] } {
  const loud = lines.filter(({ calm }) => !calm);
  const from = loud.length === 0 ? lines : loud;
  if (from.length <= shortMessage) return { end: from.map(({ text }) => text), before: [] };
  return { end: from.slice(-endLines).map(({ text }) => text), before: from.slice(0, -endLines) };
}

const stackFrame = /^\s*(?:at \S|File "|from \S+:\d+:in |#\d+ |\.\.\. \d+ |goroutine \d|\d+: 0x|[~^]+\s*$)/;

function aroundChain(lines: readonly Line[], chain: Chain | null): { recent: Line[]; older: Line[] } {
  const loud = (part: readonly Line[]) =>
    part.filter(({ text, calm }) => !calm && text.trim() !== '' && !stackFrame.test(text));
  const before = loud(chain === null ? lines : lines.slice(0, chain.first));
  const behind = chain === null ? [] : loud(lines.slice(chain.last + 1));
  const kept = Math.max(0, recentLines - behind.length);
  return {
    recent: [...(kept === 0 ? [] : before.slice(-kept)), ...behind],
    older: kept === 0 ? before : before.slice(0, -kept),
  };
}

const wordsOf = (lines: readonly Line[]): string => lines.map(({ text }) => text).join('\n');

const progress =
  /^\s*(?:[✔⠿✓] )?(?:Container|Network|Volume|Image) \S{1,200} {2,}[A-Z][a-z]{3,15}(?: +[\d.]{1,8}s)?\s*$/;

/** What `docker compose` shows of its own progress is no failure, unless nothing else was said. */
function withoutProgress(lines: Line[]): Line[] {
  const rest = lines.filter(({ text }) => !progress.test(text));
  return rest.some(({ text }) => text.trim() !== '') ? rest : lines;
}
