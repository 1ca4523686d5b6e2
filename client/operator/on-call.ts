import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Notice } from '../../domain/message/notice.ts';
import type { Line } from '../../domain/on-call/state.ts';
import { onCallWorkflowId, workflowTypes } from '../../domain/workflow-ids.ts';
import {
  cardQuery,
  handledSignal,
  incidentQuery,
  muteSignal,
  pendingQuery,
  waitingQuery,
  type Handling,
  type Waiting,
} from '../../workflows/on-call/messages.ts';
import { callTemporal } from '../delivery/call-temporal.ts';

const timeoutMs = 10_000;

const calling = <T>(client: Client, ask: () => Promise<T>, nothing: T): Promise<T> =>
  callTemporal(
    client,
    async () => {
      try {
        return await ask();
      } catch (error) {
        // Nobody was ever told anything.
        if (error instanceof WorkflowNotFoundError) return nothing;
        throw error;
      }
    },
    Date.now() + timeoutMs,
  );

const onCall = (client: Client) => client.workflow.getHandle(onCallWorkflowId);

/** What waits for a person, the most urgent first. @throws DeliveryProblem */
export const listWaiting = (client: Client): Promise<Waiting[]> =>
  calling(client, () => onCall(client).query(waitingQuery), []);

/** How many messages are still to be handed over. @throws DeliveryProblem */
export const pendingMessages = (client: Client): Promise<{ messages: number; oldestMs: number | null }> =>
  calling(client, () => onCall(client).query(pendingQuery), { messages: 0, oldestMs: null });

/** An incident as people were told of it; null where nobody was, or long ago. @throws DeliveryProblem */
export const incidentTold = (client: Client, id: string): Promise<Notice | Line | null> =>
  calling(client, () => onCall(client).query(incidentQuery, id), null);

/** The incident whose card this message is. @throws DeliveryProblem */
export const cardAt = (
  client: Client,
  at: { chatId: string; messageId: number },
): Promise<Notice | Line | null> => calling(client, () => onCall(client).query(cardQuery, at), null);

/** A person took it over, or says that it is done: its cards say so, and reminders stop. @throws DeliveryProblem */
export const handled = (client: Client, handling: Handling): Promise<void> =>
  calling(client, () => onCall(client).signal(handledSignal, handling), undefined);

/** Nothing quiet is sent to this chat until then. @throws DeliveryProblem */
export const mute = (
  client: Client,
  taskQueue: string,
  muted: { chatId: string; untilMs: number },
): Promise<void> =>
  callTemporal(
    client,
    async () => {
      await client.workflow.signalWithStart(workflowTypes.onCall, {
        workflowId: onCallWorkflowId,
        taskQueue,
        signal: muteSignal,
        signalArgs: [muted],
      });
    },
    Date.now() + timeoutMs,
  );
