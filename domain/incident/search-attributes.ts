/** Custom search attributes of the Temporal UI's list, each a Keyword (contract.md). */
export const searchAttributeNames = [
  'AutoHealStatus',
  'AutoHealErrorType',
  'AutoHealPlaybook',
  'AutoHealTarget',
  'AutoHealSeverity',
  'AutoHealTask',
] as const;
