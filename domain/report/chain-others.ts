import { longestMessage, ownPlace, type Chain, type Link, type Place } from './chain.ts';
import type { Line } from './lines.ts';

const textOf = (lines: readonly Line[], at: number): string => lines[at]?.text ?? '';

/** Go: `panic: …` or `fatal error: …` with its goroutines. A runtime error is a mistake in the program. */
export function readGo(lines: readonly Line[]): Chain | null {
  const goroutine = lines.findIndex(({ text }) => /^goroutine \d+ \[/.test(text));
  if (goroutine < 0) return null;
  const said = /(?:\bpanic: |fatal error: |panic serving \S+: )(.*)$/;
  let head = -1;
  for (let at = goroutine; at >= Math.max(0, goroutine - longestMessage); at -= 1) {
    if (said.test(textOf(lines, at))) head = at;
  }
  if (head < 0) return null;
  const message = [said.exec(textOf(lines, head))?.[1] ?? ''];
  for (let at = head + 1; at < goroutine; at += 1) {
    const text = textOf(lines, at).trim();
    if (text !== '' && !text.startsWith('[signal')) message.push(text);
  }
  const frames: Place[] = [];
  let last = goroutine;
  for (let at = goroutine + 1; at < lines.length; at += 1) {
    const text = textOf(lines, at);
    const file = /^\s+(\S{1,400}?):\d+(?: \+0x[0-9a-f]+)?$/.exec(text);
    const called = /^([\w./*()[\]-]{1,300}?)\(.*\)?$/.exec(textOf(lines, at - 1));
    if (file !== null) frames.push({ file: file[1] ?? '', function: called?.[1] ?? '' });
    else if (
      text.trim() !== '' &&
      !/^(?:[\w./*()[\]-]+\(|created by |goroutine |exit status|panic\()/.test(text)
    )
      break;
    last = at;
  }
  const joined = message
    .join('\n')
    .replace(/^(?:runtime error: )+/, 'runtime error: ')
    .replace(/ \[recovered\]$/, '');
  const isMistake =
    /^runtime error|nil map|^interface conversion|closed channel|all goroutines are asleep|concurrent map/.test(
      joined,
    );
  const type = isMistake ? 'runtime error' : 'panic';
  const text = joined.replace(/^runtime error: /, '');
  return {
    language: 'go',
    links: [{ type, message: text, place: ownPlace(frames) }],
    context: [],
    fields: '',
    first: head,
    last,
  };
}

/** Rust: a panic in either of its forms, and the causes that anyhow and eyre print. */
export function readRust(lines: readonly Line[]): Chain | null {
  const panic = lines.findLastIndex(({ text }) => /\bpanicked at /.test(text));
  const causes = lines.findLastIndex(({ text }) => /^\s*Caused by:\s*$/.test(text));
  if (panic < 0 && causes < 0) return null;
  if (panic < causes && !isNear(panic, causes)) return readAnyhow(lines, causes);
  const text = textOf(lines, panic);
  const quoted = /panicked at '([\s\S]*?)', (\S+?):\d+:\d+/.exec(
    lines
      .slice(panic, panic + longestMessage)
      .map((line) => line.text)
      .join('\n'),
  );
  const newer = /panicked at (\S+?):\d+:\d+:\s*$/.exec(text);
  const message: string[] = [];
  let last = panic;
  if (quoted !== null) {
    message.push(quoted[1] ?? '');
    last = panic + (quoted[1] ?? '').split('\n').length - 1;
  } else {
    for (let at = panic + 1; at < Math.min(lines.length, panic + longestMessage); at += 1) {
      const next = textOf(lines, at);
      if (next.trim() === '' || /^(?:note: run with|stack backtrace:)/.test(next)) break;
      message.push(next.trim());
      last = at;
    }
  }
  const said = message.join('\n');
  const isMistake =
    /^(?:index out of bounds|attempt to|called `Option::unwrap\(\)` on a `None`|not (?:yet )?implemented|internal error: entered unreachable|explicit panic|assertion|byte index|range (?:start|end)|slice index|already (?:mutably )?borrowed|there is no reactor running|must be called from the context)/.test(
      said,
    );
  const place = { file: quoted?.[2] ?? newer?.[1] ?? '', function: '' };
  return {
    language: 'rust',
    links: [{ type: isMistake ? 'runtime error' : 'panic', message: said, place }],
    context: [],
    fields: '',
    first: panic,
    last,
  };
}

const isNear = (panic: number, causes: number): boolean => panic >= 0 && causes - panic < longestMessage;

function readAnyhow(lines: readonly Line[], at: number): Chain | null {
  let head = at - 1;
  while (head >= 0 && textOf(lines, head).trim() === '') head -= 1;
  if (head < 0) return null;
  const links: Link[] = [{ type: '', message: textOf(lines, head).replace(/^\s*Error: /, ''), place: null }];
  let last = at;
  for (let next = at + 1; next < Math.min(lines.length, at + longestMessage); next += 1) {
    const text = textOf(lines, next);
    if (text.trim() === '' || !/^\s/.test(text)) break;
    links.push({ type: '', message: text.replace(/^\s*(?:\d+: )?/, ''), place: null });
    last = next;
  }
  return { language: 'rust', links, context: [], fields: '', first: head, last };
}

/** PHP: `Uncaught X: … in file:line` with `Next Y: …`, each thrown because of the one before. */
export function readPhp(lines: readonly Line[]): Chain | null {
  const fatal =
    /(?:PHP )?(Fatal error|Parse error|Recoverable fatal error|Warning|Notice):\s+(?:Uncaught (?:exception ')?)?(?:([A-Z][\w\\]*)'?(?::| with message) )?(.*?)(?: in (\/?\S+?)(?::| on line )\d+)?\s*$/;
  const next = /^Next ([A-Z][\w\\]*): (.*?)(?: in (\S+?):\d+)?\s*$/;
  const head = lines.findLastIndex(({ text }) =>
    /(?:PHP |^)(?:Fatal error|Parse error|Recoverable fatal error):\s/.test(text),
  );
  const found = fatal.exec(textOf(lines, head));
  if (head < 0 || found === null) return null;
  const [, kind = '', type, message = '', file = ''] = found;
  const name = type ?? (/^Uncaught/.test(message) ? '' : `PHP ${kind}`);
  const links: Link[] = [{ type: name, message, place: { file, function: '' } }];
  let last = head;
  for (let at = head + 1; at < lines.length; at += 1) {
    const text = textOf(lines, at);
    const outer = next.exec(text);
    if (outer !== null)
      links.unshift({
        type: outer[1] ?? '',
        message: outer[2] ?? '',
        place: { file: outer[3] ?? '', function: '' },
      });
    else if (text.trim() !== '' && !/^(?:#\d+ |Stack trace:|\s+thrown in )/.test(text)) break;
    last = at;
  }
  return { language: 'php', links, context: [], fields: '', first: head, last };
}

const rubyFrame = /^\s*(?:from |\d+: from )?(\S[^:]{0,300}?):\d+:in [`'](.{1,150})'/;

/** Ruby: `file:1:in 'm': message (Type)`, or `Type: message` above its frames. */
export function readRuby(lines: readonly Line[]): Chain | null {
  const thrown = /^(\S[^:]{0,300}?):\d+:in [`'](.{1,150}?)': (.*?) \(([A-Z][\w:]*)\)\s*$/;
  const named = /^([A-Z]\w*(?:::\w+)*)(?:: (.*)| \((.*)\):?)$/;
  let chain: Chain | null = null;
  for (let at = 0; at < lines.length; at += 1) {
    const text = textOf(lines, at);
    const first = thrown.exec(text);
    if (first !== null) {
      const [, file = '', called = '', message = '', type = ''] = first;
      const frames = [{ file, function: called }, ...framesBelow(lines, at)];
      chain = {
        language: 'ruby',
        links: [{ type, message, place: ownPlace(frames) }],
        context: [],
        fields: '',
        first: at,
        last: at + frames.length - 1,
      };
      continue;
    }
    const below = named.exec(text);
    if (below === null) continue;
    const message = [below[2] ?? below[3] ?? ''];
    let next = at + 1;
    while (next < at + 8 && textOf(lines, next).trim() !== '' && !rubyFrame.test(textOf(lines, next))) {
      message.push(textOf(lines, next).trim());
      next += 1;
    }
    if (textOf(lines, next).trim() === '') next += 1;
    if (!rubyFrame.test(textOf(lines, next))) continue;
    const frames = framesBelow(lines, next - 1);
    chain = {
      language: 'ruby',
      links: [{ type: below[1] ?? '', message: message.join('\n'), place: ownPlace(frames) }],
      context: [],
      fields: '',
      first: at,
      last: next + frames.length - 1,
    };
    at = chain.last;
  }
  return chain;
}

function framesBelow(lines: readonly Line[], at: number): Place[] {
  const frames: Place[] = [];
  for (let next = at + 1; next < lines.length; next += 1) {
    const found = rubyFrame.exec(textOf(lines, next));
    if (found === null) break;
    frames.push({ file: found[1] ?? '', function: found[2] ?? '' });
  }
  return frames;
}

/** A single line that names an exception, with no stack at all: `redis.exceptions.ConnectionError: Error 111 …`. */
export function readLone(lines: readonly Line[]): Chain | null {
  const lone =
    /(?:^|[\s:([|>])((?:[A-Za-z_$][\w$]*(?:\.|::|\\))*[A-Z][\w$]*(?:Error|Exception|Failure|Timeout|Refused|Fault|Warning))(?: \((?:0x[0-9A-Fa-f]+|\d+)\))?: (.*)$/;
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const line = lines[at];
    const found = line === undefined || line.calm ? null : lone.exec(line.text);
    if (found === null || /Warning$/.test(found[1] ?? '')) continue;
    const message = [found[2] ?? ''];
    let last = at;
    for (let next = at + 1; next < Math.min(lines.length, at + 8); next += 1) {
      const more = lines[next];
      if (
        more === undefined ||
        more.record ||
        more.text.trim() === '' ||
        !/^\s|^(?:DETAIL|HINT)/.test(more.text)
      )
        break;
      message.push(more.text.trim());
      last = next;
    }
    return {
      language: 'line',
      links: [{ type: found[1] ?? '', message: message.join('\n'), place: null }],
      context: [],
      fields: '',
      first: at,
      last,
    };
  }
  return null;
}
