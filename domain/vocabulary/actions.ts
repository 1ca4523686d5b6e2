interface ActionRow {
  /** Its word in the decision table and in code. */
  decision: string;
  /** The rule of loop.md that takes it, and the state that an incident goes through first by it. */
  rule: 9 | 10 | 11 | 12;
  status: 'alerted' | 'waiting' | 'awaiting_approval' | 'acting';
  /** What has to be known: a container that may be touched, an allowed command, or nothing. */
  needs: 'container' | 'command' | 'nothing';
  /** Its own place may be paused, and it counts in budgets: it changes something there. */
  hasSideEffect: boolean;
  /** Whether it can end a failure: then playbooks with it are graded by how often it did. */
  cures: boolean;
  /** Whether a playbook may have it; else it is only ever asked for. */
  ofPlaybooks: boolean;
}

/**
 * Every type of action (ADR-013 A6 and A13), said once: what records call it, and how the loop deals with it. A
 * further one is a row here, and a file in workflows/heal/actions; the compiler asks for its line in the two tables
 * that carry it out and say what it would do.
 */
export const actions = {
  DOCKER_RESTART: {
    decision: 'restart',
    rule: 12,
    status: 'acting',
    needs: 'container',
    hasSideEffect: true,
    cures: true,
    ofPlaybooks: true,
  },
  SSH_CMD: {
    decision: 'diagnose',
    rule: 12,
    status: 'acting',
    needs: 'command',
    hasSideEffect: false,
    cures: false,
    ofPlaybooks: true,
  },
  ALERT_ONLY: {
    decision: 'alert',
    rule: 10,
    status: 'alerted',
    needs: 'nothing',
    hasSideEffect: false,
    cures: false,
    ofPlaybooks: true,
  },
  WAIT_RETRY: {
    decision: 'wait',
    rule: 11,
    status: 'waiting',
    needs: 'nothing',
    hasSideEffect: false,
    cures: true,
    ofPlaybooks: true,
  },
  CODE_FIX: {
    decision: 'code_fix',
    rule: 9,
    status: 'awaiting_approval',
    needs: 'nothing',
    hasSideEffect: true,
    cures: true,
    ofPlaybooks: false,
  },
} as const satisfies Record<string, ActionRow>;

type Rows = typeof actions;

/** What an incident, and each heal log, says was done. */
export type RecordedAction = keyof Rows;
/** What a playbook may do. */
export type ActionType = {
  [T in RecordedAction]: Rows[T]['ofPlaybooks'] extends true ? T : never;
}[RecordedAction];
/** The types that need this, as the compiler knows them. */
export type ActionNeeding<N extends ActionRow['needs']> = {
  [T in ActionType]: Rows[T]['needs'] extends N ? T : never;
}[ActionType];
/** The decision for a type of action. */
export type DecisionKind<T extends RecordedAction = RecordedAction> = Rows[T]['decision'];

export const recordedActions = Object.keys(actions) as RecordedAction[];
export const actionTypes = recordedActions.filter((type): type is ActionType => actions[type].ofPlaybooks);
export const curingActions = recordedActions.filter((type) => actions[type].cures);

/** The type of action that a decision takes. */
export function actionOf(kind: DecisionKind): RecordedAction {
  const found = recordedActions.find((type) => actions[type].decision === kind);
  if (found === undefined) throw new Error(`no action is decided as ${kind}`);
  return found;
}

export const needs = <N extends ActionRow['needs']>(type: ActionType, what: N): type is ActionNeeding<N> =>
  actions[type].needs === what;
