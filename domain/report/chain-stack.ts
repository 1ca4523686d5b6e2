import { longestMessage, ownPlace, type Chain, type Language, type Link, type Place } from './chain.ts';
import type { Line } from './lines.ts';

/** Stacks whose frames begin with "at": Node, Java and .NET. */
const frame = /^\s*at \S/;
const skipped = /^\s*(?:\.\.\. \d+ |--- End of |Suppressed: )/;
const word = String.raw`(?:Error|Exception|Throwable|Failure|Timeout|Rejection|Fault|Refused|Reset|Interrupt)`;
const dotted = String.raw`(?:[A-Za-z_$][\w$]*(?:\.|::|\\|/))*`;
const tail = String.raw`(?: \[([\w. ]{1,80})\])?(?: \((?:0x[0-9A-Fa-f]{1,8}|\d{1,6})\))?`;
/** The whole line is an exception. */
const wholeLine = new RegExp(
  String.raw`^\s*(?:Caused by: |\[cause\]: |\[?cause\]?: {1,4}\[?|parent: |original: |---> ?|Uncaught:? |Unhandled exception[.:]? |Unhandled [Rr]ejection:? ?|Exception in thread "[^"]{0,100}" |\[)?(${dotted}[A-Z][\w$+]*|error|Error)${tail}(?:: (.*)|:|\]?)( \{|\] \{|\])?$`,
);
/** An exception's name somewhere in a line. */
const inLine = new RegExp(String.raw`(?:^|[\s:(\[>])(${dotted}[A-Z][\w$+]*${word})${tail}: (.*)$`);
const causeLine = /^\s*(?:Caused by: |\[cause\]: |cause: +\[?|---> ?|\(Inner Exception #\d+\) )/;
const exceptionWord = new RegExp(`${word}$`);
const nodeFields = /^\s*(?:\{|\}|\],?|[\w$[\]'"]{1,60}: .*)/;

/** The last stack of Node, Java or .NET, with its causes. Null where there is none. */
export function readStack(lines: readonly Line[]): Chain | null {
  let last: Chain | null = null;
  for (let at = 0; at < lines.length; at += 1) {
    const text = lines[at]?.text ?? '';
    const starts =
      frame.test(text) || causeLine.test(text) || /^\s*\[\w*(?:Error|Exception): .*\] \{$/.test(text);
    if (!starts) continue;
    const from = (last?.last ?? -1) + 1;
    const head = frame.test(text) ? findHead(lines, at, from) : headOfCause(lines, at, from);
    if (head === null) continue;
    const chain = readFrom(lines, head);
    if (chain === null) continue;
    last = chain;
    at = Math.max(at, chain.last);
  }
  return last;
}

/** The line above the first frame that names the exception, within its message's length. */
function findHead(lines: readonly Line[], firstFrame: number, from: number): number | null {
  for (let at = firstFrame - 1; at >= Math.max(from, firstFrame - longestMessage); at -= 1) {
    const text = lines[at]?.text ?? '';
    const whole = wholeLine.exec(text);
    // A name without the usual ending counts right above the frames only.
    const named =
      whole !== null &&
      (exceptionWord.test(whole[1] ?? '') ||
        isDotted(whole[1] ?? '') ||
        at === firstFrame - 1 ||
        causeLine.test(text) ||
        /^[Ee]rror$/.test(whole[1] ?? ''));
    if (named || inLine.test(text)) return at;
    if (text.trim() === '' && at < firstFrame - 8) return null;
  }
  return null;
}

/** A cause stands below what it caused: right below, as .NET prints it, where there is no frame between. */
function headOfCause(lines: readonly Line[], cause: number, from: number): number {
  const above = lines[cause - 1]?.text ?? '';
  return cause - 1 >= from && causeLine.test(lines[cause]?.text ?? '') && readHead(above) !== null
    ? cause - 1
    : cause;
}

const isDotted = (type: string): boolean => /[.\\]/.test(type);

function readFrom(lines: readonly Line[], head: number): Chain | null {
  const links: Link[] = [];
  const fields: string[] = [];
  let language: Language = 'node';
  let frames: Place[] = [];
  let message: string[] | null = null;
  let last = head;
  const close = () => {
    const open = links.at(-1);
    if (open === undefined) return;
    if (message !== null)
      open.message = message
        .join('\n')
        .replace(/(?: \{|\] \{)$/, '')
        .trim();
    open.place ??= ownPlace(frames);
    message = null;
    frames = [];
  };
  for (let at = head; at < lines.length; at += 1) {
    const line = lines[at];
    const text = line?.text ?? '';
    if (at === head || causeLine.test(text)) {
      const read = readHead(text);
      if (read === null) {
        if (at === head) return null;
        continue;
      }
      close();
      if (/^\s*Caused by|^Exception in thread/.test(text)) language = 'java';
      if (/^\s*--->|\(0x[0-9A-F]{8}\)/.test(text) || read.length > 1) language = 'dotnet';
      links.push(...read);
      message = [read.at(-1)?.message ?? ''];
      last = at;
      continue;
    }
    if (frame.test(text)) {
      const place = placeOf(text);
      if (place !== null) frames.push(place);
      if (/\(\w[\w$-]*\.(?:java|kt|scala|groovy):\d+\)|\((?:Native Method|Unknown Source)\)/.test(text))
        language = 'java';
      if (/ in \S.*:line \d+|^\s+at [\w.`<>]+\([^)]*\)\s*$/.test(text) && language !== 'java')
        language = 'dotnet';
      if (message !== null) closeMessage();
      last = at;
      continue;
    }
    if (skipped.test(text)) {
      last = at;
      continue;
    }
    const inMessage: boolean = message !== null && frames.length === 0 && at - head <= longestMessage;
    if (inMessage && line?.record !== true && text.trim() !== '' && hasFramesBelow(lines, at)) {
      (message ?? []).push(text.trim());
      last = at;
      continue;
    }
    if (nodeFields.test(text) && language === 'node' && /^\s|^[{}\]]/.test(text)) {
      fields.push(text.trim());
      last = at;
      continue;
    }
    if (text.trim() === '' && frame.test(lines[at + 1]?.text ?? '')) continue;
    break;
  }
  close();
  if (links.length === 0) return null;
  const braces = lines.slice(head, last + 1).some(({ text }) => /[{[]$/.test(text)) ? fields.join('\n') : '';
  return { language, links: links.flatMap(nested), context: [], fields: braces, first: head, last };

  function closeMessage() {
    const open = links.at(-1);
    if (open !== undefined && message !== null)
      open.message = message
        .join('\n')
        .replace(/(?: \{|\] \{)$/, '')
        .trim();
    message = null;
  }
}

function hasFramesBelow(lines: readonly Line[], at: number): boolean {
  return lines.slice(at + 1, at + longestMessage).some(({ text }) => frame.test(text));
}

function readHead(text: string): Link[] | null {
  const parts = text.split(/ ?---> ?/).filter((part) => part.trim() !== '');
  const links = parts.flatMap((part): Link[] => {
    const whole = wholeLine.exec(part) ?? inLine.exec(part);
    if (whole === null) return [];
    const [, outer = '', inner, message = ''] = whole;
    // `ConnectionError [SequelizeConnectionError]: …` names the class twice, `Error [ERR_X]: …` a code.
    const type = inner !== undefined && exceptionWord.test(inner) ? inner : outer;
    return [{ type, message: message.replace(/\]$/, ''), place: null }];
  });
  return links.length === 0 ? null : links;
}

/** Spring prints causes into the message. */
function nested(link: Link): Link[] {
  const parts = link.message.split(/;? ?nested exception is /);
  return parts.map((part, at): Link => {
    if (at === 0) return { ...link, message: part };
    const read = /^([\w.$]{1,200}): ?([\s\S]*)$/.exec(part);
    return { type: read?.[1] ?? '', message: read?.[2] ?? part, place: link.place };
  });
}

function placeOf(line: string): Place | null {
  const text = line.replace(/ \{\s*$/, '');
  const java =
    /^\s*at (?:[\w.]{1,80}@?[\w.]{0,20}\/)?([\w.$<>]{1,300})\.([\w$<>]{1,100})\(([^)]{0,200})\)/.exec(text);
  if (java !== null && /\.(?:java|kt|scala|groovy)|Native Method|Unknown Source/.test(java[3] ?? ''))
    return { file: java[1] ?? '', function: java[2] ?? '' };
  const node =
    /^\s*at (?:async )?(?:(.{1,200}?) \()?((?:file:\/\/)?[^()\s]{1,400}?)(?::\d+){1,2}\)?\s*$/.exec(text);
  if (node !== null) return { file: node[2] ?? '', function: node[1] ?? '' };
  const dotnet =
    /^\s*at ([\w.`<>[\],+ ]{1,300}?)\.([\w`<>|.]{1,120})\(.{0,400}?\)(?: in (.{1,300}):line \d+)?/.exec(text);
  if (dotnet !== null) return { file: dotnet[3] ?? dotnet[1] ?? '', function: dotnet[2] ?? '' };
  return null;
}
