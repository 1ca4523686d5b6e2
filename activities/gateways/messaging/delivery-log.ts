import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

/**
 * One line of the outbox: what was told to whom, as it went. `sending` is written before a message is handed
 * over, so that a worker that dies in between leaves a trace; `maybe_duplicate` stands for a delivery after an
 * earlier try whose answer was lost, the only case in which a message may be there twice.
 */
const outboxEntrySchema = z.object({
  at: z.string(),
  noticeId: z.string(),
  chatId: z.string(),
  /** The notice's kind. */
  kind: z.string(),
  messageId: z.number().nullable(),
  result: z.enum(['sending', 'sent', 'maybe_duplicate', 'refused', 'retry', 'unknown']),
  detail: z.string().optional(),
});
export type OutboxEntry = z.infer<typeof outboxEntrySchema>;

/** How a notice stands for one chat, by the last line about it. */
interface OutboxState {
  result: OutboxEntry['result'];
  messageId: number | null;
  /** When that line was written, in ms of the epoch; NaN where it doesn't say. */
  atMs: number;
  /** An earlier try may have been delivered. */
  answerLost: boolean;
}

/** Never throws: a full disk must not keep a message from people. What can't be written is kept in memory. */
export interface Outbox {
  append: (entry: OutboxEntry) => Promise<void>;
  /** Null where the notice was never handed over to this chat. */
  stateOf: (noticeId: string, chatId: string) => Promise<OutboxState | null>;
}

const LINE_FEED = 0x0a;

const keyOf = (noticeId: string, chatId: string) => JSON.stringify([noticeId, chatId]);

const next = (before: OutboxState | undefined, { at, result, messageId }: OutboxEntry): OutboxState => {
  const lost = before?.answerLost ?? false;
  // Two `sending` in a row: the process died between handing over and noting the answer.
  const answerLost = lost || result === 'unknown' || (result === 'sending' && before?.result === 'sending');
  return { result, messageId, atMs: Date.parse(at), answerLost };
};

const parseLine = (line: string): OutboxEntry | null => {
  if (line.trim() === '') return null;
  try {
    return outboxEntrySchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
};

/** Appends a line, closing first the one that a crash may have torn. */
const writeLine = async (file: string, line: string): Promise<void> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'a+', 0o600);
  try {
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    const torn = size > 0 && last[0] !== LINE_FEED;
    await handle.appendFile(`${torn ? '\n' : ''}${line}\n`);
  } finally {
    await handle.close();
  }
};

/** The whole lines from `offset` on, and where the next look begins. */
const readFrom = async (file: string, offset: number): Promise<{ lines: string[]; offset: number }> => {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    // Shorter than before: someone has emptied it or put it aside.
    const start = size < offset ? 0 : offset;
    const bytes = Buffer.alloc(size - start);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
    const end = bytes.subarray(0, bytesRead).lastIndexOf(LINE_FEED) + 1;
    return { lines: bytes.subarray(0, end).toString('utf8').split('\n'), offset: start + end };
  } finally {
    await handle.close();
  }
};

/**
 * Opens the outbox (`<home>/outbox.jsonl`, owner-readable only). Workers that share a state folder share it: each
 * look reads what has been appended since the last one.
 * @param onTrouble told once for each line that could not be written
 */
export const openOutbox = (file: string, onTrouble: (message: string) => void = () => undefined): Outbox => {
  const states = new Map<string, OutboxState>();
  let offset = 0;
  let turn: Promise<unknown> = Promise.resolve();
  /** One at a time: looks move the offset, and lines must not mix. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };
  const note = (entry: OutboxEntry) => {
    const key = keyOf(entry.noticeId, entry.chatId);
    states.set(key, next(states.get(key), entry));
  };
  return {
    append: (entry) =>
      inTurn(async () => {
        try {
          await writeLine(file, JSON.stringify(entry));
        } catch (error) {
          note(entry);
          onTrouble(
            `The outbox ${file} takes no lines (${String(error)}); kept in memory only. Free the disk.`,
          );
        }
      }),
    stateOf: (noticeId, chatId) =>
      inTurn(async () => {
        const seen = await readFrom(file, offset).catch(() => ({ lines: [], offset }));
        offset = seen.offset;
        for (const line of seen.lines) {
          const entry = parseLine(line);
          if (entry !== null) note(entry);
        }
        return states.get(keyOf(noticeId, chatId)) ?? null;
      }),
  };
};
