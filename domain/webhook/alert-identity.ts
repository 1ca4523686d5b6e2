import type { Digest } from './webhook.ts';

/**
 * Labels that say which of several equal Prometheus, Thanos or vmalert servers sent an alert, and nothing of what
 * it is about: `replica`, `prometheus_replica`, `__replica__`, `thanos_ruler_replica`, `replica_external_label_name`.
 */
const ofTheSender = /^_*(?:[a-z0-9]+_+)*replica(?:_+(?:id|name|external_label(?:_name)?))?_*$/i;

/**
 * Which series of its sender an alert is: equal for the alerts of two replicas, which are one failure, and
 * different where any other label differs, also where both say the same words.
 */
export const seriesOf = (
  source: string,
  labels: Readonly<Record<string, string>>,
  digest: Digest,
): string => {
  const own = Object.entries(labels)
    .filter(([name]) => !ofTheSender.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return digest(JSON.stringify([source, own]));
};
