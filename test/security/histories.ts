import { Connection } from '@temporalio/client';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { dataConverterOf } from '../../client/payload-codec.ts';
import type { World } from '../support/world.ts';

/** Everything that Temporal keeps of one run, as text. */
export interface KeptHistory {
  workflowId: string;
  /** As the server has it, payloads included. */
  raw: string;
  /** The same with the codec's payloads opened; equal to `raw` where there is no codec. */
  opened: string;
}

type Scope = Pick<World, 'config' | 'namespace'>;

/** The histories, memos, summaries and search attributes of every run in the world's namespace. */
export async function allHistories({ config, namespace }: Scope): Promise<KeptHistory[]> {
  const connection = await Connection.connect({ address: config.TEMPORAL_ADDRESS ?? '' });
  const codec = dataConverterOf(config).dataConverter?.payloadCodecs?.[0] ?? null;
  const { workflowService } = connection;
  try {
    const listed = await pages((token) =>
      workflowService.listWorkflowExecutions({ namespace, pageSize: 500, ...token }),
    );
    const executions = listed
      .flatMap((page) => page.executions ?? [])
      .map(({ execution }) => execution ?? null);
    const kept: KeptHistory[] = [];
    for (const execution of executions) {
      const described = await workflowService.describeWorkflowExecution({ namespace, execution });
      const history = await pages((token) =>
        workflowService.getWorkflowExecutionHistory({ namespace, execution, ...token }),
      );
      const parts = [described, history];
      const raw = await textOf(parts, null);
      const opened = codec === null ? raw : await textOf(parts, codec);
      kept.push({ workflowId: execution?.workflowId ?? '', raw, opened });
    }
    return kept;
  } finally {
    await connection.close();
  }
}

async function pages<P extends { nextPageToken?: Uint8Array | null }>(
  ask: (token: { nextPageToken?: Uint8Array }) => Promise<P>,
): Promise<P[]> {
  const found: P[] = [];
  for (let token = {}; ;) {
    const page = await ask(token);
    found.push(page);
    if (!page.nextPageToken?.length) return found;
    token = { nextPageToken: page.nextPageToken };
  }
}

/** All texts and bytes in a protobuf message, one a line; payloads through the codec where one is given. */
async function textOf(value: unknown, codec: PayloadCodec | null): Promise<string> {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (typeof value !== 'object' || value === null) return '';
  if (codec !== null && 'metadata' in value && 'data' in value) {
    return textOf(await codec.decode([value as Payload]), null);
  }
  const parts = await Promise.all(
    Object.entries(value).map(async ([key, part]) => `${key}: ${await textOf(part, codec)}`),
  );
  return parts.join('\n');
}
