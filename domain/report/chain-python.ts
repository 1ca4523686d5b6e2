import { longestMessage, ownPlace, type Chain, type Link, type Place } from './chain.ts';
import type { Line } from './lines.ts';

const header = /Traceback \(most recent call last\)/;
const groupHeader = /Exception Group Traceback \(most recent call last\)/;
/** What an exception group's lines begin with: `  | `, `  + `, `  +-+---- 1 ----`. */
const groupEdge = /^\s*[|+](?:[-+]{2,}.*$| ?)/;
const frame = /^\s*File "([^"]{1,500})", line \d{1,9}(?:, in (.{1,200}))?/;
/** `psycopg2.OperationalError: text`, `KeyboardInterrupt`. */
const end = /^([A-Za-z_][\w.]{0,200})(?:: (.*)|:)?$/;
const bareEnd = /(?:^|\.)[A-Z]\w*$/;
const notAnEnd = /^(?:else|try|finally|return|pass|raise|yield|break|continue|with|for|if|while)$/;
const directCause = /^The above exception was the direct cause/;
const duringHandling = /^During handling of the above exception/;

interface Block {
  link: Link;
  isGroup: boolean;
  inGroup: boolean;
  first: number;
  last: number;
  /** How the block before belongs to this one. */
  before: 'cause' | 'context' | 'none';
}

/** The last chain of Python exceptions: causes, contexts, groups, notes. Null where there is none. */
export function readPython(lines: readonly Line[]): Chain | null {
  const blocks = readBlocks(lines);
  const lastBlock = blocks.at(-1);
  if (lastBlock === undefined) return null;
  let at = blocks.length - 1;
  const links: Link[] = [];
  if (lastBlock.inGroup) {
    const group = blocks.findLastIndex((block) => block.isGroup && !block.inGroup);
    if (group >= 0) {
      links.push(...blocks.slice(group).map(({ link }) => link));
      at = group;
    }
  }
  if (links.length === 0) links.push(lastBlock.link);
  const top = at;
  while (blocks[at]?.before === 'cause' && at > 0) {
    at -= 1;
    const cause = blocks[at];
    if (cause !== undefined) links.push(cause.link);
  }
  const context: Link[] = [];
  while (at > 0 && blocks[at]?.before !== 'none') {
    at -= 1;
    const handled = blocks[at];
    if (handled !== undefined) context.push(handled.link);
  }
  const first = blocks[at]?.first ?? blocks[top]?.first ?? 0;
  return { language: 'python', links, context, fields: '', first, last: lastBlock.last };
}

function readBlocks(lines: readonly Line[]): Block[] {
  const blocks: Block[] = [];
  let before: Block['before'] = 'none';
  let sinceEnd = 0;
  for (let at = 0; at < lines.length; at += 1) {
    const text = lines[at]?.text ?? '';
    const bare = text.replace(groupEdge, '').trim();
    if (directCause.test(bare)) before = 'cause';
    else if (duringHandling.test(bare)) before = 'context';
    else if (header.test(text)) {
      const block = readBlock(lines, at, sinceEnd > 6 ? 'none' : before);
      if (block !== null) {
        blocks.push(block);
        at = block.last;
        sinceEnd = 0;
      }
      before = 'none';
      continue;
    }
    sinceEnd += bare === '' ? 0 : 1;
  }
  return blocks;
}

function readBlock(lines: readonly Line[], start: number, before: Block['before']): Block | null {
  const startText = lines[start]?.text ?? '';
  const edged = groupEdge.test(startText);
  const isGroup = groupHeader.test(startText);
  // A block of a group stands further in than the group itself.
  const inGroup = edged && !isGroup;
  const bareOf = (at: number) => {
    const text = lines[at]?.text ?? '';
    return edged || isGroup ? text.replace(groupEdge, '') : text;
  };
  const frames: Place[] = [];
  for (let at = start + 1; at < lines.length; at += 1) {
    const text = bareOf(at);
    const found = frame.exec(text);
    if (found !== null) {
      frames.unshift({ file: found[1] ?? '', function: found[2] ?? '' });
      continue;
    }
    if (header.test(text)) return null;
    const thrown = /^\s/.test(text) && !isGroup ? null : end.exec(text.trim());
    if (thrown !== null && isEnd(thrown)) {
      const { message, last } = readMessage(lines, at, thrown[2] ?? '', bareOf);
      const link = { type: thrown[1] ?? '', message, place: ownPlace(frames) };
      return { link, isGroup, inGroup, first: start, last, before };
    }
  }
  return null;
}

function isEnd([, type = '', message]: RegExpExecArray): boolean {
  if (notAnEnd.test(type)) return false;
  return message !== undefined || bareEnd.test(type);
}

/** The message and its notes go on over the lines below, up to what is plainly something else. */
function readMessage(
  lines: readonly Line[],
  at: number,
  firstLine: string,
  bareOf: (at: number) => string,
): { message: string; last: number } {
  const message = [firstLine];
  let last = at;
  for (let next = at + 1; next < lines.length && next <= at + longestMessage; next += 1) {
    const text = bareOf(next);
    const line = lines[next];
    if (line === undefined || line.record || header.test(text)) break;
    if (directCause.test(text.trim()) || duringHandling.test(text.trim())) break;
    if (text.trim() === '') {
      // SQLAlchemy and Prisma go on behind a blank line.
      if (!/^(?:\[SQL|\[parameters|\(Background|DETAIL|HINT|LINE \d)/.test((bareOf(next + 1) || '').trim()))
        break;
      continue;
    }
    // Whoever goes on at the margin for long is not the exception any more.
    if (!/^\s/.test(text) && next > at + 8) break;
    message.push(text.trim());
    last = next;
  }
  return { message: message.join('\n').trim(), last };
}
