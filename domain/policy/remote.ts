/** How a remote command ended, told apart so that each can say what to do about it (ADR-013 A5). */
export type SshFailureReason =
  | 'key_missing'
  | 'key_unreadable'
  | 'key_permissions'
  | 'key_mismatch'
  | 'host_key_unknown'
  | 'host_key_changed'
  | 'bastion_unreachable'
  | 'target_unreachable'
  | 'auth_refused'
  | 'timed_out'
  | 'connection_lost'
  | 'argument_refused'
  | 'host_unknown';

export type RemoteResult =
  | {
      kind: 'done';
      exitCode: number;
      stdout: string;
      stderr: string;
      durationMs: number;
      /** Output went over the limit and was cut. */
      truncated: boolean;
    }
  | {
      kind: 'failed';
      reason: SshFailureReason;
      /** What happened, where, in a sentence for people. */
      message: string;
      /** What to do about it. */
      advice: string;
      /** True where the command may have reached the host: its effect has to be looked up. */
      maybeRan: boolean;
      durationMs: number;
    };
