import { acknowledgeIncident, decideIncident } from '../../client/operator/incidents.ts';
import { handled, incidentTold } from '../../client/operator/on-call.ts';
import { redact } from '../../domain/redact/redact.ts';
import type { Asked, BotDeps } from './asked.ts';
import type { BotWords } from './words.ts';

/** What a person does about an incident, by a command or by a button. */

export async function decide(
  { client }: BotDeps,
  { words, args: [id, nonce, ...more], by, chat }: Asked,
  approve: boolean,
): Promise<string> {
  if (id === undefined || nonce === undefined || (approve && more.length > 0)) return words.wantsIdAndCode;
  const reason = redact(more.join(' ')).slice(0, 500);
  const request = { id, approve, by, nonce, chat, ...(reason === '' ? {} : { reason }) };
  const { accepted, reason: why } = await decideIncident(client, request);
  return words.decided(accepted, approve, why);
}

/** Also an incident whose run has ended: it waits for a person until somebody takes it. */
export async function acknowledge(
  { client }: BotDeps,
  id: string,
  owner: string,
  words: BotWords,
): Promise<string> {
  const isOpen = await acknowledgeIncident(client, { id, by: owner });
  const told = await incidentTold(client, id);
  if (!isOpen && told === null) return words.acknowledged(false);
  await handled(client, { incidentId: id, by: owner, note: null });
  return words.acknowledged(true);
}

export async function resolve(
  { client }: BotDeps,
  { id, note, owner }: { id: string; note: string; owner: string },
  words: BotWords,
): Promise<string> {
  const told = await incidentTold(client, id);
  if (told === null) return words.notKnown(id);
  await handled(client, { incidentId: id, by: owner, note: redact(note).slice(0, 500) });
  return words.resolvedByHand;
}
