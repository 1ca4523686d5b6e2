/* eslint-disable no-control-regex, no-misleading-character-class -- these are what is looked for */
/**
 * Text that others wrote, fit to be read by people wherever they read it: at a terminal, in a log, in Temporal, in
 * Telegram, on the web. Line ends as \n; no colours or other commands to a terminal; nothing that turns the direction
 * of reading round, or stands there unseen, and so could disguise a name.
 */
export const readable = (text: string): string =>
  isPlain.test(text)
    ? text
    : text
        .replace(terminalCommands, '')
        .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
        .replace(/\p{Surrogate}/gu, '\uFFFD')
        .replace(unseen, '');

const isPlain = /^[\t\n\x20-\x7e]*$/;

const terminalCommands =
  /[\u001b\u009b](?:\][^\u0007\u001b\n]{0,200}(?:\u0007|\u001b\\)?|\[?[0-?]*[ -/]*[@-~])/g;

const unseen =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** The same in one line: words of a requester can't look like lines of ours. */
export const inOneLine = (text: string): string => readable(text).replace(/\s+/g, ' ').trim();
