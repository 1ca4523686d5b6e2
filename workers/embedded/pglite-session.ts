import type { Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';

/**
 * One client of the embedded database. PGlite is a single PostgreSQL session, and a client's messages belong
 * together (Parse, Bind, Execute, Sync; BEGIN … COMMIT): whoever has begun holds the session until the server says
 * that it is idle again. Letting messages of two clients mix, as a queue per message does, answers one client with
 * another's rows.
 */
export interface SessionOwner {
  /** Resolves with the function that hands the session on. First come, first served. */
  acquire(): Promise<() => void>;
  /** Told when the database itself is broken, not a statement: nothing can be served any more. */
  onBroken(error: unknown): void;
}

/** Longer pauses inside a transaction would hold up everyone else. */
const idleInTransactionMs = 30_000;
const sslRequests = [80877103, 80877104];
const cancelRequest = 80877102;
const sync = Uint8Array.of(0x53, 0, 0, 0, 4);

export function serveSession(db: PGlite, socket: Socket, owner: SessionOwner): void {
  let pending = Buffer.alloc(0);
  let started = false;
  let handOn: (() => void) | null = null;
  let work: Promise<void> = Promise.resolve();
  let idleTimer: NodeJS.Timeout | undefined;

  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    work = work.then(serveWhatIsComplete).catch(fail);
  });
  socket.on('close', () => {
    work = work.then(leave).catch(fail);
  });

  async function serveWhatIsComplete(): Promise<void> {
    for (let message = takeMessage(); message !== null; message = takeMessage()) {
      if (socket.destroyed) return;
      if (!started && sslRequests.includes(message.readInt32BE(4))) {
        socket.write('N');
      } else if (!started && message.readInt32BE(4) === cancelRequest) {
        socket.end();
      } else if (started && message[0] === 0x58) {
        socket.end();
      } else {
        started = true;
        await pass(message);
      }
    }
  }

  async function pass(message: Buffer): Promise<void> {
    clearTimeout(idleTimer);
    handOn ??= await owner.acquire();
    if (socket.destroyed) return;
    const answer = await db.execProtocolRaw(message);
    if (!socket.destroyed && answer.length > 0) socket.write(answer);
    if (endsIdle(answer)) release();
    else idleTimer = setTimeout(() => socket.destroy(), idleInTransactionMs);
  }

  /** The client is gone: what it was in the middle of is rolled back before anyone else may speak. */
  async function leave(): Promise<void> {
    clearTimeout(idleTimer);
    if (handOn === null) return;
    await db.execProtocolRaw(sync);
    if (db.isInTransaction()) await db.execProtocolRaw(simpleQuery('ROLLBACK'));
    release();
  }

  function release(): void {
    handOn?.();
    handOn = null;
  }

  function fail(error: unknown): void {
    socket.destroy();
    owner.onBroken(error);
  }

  /** The next whole message, type byte included; the first ones of a connection have none. */
  function takeMessage(): Buffer | null {
    const header = started ? 1 : 0;
    if (pending.length < header + 4) return null;
    const length = header + pending.readInt32BE(header);
    if (length < header + 4 || pending.length < length || (!started && length < 8)) return null;
    const message = pending.subarray(0, length);
    pending = pending.subarray(length);
    return message;
  }
}

/** `ReadyForQuery` with the status "idle" is the last thing that the server says when a client is done. */
function endsIdle(answer: Uint8Array): boolean {
  const tail = answer.subarray(-6);
  return tail[0] === 0x5a && tail[4] === 5 && tail[5] === 0x49;
}

function simpleQuery(sql: string): Uint8Array {
  const text = Buffer.from(`${sql}\0`);
  const message = Buffer.alloc(5 + text.length);
  message.write('Q', 0);
  message.writeInt32BE(4 + text.length, 1);
  text.copy(message, 5);
  return message;
}
