/** The exception that a traceback ends in: of a chain, the last one printed. */
export interface TracebackEnd {
  type: string;
  message: string;
  language: 'python' | 'node' | 'java';
}

/** Only the end is read: output before it can be of any length. */
const tailLength = 32_768;
const maxMessageLines = 6;

const pythonStart = 'Traceback (most recent call last):';
/** `psycopg2.OperationalError: text`, `KeyboardInterrupt`; in an exception group after `  | `. */
const pythonEnd = /^(?:\s*[|+][ -]*)?([A-Za-z_][\w.]{0,200})(?:: (.*))?$/;
const frame = /^\s+at [^\s]/;
const exceptionLine =
  /^\s*(Caused by: |\[cause\]: |Uncaught:? |Exception in thread "[^"]{0,100}" )?((?:[A-Za-z_$][\w$]*\.)*[A-Z][\w$]*)(?: \[[A-Z_0-9]+\])?(?:: (.*))?$/;
const exceptionWord = /(?:Error|Exception|Throwable|Failure|Timeout|Rejection|Fault)$/;

/**
 * Reads type and message of the last exception in a Python, Node or Java traceback, as they are printed ("During
 * handling of the above exception…", `[cause]:`, "Caused by:"), anywhere in a program's output. Null where the
 * text holds none.
 */
export function readTraceback(text: string): TracebackEnd | null {
  const lines = text.slice(-tailLength).split(/\r\n|\n|\r/);
  const python = lines.findLastIndex((line) => line.includes(pythonStart));
  const stack = findLastStackHeader(lines);
  if (python > (stack ?? -1)) return readPython(lines, python);
  return stack === null ? null : readStack(lines, stack);
}

function readPython(lines: string[], start: number): TracebackEnd | null {
  const isGroup = /^\s*[|+]/.test(lines[start] ?? '');
  for (let at = start + 1; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (!isGroup && /^(?:\s|$)/.test(line)) continue;
    const end = pythonEnd.exec(line);
    if (end !== null) return finish(lines, at, end[1] ?? '', end[2] ?? '', 'python');
    if (!isGroup) return null;
  }
  return null;
}

/** The last line that names an exception and is followed, within a few lines of message, by stack frames. */
function findLastStackHeader(lines: string[]): number | null {
  let framesBelow = Infinity;
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const line = lines[at] ?? '';
    if (frame.test(line)) {
      framesBelow = at;
      continue;
    }
    const header = exceptionLine.exec(line);
    if (header === null) continue;
    const chained = /cause/i.test(header[1] ?? '');
    const near = framesBelow - at <= maxMessageLines;
    // A chained cause may be printed without frames of its own (`... 12 more`).
    if (chained || (near && isException(header))) return at;
  }
  return null;
}

function isException(header: RegExpExecArray): boolean {
  return header[1] !== undefined || exceptionWord.test(header[2] ?? '') || (header[2] ?? '').includes('.');
}

function readStack(lines: string[], at: number): TracebackEnd {
  const header = exceptionLine.exec(lines[at] ?? '');
  const type = header?.[2] ?? '';
  const isJava = type.includes('.') || /^Caused by|^Exception in thread/.test(lines[at] ?? '');
  return finish(lines, at, type, header?.[3] ?? '', isJava ? 'java' : 'node');
}

/** The message goes on over the lines below it, up to a blank line, a frame or the next part of the chain. */
function finish(
  lines: string[],
  at: number,
  type: string,
  first: string,
  language: TracebackEnd['language'],
): TracebackEnd {
  const message = [first];
  for (const line of lines.slice(at + 1, at + maxMessageLines)) {
    const ends =
      line.trim() === '' ||
      frame.test(line) ||
      exceptionLine.test(line) ||
      /^\s*(?:[|+}\]]|\.\.\. )/.test(line);
    if (ends || line.includes(pythonStart)) break;
    message.push(line.trim());
  }
  // Node prints an error's own fields in braces behind its stack.
  const joined = message.join('\n').replace(/ \{$/, '').trim();
  return { type, message: joined, language };
}
