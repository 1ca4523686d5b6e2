/**
 * The seeds, in a hurry: no cooldowns but where a test is about them, short pauses, short watches. The number of
 * attempts stays small, so that what can't be healed is escalated while the test still looks.
 */
export const quickPlaybooks: readonly string[] = [
  `UPDATE playbooks SET cooldown_min = 0, action_params = action_params
     || '{"backoffSec": 0.5, "maxBackoffSec": 1, "stableForSec": 0.5, "verifyTimeoutSec": 10}'`,
  `UPDATE playbooks SET max_retries = 3 WHERE action_type = 'DOCKER_RESTART'`,
  `UPDATE playbooks SET max_retries = 5 WHERE action_type = 'WAIT_RETRY'`,
];

/** Limits that let many heals of few targets pass: what they hold back is tested elsewhere. */
export const wideLimits = {
  restartsPerHostPer10Min: 2000,
  restartsPerEstatePer10Min: 2000,
  stormTargets: 1000,
  flappingHeals: 2000,
};
