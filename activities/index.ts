import { activityInfo } from '@temporalio/activity';
import type { CompiledRules } from '../domain/report/classify.ts';
import type { Embedder } from '../domain/embedding.ts';
import type { Estate } from '../domain/estate.ts';
import type { RunSettings } from '../domain/incident/state.ts';
import type { TemporalUi } from '../domain/message/temporal-link.ts';
import type { Messenger } from '../domain/message/messenger.ts';
import type { Locale } from '../domain/message/words.ts';
import type { Catalogue } from './catalogue/create-catalogue.ts';
import { createCheckApprover } from './check-approver.ts';
import { createCheckCooldown } from './check-cooldown.ts';
import { createClaimOnce } from './claim-once.ts';
import { createClassify } from './classify.ts';
import { Glances } from './containers/glances.ts';
import { Roster } from './containers/roster.ts';
import { createDrainEmbeddings } from './drain-embeddings.ts';
import { createExecuteSsh } from './execute-ssh.ts';
import type { Database } from './gateways/postgres/database.ts';
import type { Outbox } from './gateways/messaging/delivery-log.ts';
import type { ProcessNotes } from './gateways/process/orphans.ts';
import type { SshLayer } from './gateways/ssh/layer.ts';
import { createLookAtContainer, type LookInput } from './look-at-container.ts';
import { makeNonce } from './make-nonce.ts';
import { createMatchPlaybook } from './match-playbook.ts';
import { createMoveRecipient } from './move-recipient.ts';
import { createNotify } from './notify.ts';
import { createPlanLook } from './plan-look.ts';
import { createProbeCause } from './probe-cause.ts';
import { readPauses } from './read-pauses.ts';
import { createReadTask } from './read-task.ts';
import { createRecordActivities } from './records/create-record-activities.ts';
import { releaseHolds } from './release-holds.ts';
import { createRunTask } from './run-task.ts';
import { createVerify } from './verify.ts';

/** All that activities need of the outside world, opened by a worker process. */
export interface ActivityDeps {
  estate: Estate;
  /** Folder of the estate file: tasks of this machine run there. */
  estateDir: string;
  /** Notes on running tasks, by which a killed worker's are ended. */
  notes: ProcessNotes;
  rules: CompiledRules;
  settings: RunSettings;
  /** This worker's own secrets, which outputs and reports may repeat. */
  secrets: readonly string[];
  taskQueue: string;
  ssh: SshLayer;
  database: Database;
  catalogue: Catalogue;
  embedder: Embedder;
  /** Folder for records that the database refuses for good. */
  spoolDir: string;
  messenger: Messenger;
  terminal: Messenger;
  outbox: Outbox;
  locale: Locale;
  temporalUi: TemporalUi | null;
}

/** Every activity by its name. Workflows import the type only. */
export function createActivities(deps: ActivityDeps) {
  const { estate, catalogue, taskQueue } = deps;
  const recipients = () => catalogue.recipients();
  const glances = new Glances(deps);
  const roster = new Roster(deps);
  const lookAhead = (input: LookInput): void =>
    glances.begin(activityInfo().workflowExecution?.runId ?? '', input);
  return {
    classify: createClassify(deps),
    matchPlaybook: createMatchPlaybook({ estate, catalogue, readPauses, lookAhead }),
    readPauses,
    checkCooldown: createCheckCooldown({ estate, taskQueue, glances }),
    releaseHolds,
    planLook: createPlanLook({ taskQueue }),
    claimOnce: createClaimOnce({ taskQueue }),
    checkApprover: createCheckApprover({ recipients }),
    makeNonce,
    lookAtContainer: createLookAtContainer(deps),
    executeSsh: createExecuteSsh({ ...deps, roster }),
    verify: createVerify(deps),
    probeCause: createProbeCause({ ...deps, roster }),
    ...createRecordActivities(deps),
    drainEmbeddings: createDrainEmbeddings(deps),
    readTask: createReadTask(deps),
    runTask: createRunTask(deps),
    ...createNotify({
      ...deps,
      recipients,
      settings: () => (deps.messenger === deps.terminal ? { ...estate.notify, ...unlimited } : estate.notify),
    }),
    moveRecipient: createMoveRecipient(deps),
  };
}

/** A terminal takes whatever is written to it. */
const unlimited = { digestAfter: 1_000_000, groupMessagesPerMin: 1_000_000 };

export type Activities = ReturnType<typeof createActivities>;
