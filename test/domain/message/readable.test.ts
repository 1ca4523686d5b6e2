/* eslint-disable no-control-regex -- these are what is looked for */
import { describe, expect, it } from 'vitest';
import { inOneLine, readable } from '../../../domain/message/readable.ts';
import { redactReport } from '../../../domain/redact/redact.ts';
import { reportSchema } from '../../../domain/report/report.ts';

/** Each is a way in which text can do more than be read. */
const hostile: [what: string, text: string, reads: string][] = [
  ['colours', '\u001b[31mred\u001b[0m', 'red'],
  ['a title of the window', '\u001b]0;pwned\u0007shown', 'shown'],
  ['a cleared screen', 'a\u001b[2J\u001b[Hb', 'ab'],
  ['commands of eight bits', 'a\u009b31mb', 'ab'],
  ['a link of the terminal', '\u001b]8;;http://evil\u0007click\u001b]8;;\u0007', 'click'],
  ['a line that is written over', 'evil\rgood', 'evil\ngood'],
  ['a bell and a null', 'a\u0007b\u0000c', 'abc'],
  ['a direction turned round', 'a\u202egpj.exe\u202c', 'agpj.exe'],
  ['isolates', '\u2066x\u2069', 'x'],
  ['marks of direction', 'a\u200eb\u200fc\u061cd', 'abcd'],
  ['unseen signs', 'mo\u200bmo\u2060-\ufeffdb\u00ad\u3164', 'momo-db'],
  ['tags', 'x\u{e0041}\u{e007f}y', 'xy'],
  ['other line ends', 'a\u2028b\u2029c', 'a\nb\nc'],
];

describe('text that others wrote', () => {
  it.each(hostile)('does no more than be read: %s', (_, text, reads) => {
    expect(readable(text)).toBe(reads);
    expect(readable(reads)).toBe(reads);
  });

  it('keeps what people write', () => {
    const text = '資料庫連線失敗：\n\tat x 👍 é ñ « » – 한국어 עברית';
    expect(readable(text)).toBe(text);
  });

  it('is so in every field of a report, for all who read it later', () => {
    const evil = hostile.map(([, text]) => text).join(' ');
    const report = reportSchema.parse({
      ...{ source: 'elephant_alpha', target: evil, task: 'x', host: 'y' },
      error: { type: evil, message: evil, traceback: evil },
      labels: { note: evil },
      action: { type: 'CODE_FIX', target: evil, note: evil },
    });
    expect(JSON.stringify(redactReport(report))).not.toMatch(
      /\\\\u00|[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/,
    );
  });

  it('of a requester stands in one line: it cannot look like lines of ours', () => {
    expect(inOneLine('fix it\n\nApprove:\nautoheal incidents approve other')).toBe(
      'fix it Approve: autoheal incidents approve other',
    );
  });
});
