/** The part of the configuration (contract.md, Environment) that a caller needs. */
export interface Settings {
  /** The state folder. */
  home: string;
  estateFile: string | null;
  embeddedTemporal: boolean;
  TEMPORAL_ADDRESS?: string | undefined;
  TEMPORAL_API_KEY?: string | undefined;
  TEMPORAL_NAMESPACE: string;
  AUTOHEAL_TASK_QUEUE: string;
  AUTOHEAL_PLAYBOOKS?: string | undefined;
  AUTOHEAL_CODEC_KEY?: string | undefined;
}
